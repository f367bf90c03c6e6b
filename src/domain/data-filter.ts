import { isSearchableMember, type SearchToken } from './searchable.ts';

/** Of each member one of these values, or a prefix that ends in `*`; every member must match. */
export type DataFilter = Readonly<Record<string, readonly string[]>>;

/** The most that a filter may have. */
export const FILTER_LIMITS = { members: 5, values: 100, valueLength: 256 } as const;

/** Whether a member can stand in a filter. */
export const isFilterMember = isSearchableMember;

/** Whether an event with these tokens goes through; one that does not say the member does not. */
export function passesFilter(filter: DataFilter | null, tokens: readonly SearchToken[]): boolean {
  return filter === null || filterMiss(filter, tokens) === null;
}

/**
 * A member by which an event does not go through, what is wanted there, and what the event has; null where it has none.
 */
export interface FilterMiss {
  readonly member: string;
  readonly values: readonly string[];
  readonly token: string | null;
}

/** The first member that keeps an event with these tokens from going through; null where none does. */
export function filterMiss(filter: DataFilter, tokens: readonly SearchToken[]): FilterMiss | null {
  for (const [member, values] of Object.entries(filter)) {
    const token = tokens.find((one) => one.member === member)?.token ?? null;
    if (token === null || !values.some((value) => isMatch(value, token))) return { member, values, token };
  }
  return null;
}

function isMatch(value: string, token: string): boolean {
  return value.endsWith('*') ? token.startsWith(value.slice(0, -1)) : token === value;
}
