import { randomBytes } from 'node:crypto';

/** A part of an answer that is there as JSON text already and goes out as it is, token for token. */
export class RawJson {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** Stands where such a text belongs until it is put there; nobody outside can know it. */
const PLACEHOLDER = randomBytes(16).toString('hex');

/** An answer as JSON, with the text of every `RawJson` in its place. */
export function toJson(answer: unknown): string {
  const texts: string[] = [];
  const json = JSON.stringify(answer, (_key, value: unknown) => {
    if (!(value instanceof RawJson)) return value;
    texts.push(value.text);
    return PLACEHOLDER;
  });
  if (texts.length === 0) return json;
  const [first = '', ...others] = json.split(`"${PLACEHOLDER}"`);
  return first + others.map((other, index) => `${texts[index]}${other}`).join('');
}
