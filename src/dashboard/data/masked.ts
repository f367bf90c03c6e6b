import type { JsonToken } from './json-text.ts';

/** What the API shows in place of a sensitive value, as a token. */
const MASK = '"***"';

/** The places among tokens at which masks stand for what is sensitive: values of members that these lead to. */
export function maskedPlaces(tokens: readonly JsonToken[], members: readonly string[]): ReadonlySet<number> {
  const names = new Set(members.map(nameOf));
  const places = new Set<number>();
  let name = '';
  let before = '';
  for (const [place, { kind, text }] of tokens.entries()) {
    if (kind === 'space') continue;
    if (text === ':') name = JSON.parse(before);
    else if (text === MASK && before === ':' && names.has(name)) places.add(place);
    before = text;
  }
  return places;
}

/** Whether a member at the top of the data is masked: as a whole, in some part, or not. */
export function maskOf(name: string, members: readonly string[]): 'whole' | 'part' | null {
  const paths = members.map(pathOf).filter(([first]) => first === name);
  if (paths.length === 0) return null;
  return paths.some((path) => path.length === 1) ? 'whole' : 'part';
}

function nameOf(member: string): string {
  return pathOf(member).at(-1) ?? member;
}

/** The names on the way to a member: one name, or those of a JSON pointer (RFC 6901). */
function pathOf(member: string): readonly string[] {
  if (!member.startsWith('/')) return [member];
  return member
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}
