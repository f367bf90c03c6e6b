const MAX_QUOTED_CHARACTERS = 64;

/** A text of at most this many characters: a longer one is cut and ends with `…`. */
export function clip(text: string, maxCharacters: number): string {
  if (text.length <= maxCharacters) return text;
  return `${text.slice(0, maxCharacters - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** A text of the caller's within a message for people: in quotes, and cut. */
export function quote(text: string): string {
  return JSON.stringify(clip(text, MAX_QUOTED_CHARACTERS));
}
