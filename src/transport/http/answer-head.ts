import { TransportFault } from '../transport-fault.ts';

/** How long the body of an answer is: known, told piece by piece, or until the connection ends. */
export type BodyFraming =
  | { readonly kind: 'length'; readonly bytes: number }
  | { readonly kind: 'chunked' }
  | { readonly kind: 'until_close' };

export type HeaderPairs = readonly (readonly [name: string, value: string])[];

/** Of all headers as they came, together; what is beyond is read and forgotten. */
const KEPT_BYTES = 64 * 1024;
/** Colon, blank and the end of the line. */
const BYTES_BESIDE_PAIR = 4;
/** curl takes any case, a missing reason, and 2 as the version; so do we. */
const STATUS_LINE = /^http\/(1\.[01]|2(?:\.0)?) +([1-9]\d\d)(?![0-9])/i;
const LENGTH = /^\+?(\d+)(?:[ \t]|$)/;
/** Beside a body that none of these have (RFC 9112, 6.3): a 304 to a POST makes no sense, and still has no body. */
const WITHOUT_BODY: ReadonlySet<number> = new Set([204, 304]);

/** Status line and headers of one answer, taken line by line as leniently as RFC 9112 allows and curl is. */
export class AnswerHead {
  readonly #pairs: [name: string, value: string][] = [];
  /** Values of the headers that we act upon, by name in lower case. */
  readonly #read = new Map<string, string[]>();
  #last: [name: string, value: string] | null = null;
  #keptBytes = 0;
  #isCut = false;
  #version = '';
  #statusCode = 0;

  /** 0 until the status line has come. */
  get statusCode(): number {
    return this.#statusCode;
  }

  /** In the order received, the first 64 KiB of them. */
  get headers(): HeaderPairs {
    return this.#pairs;
  }

  /** Whether more headers came than are kept. */
  get isCut(): boolean {
    return this.#isCut;
  }

  /** The first `Retry-After`, kept or not. */
  get retryAfter(): string | null {
    return this.#read.get('retry-after')?.[0] ?? null;
  }

  /** @throws TransportFault `response_malformed` */
  addStatusLine(line: string): void {
    const [, version, status] = STATUS_LINE.exec(line) ?? [];
    if (version === undefined || line.includes('\0')) throw malformed('it has no HTTP status line');
    this.#version = version;
    this.#statusCode = Number(status);
  }

  /** @throws TransportFault `response_malformed` for a line without a colon, or with NUL in it */
  addHeaderLine(line: string): void {
    this.#settle();
    if (line.includes('\0')) throw malformed('a header has NUL in it');
    const colon = line.indexOf(':');
    if (colon < 0) throw malformed('a header has no colon');
    this.#last = [trim(line.slice(0, colon)), trim(line.slice(colon + 1))];
  }

  /**
   * Takes a line that begins with a blank for more of the header before it (RFC 9112, 5.2); before the first it counts
   * for nothing.
   */
  addFold(line: string): void {
    if (line.includes('\0')) throw malformed('a header has NUL in it');
    if (this.#last !== null) this.#last[1] += ` ${trim(line)}`;
  }

  /**
   * To be called once all headers have come.
   * @throws TransportFault `response_malformed` where they contradict each other
   */
  framing(): BodyFraming {
    this.#settle();
    if (WITHOUT_BODY.has(this.#statusCode)) return { kind: 'length', bytes: 0 };
    const codings = this.#listOf('transfer-encoding').map((coding) => coding.toLowerCase());
    const lengths = this.#read.get('content-length');
    if (codings.length === 0) return lengths === undefined ? { kind: 'until_close' } : framingOf(lengths);
    // Whoever sends both is taken differently by different readers, which is how answers are smuggled (RFC 9112, 6.3).
    if (lengths !== undefined) throw malformed('it has a content-length and a transfer-encoding');
    return codings.at(-1) === 'chunked' ? { kind: 'chunked' } : { kind: 'until_close' };
  }

  /** For how long the receiver keeps the connection, by its own word (0: not at all); null where it says nothing. */
  keepAliveMs(): number | null {
    const options = this.#listOf('connection').map((option) => option.toLowerCase());
    if (options.includes('close')) return 0;
    if (this.#version !== '1.1' && !options.includes('keep-alive')) return 0;
    const [, seconds] = /(?:^|[,; \t])timeout *= *"?(\d{1,9})/i.exec(this.#listOf('keep-alive').join()) ?? [];
    return seconds === undefined ? null : Number(seconds) * 1_000;
  }

  #listOf(name: string): readonly string[] {
    const values = this.#read.get(name) ?? [];
    return values.flatMap((value) => value.split(',').map(trim)).filter((item) => item !== '');
  }

  /** A header is whole once the next begins. */
  #settle(): void {
    if (this.#last === null) return;
    const [name, value] = this.#last;
    this.#keep(this.#last);
    this.#last = null;
    const read = NAMES_READ.has(name.length) ? name.toLowerCase() : '';
    if (!HEADERS_READ.has(read)) return;
    const values = this.#read.get(read) ?? [];
    const isTooMuch = values.length === MAX_REPEATS || value.length > MAX_READ_LENGTH;
    if (isTooMuch && FRAMING_HEADERS.has(read)) throw malformed(`it has too much of ${read}`);
    if (values.length < MAX_REPEATS) values.push(value.slice(0, MAX_READ_LENGTH));
    this.#read.set(read, values);
  }

  #keep([name, value]: readonly [name: string, value: string]): void {
    if (this.#isCut || name === '') return;
    const room = KEPT_BYTES - this.#keptBytes - name.length - BYTES_BESIDE_PAIR;
    this.#isCut = value.length > room;
    this.#keptBytes += name.length + value.length + BYTES_BESIDE_PAIR;
    if (room >= 0) this.#pairs.push([name, value.slice(0, room)]);
  }
}

/** Those that say where the body ends. */
const FRAMING_HEADERS: ReadonlySet<string> = new Set(['content-length', 'transfer-encoding']);
const HEADERS_READ: ReadonlySet<string> = new Set([
  ...FRAMING_HEADERS,
  'connection',
  'keep-alive',
  'retry-after',
]);
/** Most headers are told apart from those by the length of their names. */
const NAMES_READ: ReadonlySet<number> = new Set([...HEADERS_READ].map((name) => name.length));
const MAX_REPEATS = 20;
const MAX_READ_LENGTH = 1_024;

function framingOf(lengths: readonly string[]): BodyFraming {
  const [first = '', ...others] = lengths.flatMap((value) => value.split(',').map(trim)).map(digitsOf);
  if (others.some((other) => other !== first)) throw malformed('it has two different content-lengths');
  return { kind: 'length', bytes: Number(first) };
}

function digitsOf(length: string): string {
  const [, digits] = LENGTH.exec(length) ?? [];
  if (digits === undefined) throw malformed('its content-length is no number');
  return digits.replace(/^0+(?=\d)/, '');
}

/**
 * Without blanks and tabs at the ends; an expression would take a time that grows with the square of a run of blanks.
 */
function trim(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text.charCodeAt(start))) start += 1;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

function isBlank(character: number): boolean {
  return character === 0x20 || character === 0x09;
}

function malformed(why: string): TransportFault {
  return new TransportFault('response_malformed', `The answer is not valid HTTP: ${why}`);
}
