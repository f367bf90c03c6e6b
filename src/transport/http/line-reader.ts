const FIRST_CAPACITY = 1_024;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * Cuts a stream of bytes into lines, which end with LF or CR LF (RFC 9112, 2.2). However small the pieces are that a
 * line comes in, every byte is looked at once and copied a few times at most.
 */
export class LineReader {
  #rest = Buffer.alloc(0);
  #length = 0;
  #line = '';

  /** The line that `read` completed, without its end, as Latin-1. */
  get line(): string {
    return this.#line;
  }

  /** Whether a line has begun whose end has not come. */
  get isUnfinished(): boolean {
    return this.#length > 0;
  }

  /** At most so many characters of that line. */
  beginning(maxLength: number): string {
    return this.#rest.toString('latin1', 0, Math.min(maxLength, this.#length));
  }

  /** Where the bytes after the line that begins at `from` are; -1 where its end has not come, its bytes being kept. */
  read(chunk: Buffer, from: number): number {
    const end = chunk.indexOf(LINE_FEED, from);
    if (end < 0 || this.#length > 0) this.#keep(chunk, from, end < 0 ? chunk.length : end);
    if (end < 0) return -1;
    if (this.#length === 0) this.#line = lineOf(chunk, from, end);
    else this.#line = lineOf(this.#rest, 0, this.#length);
    this.#length = 0;
    return end + 1;
  }

  #keep(chunk: Buffer, from: number, to: number): void {
    const length = this.#length + to - from;
    if (length > this.#rest.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(FIRST_CAPACITY, 2 * length));
      this.#rest.copy(larger, 0, 0, this.#length);
      this.#rest = larger;
    }
    chunk.copy(this.#rest, this.#length, from, to);
    this.#length = length;
  }
}

function lineOf(bytes: Buffer, from: number, end: number): string {
  const hasReturn = end > from && bytes[end - 1] === CARRIAGE_RETURN;
  return bytes.toString('latin1', from, hasReturn ? end - 1 : end);
}
