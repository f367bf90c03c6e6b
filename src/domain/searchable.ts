/** A type names no more members than this. */
export const MAX_SEARCHABLE = 5;
const MAX_MEMBER_LENGTH = 128;
/** Longer values are not found by: nobody types them, and each costs a look at all of it. */
const MAX_TOKEN_LENGTH = 1_024;

/** Whether a text names a member of `data`: its name, or a JSON pointer to it (RFC 6901). */
export function isSearchableMember(text: string): boolean {
  if (text.length === 0 || text.length > MAX_MEMBER_LENGTH || /[\p{C}[\]]/u.test(text)) return false;
  return !text.startsWith('/') || !/~(?![01])/.test(text);
}

/** A member of an event that it can be found by, and the token of its value. */
export interface SearchToken {
  readonly member: string;
  readonly token: string;
}

/**
 * What an event can be found by: of a text its characters, of numbers, booleans and null how they were spelled.
 * Objects, arrays and what is very long are left out.
 * @param dataText compact JSON of an object
 */
export function searchTokensOf(dataText: string, members: readonly string[]): readonly SearchToken[] {
  return members.flatMap((member) => {
    const token = scalarAt(dataText, pathOf(member));
    return token === null || token.length > MAX_TOKEN_LENGTH ? [] : [{ member, token }];
  });
}

function pathOf(member: string): readonly string[] {
  if (!member.startsWith('/')) return [member];
  return member
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function scalarAt(text: string, path: readonly string[]): string | null {
  let start = 0;
  for (const name of path) {
    const found = text[start] === '{' ? memberOf(text, start, name) : null;
    if (found === null) return null;
    start = found;
  }
  if (text[start] === '{' || text[start] === '[') return null;
  const token = text.slice(start, endOfValue(text, start));
  return token.startsWith('"') ? String(JSON.parse(token)) : token;
}

/** Where the value of a member begins; of one that is given twice the last. */
function memberOf(text: string, object: number, name: string): number | null {
  let found: number | null = null;
  for (let at = object + 1; text[at] === '"'; ) {
    const colon = endOfText(text, at);
    const value = colon + 1;
    if (JSON.parse(text.slice(at, colon)) === name) found = value;
    const end = endOfValue(text, value);
    at = text[end] === ',' ? end + 1 : end;
  }
  return found;
}

const NESTING: Readonly<Record<string, number>> = { '{': 1, '[': 1, '}': -1, ']': -1 };

function endOfValue(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    const character = text[at] ?? '';
    if (character === '"') {
      at = endOfText(text, at) - 1;
      continue;
    }
    const step = NESTING[character] ?? 0;
    depth += step;
    if (depth < 0 || (depth === 0 && character === ',')) return at;
    if (depth === 0 && step < 0) return at + 1;
  }
  return text.length;
}

/** After the closing quote of the text that begins here. */
function endOfText(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at + 1;
  }
  return text.length;
}
