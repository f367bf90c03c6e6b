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
import { toPointer } from './json-pointer.ts';

/** They take a millisecond. */
const DEPTH_STRIDE_BYTES = 65_536;

/**
 * The pointer to the first value nested beyond `maxDepth` levels (the outermost object is level 1); null where there is
 * none. Judges bytes before they are parsed, and looks at none behind that value: parsing costs memory with every
 * level.
 */
export function findTooDeep(bytes: Uint8Array, maxDepth: number): string | null {
  const scan = new DepthScan(bytes, maxDepth);
  scan.advance(bytes.length);
  return scan.pointer;
}

/** The same, stride by stride: others have the event loop in between. */
export async function findTooDeepInTurns(
  bytes: Uint8Array,
  { maxDepth, pace }: { readonly maxDepth: number; readonly pace: Resting },
): Promise<string | null> {
  const scan = new DepthScan(bytes, maxDepth);
  while (scan.advance(DEPTH_STRIDE_BYTES)) await pace.rest();
  return scan.pointer;
}

/** Where a string stands among the bytes, quotes included. */
interface Span {
  readonly start: number;
  readonly end: number;
}

class DepthScan {
  readonly #bytes: Uint8Array;
  readonly #maxDepth: number;
  /** By level the key or place of the value under way. */
  readonly #parts: (Span | number)[] = [];
  #at = 0;
  #depth = 0;
  /** Where the string under way begins; null outside of one. */
  #stringStart: number | null = null;
  #lastString: Span = { start: 0, end: 0 };
  /** To the value that is too deep, once it is found. */
  pointer: string | null = null;

  constructor(bytes: Uint8Array, maxDepth: number) {
    this.#bytes = bytes;
    this.#maxDepth = maxDepth;
  }

  /** Looks at so many more bytes; false once it is done. */
  advance(count: number): boolean {
    const end = Math.min(this.#bytes.length, this.#at + count);
    while (this.#at < end && this.pointer === null) {
      if (this.#stringStart === null) this.#readMark();
      else this.#passString(this.#stringStart, end);
    }
    return this.#at < this.#bytes.length && this.pointer === null;
  }

  /** To its closing quote, or as far as the stride goes. */
  #passString(start: number, end: number): void {
    const bytes = this.#bytes;
    let at = this.#at;
    while (at < end && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
    this.#at = at;
    if (at >= end) return;
    this.#at += 1;
    this.#lastString = { start, end: this.#at };
    this.#stringStart = null;
  }

  #readMark(): void {
    switch (this.#bytes[this.#at]) {
      case QUOTE:
        this.#stringStart = this.#at;
        break;
      case OPENING_BRACE:
      case OPENING_BRACKET:
        this.#open();
        break;
      case CLOSING_BRACE:
      case CLOSING_BRACKET:
        this.#depth = Math.max(0, this.#depth - 1);
        break;
      case COLON:
        this.#parts[Math.max(0, this.#depth - 1)] = this.#lastString;
        break;
      case COMMA:
        this.#parts[Math.max(0, this.#depth - 1)] = behind(this.#parts[this.#depth - 1]);
        break;
    }
    this.#at += 1;
  }

  #open(): void {
    if (this.#depth === this.#maxDepth) {
      this.pointer = pointerOf(this.#bytes, this.#parts.slice(0, this.#depth));
      return;
    }
    this.#parts[this.#depth] = 0;
    this.#depth += 1;
  }
}

/** The place behind a comma: the next item of an array; an object's next key comes with its colon. */
function behind(part: Span | number | undefined): Span | number {
  return typeof part === 'number' ? part + 1 : (part ?? 0);
}

function pointerOf(bytes: Uint8Array, parts: readonly (Span | number)[]): string {
  return toPointer(parts.map((part) => (typeof part === 'number' ? part : keyAt(bytes, part))));
}

/** What stands there need not be JSON: a key that cannot be read is shown as written. */
function keyAt(bytes: Uint8Array, { start, end }: Span): string {
  const text = Buffer.from(bytes.subarray(start, end)).toString();
  try {
    return String(JSON.parse(text));
  } catch {
    return text.slice(1, -1);
  }
}
