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
    if (JSON.parse(text.slice(at, colon)) === name) found.push(value);
    const end = endOfValue(text, value);
    at = text[end] === ',' ? end + 1 : end;
  }
  return found;
}

/** Where the elements of an array begin. */
export function elementsOf(text: string, array: number): readonly number[] {
  const found: number[] = [];
  for (let at = array + 1; text[at] !== ']' && at < text.length; ) {
    found.push(at);
    const end = endOfValue(text, at);
    at = text[end] === ',' ? end + 1 : end;
  }
  return found;
}

const NESTING: Readonly<Record<string, number>> = { '{': 1, '[': 1, '}': -1, ']': -1 };

/** After the value that begins here. */
export function endOfValue(text: string, start: number): number {
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
