import { allOf, type Condition } from './conditions.ts';
import type { PageBounds } from './page.ts';
import type { Reads } from './read-pool.ts';

/** Rows of a list that one request looks at: more would take longer than anybody waits. */
const MAX_LOOKED_AT = 2_000;
/** The same where each row is asked for what belongs to it, which takes several times as long. */
export const MAX_LOOKED_INTO = 500;

/** What a look at a list found. */
export interface Found<Row> {
  readonly rows: readonly Row[];
  /** Where it stopped before the page was full; null where it came to the end, or the page is full. */
  readonly lookedTo: string | null;
}

/** Which rows are looked at. */
export interface LookedAt {
  /** What an index of the table answers. */
  readonly indexed: readonly Condition[];
  /** What each row that is looked at is asked. */
  readonly asked: readonly Condition[];
}

/** A list, newest first, whose rows have an `id`. */
export interface BoundedList extends LookedAt {
  /** The table and its alias: `events e`. */
  readonly table: string;
  readonly alias: string;
  readonly columns: string;
  /** How many rows are asked at once, `MAX_LOOKED_AT` where absent. */
  readonly askedAtOnce?: number;
}

/** One page of a list, from no more rows than are asked at once. */
export async function lookFor<Row extends { readonly id: string }>(
  reads: Reads,
  { table, alias, columns, indexed, asked, askedAtOnce = MAX_LOOKED_AT }: BoundedList,
  page: PageBounds,
): Promise<Found<Row>> {
  const range = allOf([...indexed, [`${alias}.id < $`, page.beforeId ?? undefined]]);
  const rest = allOf(asked, range.values.length + 1);
  const isAsked = rest.text !== 'true';
  const limit = isAsked ? askedAtOnce : page.fetchLimit;
  const looked = `SELECT ${alias}.* FROM ${table} WHERE ${range.text} ORDER BY ${alias}.id DESC LIMIT ${limit}`;
  const { rows } = await reads.query<Row>(
    `WITH looked AS MATERIALIZED (${looked})
     SELECT ${columns} FROM looked ${alias} WHERE ${rest.text} ORDER BY ${alias}.id DESC LIMIT ${page.fetchLimit}`,
    [...range.values, ...rest.values],
  );
  if (!isAsked || rows.length >= page.fetchLimit) return { rows, lookedTo: null };
  const { rows: ends } = await reads.query<{ id: string | null; count: number }>(
    `SELECT min(id) AS id, count(*)::integer AS count FROM (
       SELECT ${alias}.id FROM ${table} WHERE ${range.text} ORDER BY ${alias}.id DESC LIMIT ${limit}) looked`,
    range.values,
  );
  const [end] = ends;
  return { rows, lookedTo: end !== undefined && end.count >= limit ? end.id : null };
}
