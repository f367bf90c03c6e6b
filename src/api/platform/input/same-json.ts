import { canonicalNumber } from './exact-number.ts';

/** A string, a number, or a run of blanks. */
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|\s+/g;

/**
 * Whether two valid JSON texts mean the same, compared token by token: no number is rounded on the way. For short
 * texts.
 */
export function isSameJson(one: string, other: string): boolean {
  return one === other || canonical(one) === canonical(other);
}

function canonical(text: string): string {
  return text.replace(TOKEN, (token) => {
    if (token.startsWith('"')) return JSON.stringify(JSON.parse(token));
    return /^[-\d]/.test(token) ? canonicalNumber(token) : '';
  });
}
