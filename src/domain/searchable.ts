import { endOfValue, membersOf, pathOf } from './json-members.ts';

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

function scalarAt(text: string, path: readonly string[]): string | null {
  let start = 0;
  for (const name of path) {
    const found = text[start] === '{' ? membersOf(text, start, name).at(-1) : undefined;
    if (found === undefined) return null;
    start = found;
  }
  if (text[start] === '{' || text[start] === '[') return null;
  const token = text.slice(start, endOfValue(text, start));
  return token.startsWith('"') ? String(JSON.parse(token)) : token;
}
