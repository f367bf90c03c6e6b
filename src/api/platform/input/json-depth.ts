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

/** Where a string stands among the bytes, quotes included. */
interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * The pointer to the first value nested beyond `maxDepth` levels (the outermost object is level 1); null where there is
 * none. Judges bytes before they are parsed, and looks at none behind that value: parsing costs memory with every
 * level.
 */
export function findTooDeep(bytes: Uint8Array, maxDepth: number): string | null {
  const parts: (Span | number)[] = [];
  let depth = 0;
  let lastString: Span = { start: 0, end: 0 };
  for (let at = 0; at < bytes.length; at += 1) {
    switch (bytes[at]) {
      case QUOTE:
        lastString = { start: at, end: endOfString(bytes, at) };
        at = lastString.end - 1;
        break;
      case OPENING_BRACE:
      case OPENING_BRACKET:
        if (depth === maxDepth) return pointerOf(bytes, parts.slice(0, depth));
        parts[depth] = 0;
        depth += 1;
        break;
      case CLOSING_BRACE:
      case CLOSING_BRACKET:
        depth = Math.max(0, depth - 1);
        break;
      case COLON:
        parts[Math.max(0, depth - 1)] = lastString;
        break;
      case COMMA:
        parts[Math.max(0, depth - 1)] = behind(parts[depth - 1]);
        break;
    }
  }
  return null;
}

/** The place behind a comma: the next item of an array; an object's next key comes with its colon. */
function behind(part: Span | number | undefined): Span | number {
  return typeof part === 'number' ? part + 1 : (part ?? 0);
}

/** Behind the closing quote, or behind the last byte. */
function endOfString(bytes: Uint8Array, start: number): number {
  for (let at = start + 1; at < bytes.length; at += 1) {
    if (bytes[at] === QUOTE) return at + 1;
    if (bytes[at] === BACKSLASH) at += 1;
  }
  return bytes.length;
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
