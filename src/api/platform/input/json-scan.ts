import type { InputProblem } from '../../../domain/errors.ts';
import type { ProblemCode } from '../../../domain/problems/problem-code.ts';
import { isExactNumber } from './exact-number.ts';

/** After this many problems the rest of a text is not looked at. */
const MAX_PROBLEMS = 100;
/**
 * Longer values that are spelled differently count as different: reading them again at every level of nesting would take
 * a minute for one large body.
 */
const MAX_RESPELLED_LENGTH = 1_024;
const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const LONE_SURROGATE = /\p{Cs}/u;

const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;
const OPENING_BRACKET = 0x5b;
const CLOSING_BRACKET = 0x5d;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;

/**
 * Finds what `JSON.parse` forgives in a text that it accepts: keys given twice with different values, numbers that a
 * round trip changes, NUL, lone surrogates, `__proto__`, and nesting beyond `maxDepth` levels. Never recurses.
 */
export function scanJson(text: string, { maxDepth }: { readonly maxDepth: number }): readonly InputProblem[] {
  return new JsonScan(text, maxDepth).run();
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** An object or array that is open at the place read; `key` is the member or item under way. */
interface Frame {
  key: string | number;
  expectsKey: boolean;
  valueStart: number;
  /** Values by key; null for an array. */
  readonly members: Map<string, Span> | null;
}

class JsonScan {
  readonly #text: string;
  readonly #maxDepth: number;
  readonly #problems: InputProblem[] = [];
  readonly #frames: Frame[] = [];
  #position = 0;
  #isTooDeep = false;

  constructor(text: string, maxDepth: number) {
    this.#text = text;
    this.#maxDepth = maxDepth;
  }

  run(): readonly InputProblem[] {
    while (this.#position < this.#text.length && this.#problems.length < MAX_PROBLEMS) this.#readToken();
    return this.#problems;
  }

  #readToken(): void {
    const character = this.#text.charCodeAt(this.#position);
    if (character === QUOTE) {
      this.#readString();
    } else if (character === MINUS || (character >= ZERO && character <= NINE)) {
      this.#readNumber();
    } else {
      this.#readMark(character);
      this.#position += 1;
    }
  }

  #readMark(character: number): void {
    if (character === COMMA) this.#next();
    else if (character === COLON) this.#beginValue();
    else if (character === OPENING_BRACE || character === OPENING_BRACKET) {
      this.#open(character === OPENING_BRACE);
    } else if (character === CLOSING_BRACE || character === CLOSING_BRACKET) this.#close();
  }

  #open(isObject: boolean): void {
    this.#frames.push({
      key: isObject ? '' : 0,
      expectsKey: isObject,
      valueStart: 0,
      members: isObject ? new Map() : null,
    });
    if (this.#frames.length !== this.#maxDepth + 1) return;
    this.#isTooDeep = true;
    const pointer = this.#pointer(this.#maxDepth);
    this.#problems.push({ pointer, code: 'too_deep', message: 'Objects and arrays are nested too deeply.' });
  }

  #close(): void {
    this.#endMember();
    this.#frames.pop();
  }

  #next(): void {
    this.#endMember();
    const frame = this.#frames.at(-1);
    if (frame === undefined) return;
    if (typeof frame.key === 'number') frame.key += 1;
    else frame.expectsKey = true;
  }

  #beginValue(): void {
    const frame = this.#frames.at(-1);
    if (frame !== undefined) frame.valueStart = this.#position + 1;
  }

  #endMember(): void {
    const frame = this.#frames.at(-1);
    if (frame?.members == null || frame.expectsKey || typeof frame.key !== 'string') return;
    const value = { start: frame.valueStart, end: this.#position };
    const earlier = frame.members.get(frame.key);
    frame.members.set(frame.key, value);
    if (earlier !== undefined && !this.#isSameValue(earlier, value)) {
      this.#report(
        'duplicate_key',
        `The key ${JSON.stringify(frame.key)} is given twice with different values.`,
      );
    }
  }

  #isSameValue(one: Span, other: Span): boolean {
    if (this.#isTooDeep) return false;
    const texts = [one, other].map(({ start, end }) => this.#text.slice(start, end).trim());
    const [first = '', second = ''] = texts;
    if (first === second) return true;
    if (Math.max(first.length, second.length) > MAX_RESPELLED_LENGTH) return false;
    return JSON.stringify(JSON.parse(first)) === JSON.stringify(JSON.parse(second));
  }

  #readString(): void {
    const start = this.#position;
    const end = this.#endOfString(start);
    const raw = this.#text.slice(start, end);
    const value = raw.includes('\\') ? String(JSON.parse(raw)) : raw.slice(1, -1);
    this.#position = end;
    const frame = this.#frames.at(-1);
    const isKey = frame?.expectsKey === true;
    if (isKey) {
      frame.key = value;
      frame.expectsKey = false;
    }
    if (value.includes('\0')) this.#report('nul_character', 'A text must not contain NUL (U+0000).');
    if (LONE_SURROGATE.test(value)) {
      this.#report('lone_surrogate', 'A text must not contain half of a surrogate pair.');
    }
    if (isKey && value === '__proto__') {
      this.#report('forbidden_key', 'The key "__proto__" is not allowed.');
    }
  }

  #endOfString(start: number): number {
    let quote = this.#text.indexOf('"', start + 1);
    while (this.#isEscaped(quote)) quote = this.#text.indexOf('"', quote + 1);
    return quote + 1;
  }

  #isEscaped(position: number): boolean {
    let backslashes = 0;
    while (this.#text[position - 1 - backslashes] === '\\') backslashes += 1;
    return backslashes % 2 === 1;
  }

  #readNumber(): void {
    const start = this.#position;
    NUMBER.lastIndex = start;
    this.#position = NUMBER.test(this.#text) ? NUMBER.lastIndex : start + 1;
    if (isExactNumber(this.#text.slice(start, this.#position))) return;
    this.#report(
      'number_not_exact',
      'This number would be changed by JSON implementations that use 64-bit floating point; send it as a text.',
    );
  }

  #report(code: ProblemCode, message: string): void {
    if (this.#frames.length > this.#maxDepth) return;
    this.#problems.push({ pointer: this.#pointer(this.#frames.length), code, message });
  }

  #pointer(levels: number): string {
    return toPointer(this.#frames.slice(0, levels).map((frame) => frame.key));
  }
}

/** A JSON pointer (RFC 6901) from its unescaped parts. */
export function toPointer(parts: readonly PropertyKey[]): string {
  return parts.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
