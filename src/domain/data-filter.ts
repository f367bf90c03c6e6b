import { isSearchableMember, type SearchToken } from './searchable.ts';

/** Of each member one of these values, or a prefix that ends in `*`; every member must match. */
export type DataFilter = Readonly<Record<string, readonly string[]>>;

/** The most that a filter may have. */
export const FILTER_LIMITS = { members: 5, values: 100, valueLength: 256 } as const;

/** Whether a member can stand in a filter. */
export const isFilterMember = isSearchableMember;

/** Whether an event with these tokens goes through; one that does not say the member does not. */
export function passesFilter(filter: DataFilter | null, tokens: readonly SearchToken[]): boolean {
  if (filter === null) return true;
  return Object.entries(filter).every(([member, values]) => {
    const found = tokens.find((token) => token.member === member);
    return found !== undefined && values.some((value) => isMatch(value, found.token));
  });
}

function isMatch(value: string, token: string): boolean {
  return value.endsWith('*') ? token.startsWith(value.slice(0, -1)) : token === value;
}
