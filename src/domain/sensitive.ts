import { MASK } from './endpoint.ts';
import { endOfText, endOfValue, keyOf, pathOf } from './json-members.ts';

/** A type names no more sensitive members than this. */
export const MAX_SENSITIVE = 20;

/**
 * Compact JSON with a mask for the values of these members, whatever they are, and every other token as it was. A
 * pointer that comes to an array means each of its elements. Looks at each character once.
 */
export function hideMembers(dataText: string, members: readonly string[]): string {
  const pieces: string[] = [];
  let shownTo = 0;
  const hide: Hide = (start, end) => {
    pieces.push(dataText.slice(shownTo, start));
    shownTo = end;
  };
  visit(dataText, 0, { paths: members.map(pathOf), hide });
  return [...pieces, dataText.slice(shownTo)].join(`"${MASK}"`);
}

type Hide = (start: number, end: number) => void;

interface Visit {
  /** What is left of the ways to what is hidden. */
  readonly paths: readonly (readonly string[])[];
  readonly hide: Hide;
}

/** @returns where the value that begins here ends */
function visit(text: string, start: number, { paths, hide }: Visit): number {
  if (paths.some((path) => path.length === 0)) {
    const end = endOfValue(text, start);
    hide(start, end);
    return end;
  }
  if (paths.length > 0 && text[start] === '[') return visitElements(text, start, { paths, hide });
  if (paths.length > 0 && text[start] === '{') return visitMembers(text, start, { paths, hide });
  return endOfValue(text, start);
}

function visitElements(text: string, array: number, further: Visit): number {
  let at = array + 1;
  while (at < text.length && text[at] !== ']') at = behind(text, visit(text, at, further));
  return at + 1;
}

function visitMembers(text: string, object: number, { paths, hide }: Visit): number {
  let at = object + 1;
  while (text[at] === '"') {
    const colon = endOfText(text, at);
    const key = keyOf(text.slice(at, colon));
    const inner = paths.flatMap(([name, ...rest]) => (name === key ? [rest] : []));
    at = behind(text, visit(text, colon + 1, { paths: inner, hide }));
  }
  return at + 1;
}

/** Where the next key or element begins, or the bracket stands that ends them. */
function behind(text: string, end: number): number {
  return text[end] === ',' ? end + 1 : end;
}
