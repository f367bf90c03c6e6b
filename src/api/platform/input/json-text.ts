type Members = Readonly<Record<string, unknown>>;

/** What is parsed takes ten times the memory of its text, and few look at what is long. */
const MAX_KEPT_CHARACTERS = 16_384;

/**
 * An object of a body that is passed on token for token: its `text` without the blanks between tokens, and a parsed
 * copy to look into. The copy reads numbers as 64-bit floats; whatever is stored or sent is the text.
 */
export class JsonText {
  readonly text: string;
  /** Null where it is made when somebody asks. */
  readonly #parsed: Members | null;

  constructor(text: string, parsed: Members) {
    this.text = text;
    this.#parsed = text.length <= MAX_KEPT_CHARACTERS ? parsed : null;
  }

  get value(): Members {
    return this.#parsed ?? JSON.parse(this.text);
  }
}

/** Where such an object stands in a body: member names, and null for every item of an array. */
export type JsonPath = readonly (string | null)[];

/** Collects a part of a text without the blanks between its tokens, which are told as they are met. */
export class CompactText {
  readonly #text: string;
  readonly #pieces: string[] = [];
  #start: number;

  constructor(text: string, start: number) {
    this.#text = text;
    this.#start = start;
  }

  skip(blankAt: number): void {
    if (blankAt > this.#start) this.#pieces.push(this.#text.slice(this.#start, blankAt));
    this.#start = blankAt + 1;
  }

  /** The part up to `end`, exclusive. */
  endAt(end: number): string {
    const last = this.#text.slice(this.#start, end);
    return this.#pieces.length === 0 ? last : this.#pieces.join('') + last;
  }
}
