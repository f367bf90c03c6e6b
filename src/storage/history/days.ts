import { type IdPrefix, leastIdAt } from '../../new-id.ts';

/** A day (UTC), counted from 1970-01-01. */
export type Day = number;

/** A table with a partition for each day of the ids in one of its columns. */
export interface DailyTable {
  readonly name: string;
  readonly key: string;
  readonly prefix: IdPrefix;
}

/** What ended. */
export const ENDED: DailyTable = { name: 'ended_deliveries', key: 'id', prefix: 'del' };

/** Attempts that do not stand with their delivery. */
export const FURTHER: DailyTable = { name: 'further_attempts', key: 'delivery_id', prefix: 'del' };

/** All that there are; they have the same days. */
export const DAILY_TABLES: readonly DailyTable[] = [ENDED, FURTHER];

const DAY_MS = 86_400_000;

/** The name of a table's partition of one day, or of everything before the first day. */
export function partitionOf({ name }: DailyTable, day: Day | 'older'): string {
  if (day === 'older') return `${name}_older`;
  return `${name}_${new Date(day * DAY_MS).toISOString().slice(0, 10).replaceAll('-', '')}`;
}

/** The day of the partition with this name; null where it is none of a day. */
export function dayOfPartition(name: string): Day | null {
  const [, year, month, day] = /_(\d{4})(\d{2})(\d{2})$/.exec(name) ?? [];
  return year === undefined ? null : Date.parse(`${year}-${month}-${day}`) / DAY_MS;
}

/** The day that a time is in. */
export function dayOf(time: Date): Day {
  return Math.floor(time.getTime() / DAY_MS);
}

/** The least id that a table has of a day, as a literal of SQL. */
export function firstIdOf({ prefix }: DailyTable, day: Day): string {
  return `'${leastIdAt(prefix, day * DAY_MS)}'`;
}
