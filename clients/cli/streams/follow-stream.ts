import { setTimeout as sleep } from 'node:timers/promises';
import { errorOf, PosthornProblem } from '../../typescript/problem.ts';
import { isPassingStatus } from '../../typescript/retrying-fetch.ts';
import type { Session } from '../session.ts';

/** A message of a stream, its data read as JSON. */
export interface StreamMessage {
  readonly event: string;
  readonly data: unknown;
}

/** Which stream, and who hears how the connection fares. */
export interface FollowOptions {
  readonly query?: Readonly<Record<string, string | undefined>>;
  /** Ends it; Ctrl-C does where it is absent. */
  readonly signal?: AbortSignal;
  readonly onConnected?: () => void;
  /** Called once a connection is lost, with what there is to say about it. */
  readonly onLost?: (reason: string) => void;
}

/** The server gives a sign of life every 15 seconds. */
const SIGN_OF_LIFE_WITHIN_MS = 35_000;
const FIRST_RECONNECT_MS = 250;
const LONGEST_RECONNECT_MS = 10_000;

/**
 * The messages of a stream of the API, for as long as they are asked for: where the connection breaks it is made anew,
 * and goes on after the last message that arrived.
 * @throws PosthornProblem where the API refuses
 */
export async function* followStream(
  session: Session,
  path: string,
  options: FollowOptions = {},
): AsyncGenerator<StreamMessage> {
  const { onConnected = () => {}, onLost = () => {} } = options;
  const signal = options.signal ?? session.io.signal;
  const stream = new Stream(session, { url: urlOf(session, path, options.query ?? {}), signal });
  for (let pauseMs = FIRST_RECONNECT_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_RECONNECT_MS)) {
    let reason = 'the connection ended';
    try {
      await stream.connect();
      pauseMs = FIRST_RECONNECT_MS;
      onConnected();
      yield* stream.messages();
      signal.throwIfAborted();
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof PosthornProblem && !isPassingStatus(error.status)) throw error;
      reason = error instanceof PosthornProblem ? error.message : 'network';
    } finally {
      stream.disconnect();
    }
    onLost(reason);
    await sleep(pauseMs, undefined, { signal });
  }
}

class Stream {
  readonly #session: Session;
  readonly #url: URL;
  #lastEventId: string | null = null;
  #ending = new AbortController();
  #reader: ReadableStreamDefaultReader<Uint8Array> | null = null;
  #silence: NodeJS.Timeout | undefined;

  constructor(session: Session, { url, signal }: { readonly url: URL; readonly signal: AbortSignal }) {
    this.#session = session;
    this.#url = url;
    signal.addEventListener('abort', () => this.#end(), { once: true });
  }

  async connect(): Promise<void> {
    const { access, options, output } = this.#session;
    const { key } = access;
    this.#ending = new AbortController();
    this.#waitForSigns();
    const response = await fetch(this.#url, {
      redirect: 'error',
      signal: this.#ending.signal,
      headers: {
        Accept: 'text/event-stream',
        ...(key !== null && { Authorization: `Bearer ${key}` }),
        ...(this.#lastEventId !== null && { 'Last-Event-ID': this.#lastEventId }),
      },
    });
    if (options.verbose === true)
      output.note(`GET ${this.#url.href} ${response.status} ${response.headers.get('x-request-id')}`);
    if (!response.ok) throw await errorOf(response);
    this.#reader = response.body?.getReader() ?? null;
  }

  disconnect(): void {
    clearTimeout(this.#silence);
    this.#end();
  }

  async *messages(): AsyncGenerator<StreamMessage> {
    const { createParser } = await import('eventsource-parser');
    const arrived: StreamMessage[] = [];
    const parser = createParser({
      onEvent: ({ id, event = 'message', data }) => {
        if (id !== undefined) this.#lastEventId = id;
        arrived.push({ event, data: JSON.parse(data) });
      },
    });
    const decoder = new TextDecoder();
    for (;;) {
      const { done = true, value } = (await this.#reader?.read()) ?? {};
      if (done) return;
      this.#waitForSigns();
      parser.feed(decoder.decode(value, { stream: true }));
      yield* arrived.splice(0);
    }
  }

  /** What has given no sign of life for long is at its end. */
  #waitForSigns(): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#end(), SIGN_OF_LIFE_WITHIN_MS);
  }

  /** The signal of a request does not reach far: a body that is being read has to be cancelled. */
  #end(): void {
    this.#ending.abort();
    void this.#reader?.cancel().catch(() => {});
    this.#reader = null;
  }
}

function urlOf(session: Session, path: string, query: Readonly<Record<string, string | undefined>>): URL {
  const url = new URL(session.access.url + path);
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) url.searchParams.set(name, value);
  return url;
}
