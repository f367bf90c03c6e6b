import { TransportFault } from '../transport-fault.ts';

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
/** Sizes up to 2^52: more is no number to JavaScript, and no body. */
const MAX_SIZE_DIGITS = 13;

type Place = 'size' | 'extension' | 'data' | 'data_end' | 'trailer' | 'over';

/** Takes a chunked body (RFC 9112, 7.1) apart. Extensions and trailers are passed over; nothing of them is kept. */
export class ChunkedBody {
  readonly #onData: (data: Buffer) => void;
  #place: Place = 'size';
  #size = 0;
  #digits = 0;
  #trailerLength = 0;
  #framingBytes = 0;

  constructor(onData: (data: Buffer) => void) {
    this.#onData = onData;
  }

  get isOver(): boolean {
    return this.#place === 'over';
  }

  /** Bytes so far that were no data. */
  get framingBytes(): number {
    return this.#framingBytes;
  }

  /** Takes bytes from `from` on until they or the body end. @returns where it stopped. @throws TransportFault */
  read(chunk: Buffer, from: number): number {
    let at = from;
    while (at < chunk.length && this.#place !== 'over') {
      const isFraming = this.#place !== 'data';
      const next = this.#step(chunk, at);
      if (isFraming) this.#framingBytes += next - at;
      at = next;
    }
    return at;
  }

  #step(chunk: Buffer, at: number): number {
    switch (this.#place) {
      case 'size':
        return this.#readSize(chunk[at] ?? 0, at);
      case 'extension':
        return this.#skipLine(chunk, at, () => this.#beginData());
      case 'data':
        return this.#readData(chunk, at);
      case 'data_end':
        return this.#endData(chunk[at] ?? 0, at);
      case 'trailer':
        return this.#readTrailer(chunk, at);
      case 'over':
        return at;
    }
  }

  #readSize(byte: number, at: number): number {
    const digit = HEX_DIGITS.indexOf(String.fromCharCode(byte).toLowerCase());
    if (digit >= 0 && this.#digits < MAX_SIZE_DIGITS) {
      this.#size = this.#size * 16 + digit;
      this.#digits += 1;
      return at + 1;
    }
    if (this.#digits === 0 || !ENDS_OF_SIZE.includes(byte)) throw broken('a chunk has no size');
    this.#place = 'extension';
    return at;
  }

  #skipLine(chunk: Buffer, at: number, onEnd: () => void): number {
    const end = chunk.indexOf(LINE_FEED, at);
    if (end < 0) return chunk.length;
    onEnd();
    return end + 1;
  }

  #beginData(): void {
    this.#place = this.#size === 0 ? 'trailer' : 'data';
    this.#trailerLength = 0;
  }

  #readData(chunk: Buffer, at: number): number {
    const end = Math.min(chunk.length, at + this.#size);
    this.#size -= end - at;
    this.#onData(chunk.subarray(at, end));
    if (this.#size === 0) this.#place = 'data_end';
    return end;
  }

  #endData(byte: number, at: number): number {
    if (byte === LINE_FEED) {
      this.#place = 'size';
      this.#digits = 0;
    } else if (byte !== CARRIAGE_RETURN) throw broken('a chunk is longer than its size');
    return at + 1;
  }

  /** A line of nothing ends them all. */
  #readTrailer(chunk: Buffer, at: number): number {
    const end = chunk.indexOf(LINE_FEED, at);
    const stop = end < 0 ? chunk.length : end;
    for (let place = at; place < stop && this.#trailerLength === 0; place += 1)
      if (chunk[place] !== CARRIAGE_RETURN) this.#trailerLength = 1;
    if (end < 0) return stop;
    if (this.#trailerLength === 0) this.#place = 'over';
    this.#trailerLength = 0;
    return end + 1;
  }
}

const HEX_DIGITS = '0123456789abcdef';
/** What may stand behind a size: CR, LF, a blank, a tab, a semicolon. */
const ENDS_OF_SIZE: readonly number[] = [CARRIAGE_RETURN, LINE_FEED, 0x20, 0x09, 0x3b];

function broken(why: string): TransportFault {
  return new TransportFault('response_incomplete', `The body is not valid HTTP: ${why}`);
}
