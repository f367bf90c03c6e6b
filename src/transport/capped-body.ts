/** The first bytes of a body, copied out of the socket's buffers so that those can go. */
export class CappedBody {
  readonly #chunks: Buffer[] = [];
  readonly #maxBytes: number;
  #length = 0;
  #isOverCap = false;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get isOverCap(): boolean {
    return this.#isOverCap;
  }

  /** Takes what still fits. */
  add(chunk: Buffer): void {
    const room = this.#maxBytes - this.#length;
    this.#isOverCap ||= chunk.length > room;
    if (room === 0 || chunk.length === 0) return;
    const kept = Buffer.from(chunk.subarray(0, room));
    this.#chunks.push(kept);
    this.#length += kept.length;
  }

  toBuffer(): Buffer {
    const [only] = this.#chunks;
    return only !== undefined && this.#chunks.length === 1 ? only : Buffer.concat(this.#chunks, this.#length);
  }
}
