import { MASK } from './endpoint.ts';
import { elementsOf, endOfValue, membersOf, pathOf } from './json-members.ts';

/** A type names no more sensitive members than this. */
export const MAX_SENSITIVE = 20;

/**
 * Compact JSON with a mask for the values of these members, whatever they are, and every other token as it was. A
 * pointer that comes to an array means each of its elements.
 */
export function hideMembers(dataText: string, members: readonly string[]): string {
  return members.reduce((text, member) => {
    const starts = valuesAt(text, 0, pathOf(member));
    // From the end, so that those before stay where they are.
    return starts.reduceRight(
      (hidden, start) => `${hidden.slice(0, start)}"${MASK}"${hidden.slice(endOfValue(hidden, start))}`,
      text,
    );
  }, dataText);
}

function valuesAt(text: string, start: number, path: readonly string[]): readonly number[] {
  const [name, ...rest] = path;
  if (name === undefined) return [start];
  if (text[start] === '[') return elementsOf(text, start).flatMap((element) => valuesAt(text, element, path));
  if (text[start] !== '{') return [];
  return membersOf(text, start, name).flatMap((value) => valuesAt(text, value, rest));
}
