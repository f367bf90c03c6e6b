import type { InputProblem } from '../../../domain/errors.ts';
import type { ProblemCode } from '../../../domain/problems/problem-code.ts';
import type { Resting } from '../../../loop-turns.ts';
import { isExactNumber } from './exact-number.ts';
import {
  BLANK,
  CLOSING_BRACE,
  CLOSING_BRACKET,
  COLON,
  COMMA,
  MINUS,
  NINE,
  OPENING_BRACE,
  OPENING_BRACKET,
  QUOTE,
  ZERO,
} from './json-bytes.ts';
import { toPointer } from './json-pointer.ts';
import { CompactText, type JsonPath } from './json-text.ts';
import { quote } from './quote.ts';
import { isSameJson } from './same-json.ts';

/** Of the smallest tokens they take a millisecond. */
const STRIDE_CHARACTERS = 4_096;
/** After this many problems the rest of a text is not looked at. */
const MAX_PROBLEMS = 100;
/**
 * Longer values that are spelled differently count as different: reading them again at every level of nesting would
 * take a minute for one large body.
 */
const MAX_RESPELLED_LENGTH = 1_024;
/** Receivers' parsers take long numbers for an attack, and may need a time that grows with the square of the length. */
const MAX_NUMBER_LENGTH = 1_000;
/**
 * No body has a use for more, but in what it passes on; whoever reads it by a schema looks at each, which takes ten
 * times as long where each is wrong.
 */
const MAX_OBJECT_MEMBERS = 1_000;
const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const LONE_SURROGATE = /\p{Cs}/u;

export interface ScanOptions {
  /** Where objects stand that are passed on token for token, whatever numbers they hold; nowhere by default. */
  readonly verbatim?: JsonPath;
}

/** What is wrong with a text, and its verbatim objects: compact text by place, of a key given twice the last. */
export interface ScannedJson {
  readonly problems: readonly InputProblem[];
  readonly excerpts: ReadonlyMap<string, Excerpt>;
}

export interface Excerpt {
  readonly path: readonly (string | number)[];
  readonly text: string;
}

/**
 * Finds what `JSON.parse` forgives in a text that it accepts: keys given twice with different values, endless numbers
 * and (outside verbatim objects) numbers that a round trip changes, NUL, lone surrogates and `__proto__`. Ends at an
 * object of too many members outside verbatim ones. Never recurses.
 */
export function scanJson(text: string, options: ScanOptions): ScannedJson {
  const scan = new JsonScan(text, options);
  scan.advance(text.length);
  return scan.result();
}

/** The same, stride by stride: others have the event loop in between. */
export async function scanJsonInTurns(
  text: string,
  { pace, ...options }: ScanOptions & { readonly pace: Resting },
): Promise<ScannedJson> {
  const scan = new JsonScan(text, options);
  while (scan.advance(STRIDE_CHARACTERS)) await pace.rest();
  return scan.result();
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
  readonly #verbatim: JsonPath;
  readonly #problems: InputProblem[] = [];
  readonly #excerpts = new Map<string, Excerpt>();
  readonly #frames: Frame[] = [];
  #position = 0;
  /** The verbatim object under way. */
  #excerpt: CompactText | null = null;
  #isOver = false;

  constructor(text: string, { verbatim = [] }: ScanOptions) {
    this.#text = text;
    this.#verbatim = verbatim;
  }

  /** Looks at so many more characters, and at the rest of the last token; false once it is done. */
  advance(count: number): boolean {
    const end = Math.min(this.#text.length, this.#position + count);
    while (this.#position < end && !this.#isOver) this.#readToken();
    return this.#position < this.#text.length && !this.#isOver;
  }

  result(): ScannedJson {
    return { problems: this.#problems, excerpts: this.#excerpts };
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
    else if (character <= BLANK) this.#excerpt?.skip(this.#position);
  }

  #open(isObject: boolean): void {
    if (isObject && this.#isAtVerbatim()) this.#excerpt = new CompactText(this.#text, this.#position);
    this.#frames.push({
      key: isObject ? '' : 0,
      expectsKey: isObject,
      valueStart: 0,
      members: isObject ? new Map() : null,
    });
  }

  #close(): void {
    this.#endMember();
    this.#frames.pop();
    if (this.#excerpt === null || !this.#isAtVerbatim()) return;
    const path = this.#frames.map((frame) => frame.key);
    this.#excerpts.set(toPointer(path), { path, text: this.#excerpt.endAt(this.#position + 1) });
    this.#excerpt = null;
  }

  /** Whether the value under way is one that is passed on. */
  #isAtVerbatim(): boolean {
    if (this.#frames.length !== this.#verbatim.length || this.#frames.length === 0) return false;
    return this.#frames.every(({ key }, level) => (this.#verbatim[level] ?? key) === key);
  }

  #next(): void {
    this.#endMember();
    const frame = this.#frames.at(-1);
    if (frame === undefined) return;
    if (typeof frame.key === 'number') frame.key += 1;
    else frame.expectsKey = true;
    if (this.#excerpt === null && (frame.members?.size ?? 0) >= MAX_OBJECT_MEMBERS) this.#endAtTooMany();
  }

  #endAtTooMany(): void {
    const path = this.#frames.slice(0, -1).map((frame) => frame.key);
    const message = `An object may have at most ${MAX_OBJECT_MEMBERS} members.`;
    this.#problems.push({ pointer: toPointer(path), code: 'too_big', message });
    this.#isOver = true;
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
      this.#report('duplicate_key', `The key ${quote(frame.key)} is given twice with different values.`);
    }
  }

  #isSameValue(one: Span, other: Span): boolean {
    const texts = [one, other].map(({ start, end }) => this.#text.slice(start, end).trim());
    const [first = '', second = ''] = texts;
    if (first === second) return true;
    return Math.max(first.length, second.length) <= MAX_RESPELLED_LENGTH && isSameJson(first, second);
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
    if (this.#position - start > MAX_NUMBER_LENGTH) {
      this.#report('number_too_long', `A number may have ${MAX_NUMBER_LENGTH} characters at most.`);
      return;
    }
    if (this.#excerpt !== null || isExactNumber(this.#text.slice(start, this.#position))) return;
    this.#report(
      'number_not_exact',
      'This number would be changed by JSON implementations that use 64-bit floating point; send it as a text.',
    );
  }

  #report(code: ProblemCode, message: string): void {
    this.#problems.push({ pointer: toPointer(this.#frames.map((frame) => frame.key)), code, message });
    this.#isOver ||= this.#problems.length === MAX_PROBLEMS;
  }
}
