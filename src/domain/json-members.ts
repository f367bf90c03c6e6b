/** The names on the way to a member of `data`: one name, or those of a JSON pointer (RFC 6901). */
export function pathOf(member: string): readonly string[] {
  if (!member.startsWith('/')) return [member];
  return member
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** Where the values of a member begin, in compact JSON; of one that is given twice both. */
export function membersOf(text: string, object: number, name: string): readonly number[] {
  const found: number[] = [];
  for (let at = object + 1; text[at] === '"'; ) {
    const colon = endOfText(text, at);
    const value = colon + 1;
    if (keyOf(text.slice(at, colon)) === name) found.push(value);
    const end = endOfValue(text, value);
    at = text[end] === ',' ? end + 1 : end;
  }
  return found;
}

/** The name that a token in quotes spells. */
export function keyOf(token: string): string {
  return token.includes('\\') ? String(JSON.parse(token)) : token.slice(1, -1);
}

const [QUOTE, COMMA, BACKSLASH] = [0x22, 0x2c, 0x5c];
const [OPENING_BRACKET, CLOSING_BRACKET, OPENING_BRACE, CLOSING_BRACE] = [0x5b, 0x5d, 0x7b, 0x7d];

/** After the value that begins here. */
export function endOfValue(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = endOfText(text, at) - 1;
      continue;
    }
    const step = nestingOf(code);
    depth += step;
    if (depth < 0 || (depth === 0 && code === COMMA)) return at;
    if (depth === 0 && step < 0) return at + 1;
  }
  return text.length;
}

function nestingOf(code: number): number {
  if (code === OPENING_BRACE || code === OPENING_BRACKET) return 1;
  return code === CLOSING_BRACE || code === CLOSING_BRACKET ? -1 : 0;
}

/** After the closing quote of the text that begins here. */
export function endOfText(text: string, start: number): number {
  let quote = text.indexOf('"', start + 1);
  while (quote !== -1 && isEscaped(text, quote)) quote = text.indexOf('"', quote + 1);
  return quote === -1 ? text.length : quote + 1;
}

function isEscaped(text: string, position: number): boolean {
  let backslashes = 0;
  while (text.charCodeAt(position - 1 - backslashes) === BACKSLASH) backslashes += 1;
  return backslashes % 2 === 1;
}
