import type { Resting } from '../../../loop-turns.ts';
import {
  BACKSLASH,
  CLOSING_BRACE,
  CLOSING_BRACKET,
  COLON,
  COMMA,
  OPENING_BRACE,
  OPENING_BRACKET,
  QUOTE,
} from './json-bytes.ts';

/** The items of the array lie two levels below the outermost object. */
const ITEM_LEVEL = 2;
/** So many bytes are looked at between two questions whether others want the event loop. */
const STRIDE_BYTES = 32_768;

/** A batch taken apart without being parsed: its bytes with an empty array of items, and those of each item. */
export interface SplitBatch {
  readonly frame: Buffer;
  readonly items: readonly Buffer[];
  /** Why it was not looked at to its end. */
  readonly endedBy: 'too_many_items' | 'too_deep' | null;
}

/** Where the items are, and how many there may be, how deeply nested. */
interface SplitLimits {
  /** The member of the outermost object that lists them. */
  readonly list: string;
  readonly maxItems: number;
  readonly maxDepth: number;
}

/**
 * Splits the body of a batch at its items, slice by slice, so that each can be parsed by itself. Does not judge: broken
 * JSON leads to a frame or an item that is broken. Ends at the first item beyond `maxItems` and at the first level
 * beyond `maxDepth`.
 */
export async function splitBatch(
  bytes: Buffer,
  { pace, ...limits }: SplitLimits & { readonly pace: Resting },
): Promise<SplitBatch> {
  const splitter = new BatchSplitter(bytes, limits);
  while (splitter.advance(STRIDE_BYTES)) await pace.rest();
  return splitter.result();
}

class BatchSplitter {
  readonly #bytes: Buffer;
  /** The key of the list as it is written. */
  readonly #listKey: string;
  readonly #maxItems: number;
  readonly #maxDepth: number;
  readonly #items: Buffer[] = [];
  #at = 0;
  #depth = 0;
  #isInString = false;
  #stringStart = 0;
  /** The key before the latest colon of the outermost object. */
  #key = '';
  #lastString = '';
  /** Where the array begins behind its bracket, and where its closing bracket stands. */
  #arrayStart: number | null = null;
  #arrayEnd: number | null = null;
  #itemStart = 0;
  #endedBy: SplitBatch['endedBy'] = null;

  constructor(bytes: Buffer, limits: SplitLimits) {
    this.#bytes = bytes;
    this.#listKey = JSON.stringify(limits.list);
    this.#maxItems = limits.maxItems;
    this.#maxDepth = limits.maxDepth;
  }

  /** Looks at some more bytes; false once it is done. */
  advance(count: number): boolean {
    const end = Math.min(this.#bytes.length, this.#at + count);
    while (this.#at < end && this.#endedBy === null) {
      if (this.#isInString) this.#passString(end);
      else this.#readMark();
    }
    return this.#at < this.#bytes.length && this.#endedBy === null;
  }

  result(): SplitBatch {
    const [start, end] = [this.#arrayStart, this.#arrayEnd];
    const head = this.#bytes.subarray(0, start ?? this.#bytes.length);
    const frame = end === null ? head : Buffer.concat([head, this.#bytes.subarray(end)]);
    return { frame, items: this.#items, endedBy: this.#endedBy };
  }

  #passString(end: number): void {
    while (this.#at < end) {
      const byte = this.#bytes[this.#at];
      this.#at += byte === BACKSLASH ? 2 : 1;
      if (byte !== QUOTE) continue;
      this.#isInString = false;
      if (this.#depth === 1 && this.#at - this.#stringStart <= this.#listKey.length) {
        this.#lastString = this.#bytes.toString('latin1', this.#stringStart, this.#at);
      }
      return;
    }
  }

  #readMark(): void {
    const byte = this.#bytes[this.#at];
    if (byte === QUOTE) {
      this.#isInString = true;
      this.#stringStart = this.#at;
      this.#lastString = '';
    } else if (byte === OPENING_BRACE || byte === OPENING_BRACKET) this.#open(byte);
    else if (byte === CLOSING_BRACE || byte === CLOSING_BRACKET) this.#close();
    else if (byte === COLON && this.#depth === 1) this.#key = this.#lastString;
    else if (byte === COMMA && this.#isBetweenItems()) this.#endItem();
    this.#at += 1;
  }

  #open(byte: number): void {
    if (this.#depth === this.#maxDepth) this.#endedBy = 'too_deep';
    this.#depth += 1;
    const isList = this.#depth === ITEM_LEVEL && byte === OPENING_BRACKET && this.#key === this.#listKey;
    if (!isList || this.#arrayStart !== null) return;
    this.#arrayStart = this.#at + 1;
    this.#itemStart = this.#arrayStart;
  }

  #close(): void {
    if (this.#isBetweenItems()) {
      const isEmpty = this.#items.length === 0 && this.#isBlankSince(this.#itemStart);
      if (!isEmpty) this.#endItem();
      this.#arrayEnd = this.#at;
    }
    this.#depth = Math.max(0, this.#depth - 1);
  }

  #isBetweenItems(): boolean {
    return this.#depth === ITEM_LEVEL && this.#arrayStart !== null && this.#arrayEnd === null;
  }

  #endItem(): void {
    if (this.#items.length === this.#maxItems) {
      this.#endedBy = 'too_many_items';
      return;
    }
    this.#items.push(this.#bytes.subarray(this.#itemStart, this.#at));
    this.#itemStart = this.#at + 1;
  }

  #isBlankSince(start: number): boolean {
    return /^[ \t\r\n]*$/.test(
      this.#bytes.toString('latin1', start, Math.min(this.#at, start + STRIDE_BYTES)),
    );
  }
}
