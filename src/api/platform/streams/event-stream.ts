import { Readable } from 'node:stream';

/** A message of a stream, as `text/event-stream` has it; `data` becomes JSON. */
export interface StreamMessage {
  readonly event: string;
  readonly data: unknown;
  /** What a reader that comes back shows as `Last-Event-ID`. */
  readonly id?: string;
}

/** The media type of server-sent events. */
export const EVENT_STREAM = 'text/event-stream';

/** What a reader may leave unread; one that is slower is cut, and can come back with its `Last-Event-ID`. */
const MAX_UNREAD_BYTES = 1_048_576;

/**
 * Server-sent events for one reader (WHATWG HTML, 9.2). Whoever writes need not wait: a reader that falls far behind is
 * cut.
 */
export class EventStream extends Readable {
  /** Aborted once the stream is over, from either side. */
  readonly over: AbortSignal;
  readonly #over = new AbortController();

  constructor() {
    super({ highWaterMark: MAX_UNREAD_BYTES });
    this.over = this.#over.signal;
  }

  /** Writes one message. */
  send({ event, data, id }: StreamMessage): void {
    const lines = [...(id === undefined ? [] : [`id: ${id}`]), `event: ${event}`];
    this.#write(`${lines.join('\n')}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  /** Writes what readers pass over, so that connections between us and them are not taken for dead. */
  beat(): void {
    this.#write(':\n\n');
  }

  /** Ends it once what was written is read. */
  end(): void {
    if (!this.destroyed && !this.readableEnded) this.push(null);
    this.#over.abort();
  }

  override _read(): void {}

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#over.abort();
    done(error);
  }

  #write(text: string): void {
    if (this.over.aborted) return;
    if (!this.push(text)) this.destroy();
  }
}
