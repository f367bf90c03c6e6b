import { TransportFault } from '../transport-fault.ts';
import { AnswerHead } from './answer-head.ts';
import { ChunkedBody } from './chunked-body.ts';
import { LineReader } from './line-reader.ts';

/** Status lines and headers together, those of interim answers too; likewise what frames the chunks of a body. */
const MAX_FRAMING_BYTES = 1024 * 1024;

/** What an answer came to; each is told once at most, in this order but for `onBody`. */
export interface AnswerListener {
  /** The final answer's head; `isWhole` is false where it has more headers than are read, and then nothing follows. */
  readonly onHead: (head: AnswerHead, isWhole: boolean) => void;
  /** A piece of the body, which may be reused after the call. */
  readonly onBody: (data: Buffer) => void;
  readonly onComplete: () => void;
}

/** Thrown where a receiver sends framing without end. Reading on costs time and tells nothing. */
export class FramingFlood extends Error {
  override readonly name = 'FramingFlood';
}

type Part = 'status_line' | 'headers' | 'length' | 'chunks' | 'until_close' | 'over';

/**
 * Reads the answer to one request from the bytes of its connection, after any number of interim ones (RFC 9110, 15.2),
 * and tells when it is complete. It is as lenient as RFC 9112 allows, except where two readers might find different
 * ends.
 */
export class AnswerReader {
  readonly #listener: AnswerListener;
  readonly #lines = new LineReader();
  readonly #chunks: ChunkedBody;
  #part: Part = 'status_line';
  #head = new AnswerHead();
  #headBytes = 0;
  #bodyBytesLeft = 0;
  #hasBegun = false;
  #hasSurplus = false;

  constructor(listener: AnswerListener) {
    this.#listener = listener;
    this.#chunks = new ChunkedBody((data) => listener.onBody(data));
  }

  /** Whether anything at all has come. */
  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  /** Whether more came than the answer, so that nobody can tell what the rest belongs to. */
  get hasSurplus(): boolean {
    return this.#hasSurplus;
  }

  /** @throws TransportFault for what is no HTTP, FramingFlood */
  read(chunk: Buffer): void {
    this.#hasBegun = true;
    let at = 0;
    while (at < chunk.length && this.#part !== 'over') at = this.#step(chunk, at);
    this.#hasSurplus ||= at < chunk.length;
  }

  /** The connection has ended, with everything read. @returns whether that completes the answer */
  end(): boolean {
    // The verdict has come, and no more of the head will: curl takes that, too.
    if (this.#part === 'headers' && this.#head.statusCode >= 200 && !this.#lines.isUnfinished)
      this.#endHead();
    if (this.#part === 'until_close') this.#complete();
    return this.#part === 'over';
  }

  #step(chunk: Buffer, at: number): number {
    switch (this.#part) {
      case 'status_line':
      case 'headers':
        return this.#readHead(chunk, at);
      case 'length':
        return this.#readBytes(chunk, at);
      case 'chunks':
        return this.#readChunks(chunk, at);
      case 'until_close':
        this.#listener.onBody(chunk.subarray(at));
        return chunk.length;
      case 'over':
        return at;
    }
  }

  #readHead(chunk: Buffer, at: number): number {
    const next = this.#lines.read(chunk, at);
    this.#headBytes += (next < 0 ? chunk.length : next) - at;
    if (this.#headBytes > MAX_FRAMING_BYTES) {
      this.#giveUpHead();
      return chunk.length;
    }
    if (next >= 0) this.#takeLine(this.#lines.line);
    else if (this.#part === 'status_line') requireHttp(this.#lines.beginning(HTTP.length));
    return next < 0 ? chunk.length : next;
  }

  #takeLine(line: string): void {
    if (this.#part === 'status_line') {
      // Blank lines before it come from bodies of earlier answers that were longer than they said; others skip them,
      // too.
      if (line === '') return;
      this.#head.addStatusLine(line);
      this.#part = 'headers';
    } else if (line === '') this.#endHead();
    else if (line.startsWith(' ') || line.startsWith('\t')) this.#head.addFold(line);
    else this.#head.addHeaderLine(line);
  }

  #endHead(): void {
    const head = this.#head;
    if (head.statusCode === SWITCHING_PROTOCOLS) {
      throw new TransportFault(
        'response_malformed',
        'The answer switches protocols, and nobody asked for that',
      );
    }
    if (head.statusCode < 200) {
      this.#head = new AnswerHead();
      this.#part = 'status_line';
      return;
    }
    const framing = head.framing();
    this.#listener.onHead(head, true);
    if (framing.kind === 'chunked') this.#part = 'chunks';
    else if (framing.kind === 'until_close') this.#part = 'until_close';
    else {
      this.#part = 'length';
      this.#bodyBytesLeft = framing.bytes;
      if (framing.bytes === 0) this.#complete();
    }
  }

  #giveUpHead(): void {
    if (this.#head.statusCode < 200) throw new FramingFlood('Interim answers without end');
    this.#part = 'over';
    this.#hasSurplus = true;
    this.#listener.onHead(this.#head, false);
  }

  #readBytes(chunk: Buffer, at: number): number {
    const end = Math.min(chunk.length, at + this.#bodyBytesLeft);
    this.#bodyBytesLeft -= end - at;
    this.#listener.onBody(chunk.subarray(at, end));
    if (this.#bodyBytesLeft === 0) this.#complete();
    return end;
  }

  #readChunks(chunk: Buffer, at: number): number {
    const end = this.#chunks.read(chunk, at);
    if (this.#chunks.isOver) this.#complete();
    else if (this.#chunks.framingBytes > MAX_FRAMING_BYTES) throw new FramingFlood('Framing without end');
    return end;
  }

  #complete(): void {
    this.#part = 'over';
    this.#listener.onComplete();
  }
}

const SWITCHING_PROTOCOLS = 101;
const HTTP = 'http/';

/** Says so at once where somebody speaks another protocol, instead of waiting for the end of its line. */
function requireHttp(beginning: string): void {
  const begun = beginning.toLowerCase();
  if (begun === HTTP.slice(0, begun.length) || begun === '\r') return;
  throw new TransportFault('response_malformed', 'The answer is not valid HTTP: it has no HTTP status line');
}
