import { type EventSourceMessage, EventSourceParserStream } from 'eventsource-parser/stream';

/** A stream of server-sent events that is being read. */
export interface OpenStream {
  readonly status: number;
  readonly headers: Headers;
  /** What has come so far. */
  readonly messages: readonly EventSourceMessage[];
  /** Comments that have come so far, which are nothing but signs of life. */
  readonly beats: () => number;
  /** Resolves once the server ends it, or it is closed here. */
  readonly ended: Promise<void>;
  close(): void;
}

/** Opens a stream with a key. */
export async function openStream(
  url: string,
  { key, lastEventId }: { readonly key: string; readonly lastEventId?: string | undefined },
): Promise<OpenStream> {
  const closing = new AbortController();
  const response = await fetch(url, {
    signal: closing.signal,
    headers: {
      Authorization: `Bearer ${key}`,
      ...(lastEventId !== undefined && { 'Last-Event-ID': lastEventId }),
    },
  });
  const messages: EventSourceMessage[] = [];
  let beats = 0;
  const onComment = (): void => {
    beats += 1;
  };
  const { body } = response;
  const parsed = body
    ?.pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream({ onComment }));
  const read = async (): Promise<void> => {
    for await (const message of parsed ?? []) messages.push(message);
  };
  return {
    status: response.status,
    headers: response.headers,
    messages,
    beats: () => beats,
    ended: read().catch(() => {}),
    close: () => closing.abort(),
  };
}
