import type { LookedAt } from './bounded-look.ts';
import { allOf, type Condition } from './conditions.ts';
import type { Reads } from './read-pool.ts';

/** A count that goes no further than `MAX_COUNTED`. */
export interface CappedCount {
  readonly count: number;
  /** Whether there may be more: not all was looked at. */
  readonly isCapped: boolean;
}

/** Counting and looking stop here: nobody reads beyond it, and more rows take longer than a page may. */
export const MAX_COUNTED = 10_000;

/** Shapes a count that looked one further than it counts. */
export function capped(count: number): CappedCount {
  return { count: Math.min(count, MAX_COUNTED), isCapped: count > MAX_COUNTED };
}

/**
 * How many deliveries `d` there are of these, among the newest `MAX_COUNTED` that their index has: the count is of all
 * where the index has no more.
 */
export async function countUpTo(reads: Reads, { indexed, asked }: LookedAt): Promise<CappedCount> {
  const range = allOf(indexed);
  const rest = allOf(asked.map(surely), range.values.length + 1);
  const order = rest.text === 'true' ? '' : 'ORDER BY d.id DESC';
  const { rows } = await reads.query<{ looked: number; count: number }>(
    `SELECT count(*)::integer AS looked, (count(*) FILTER (WHERE ${rest.text}))::integer AS count
     FROM (SELECT d.* FROM deliveries d WHERE ${range.text} ${order} LIMIT ${MAX_COUNTED + 1}) d`,
    [...range.values, ...rest.values],
  );
  const { looked = 0, count = 0 } = rows[0] ?? {};
  return { count: Math.min(count, MAX_COUNTED), isCapped: looked > MAX_COUNTED };
}

/** Outside of a WHERE, what may be unknown would have all that comes after it asked, too. */
function surely(condition: Condition): Condition {
  if (typeof condition === 'string') return `(${condition}) IS TRUE`;
  const [sql, value] = condition;
  return [`(${sql}) IS TRUE`, value];
}
