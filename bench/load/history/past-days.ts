import type { Client } from 'pg';
import {
  DAILY_TABLES,
  type Day,
  dayOf,
  dayOfPartition,
  ENDED,
  firstIdOf,
  partitionOf,
} from '../../../src/storage/history/days.ts';
import { DAYS_AHEAD, makeDaySql } from '../../../src/storage/upkeep/history-days.ts';

/**
 * Has history lie day by day from a time on, as it does where days were made since then. What is there already moves to
 * its day.
 */
export async function makePastDays(postgres: Client, since: Date): Promise<void> {
  await postgres.query('BEGIN');
  try {
    const names = DAILY_TABLES.map(({ name }) => `ONLY ${name}`).join(', ');
    await postgres.query(`LOCK TABLE ${names} IN ACCESS EXCLUSIVE MODE`);
    const first = dayOf(since);
    const end = await firstDayThere(postgres);
    const days = Array.from({ length: Math.max(0, end - first) }, (_, index) => first + index);
    if (days.length > 0) await makeDays(postgres, days);
    await postgres.query('COMMIT');
  } catch (error) {
    await postgres.query('ROLLBACK');
    throw error;
  }
}

/** The first day that there is; where there is none, that up to which they are usually made. */
async function firstDayThere(postgres: Client): Promise<Day> {
  const { rows } = await postgres.query<{ name: string }>(
    'SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = $1::regclass',
    [ENDED.name],
  );
  const days = rows.map(({ name }) => dayOfPartition(name)).filter((day) => day !== null);
  return days.length === 0 ? dayOf(new Date()) + DAYS_AHEAD + 1 : Math.min(...days);
}

async function makeDays(postgres: Client, days: readonly Day[]): Promise<void> {
  for (const table of DAILY_TABLES) {
    const { name, key } = table;
    const older = partitionOf(table, 'older');
    const first = firstIdOf(table, days[0] ?? 0);
    await postgres.query(`ALTER TABLE ${name} DETACH PARTITION ${older}`);
    for (const day of days) await postgres.query(makeDaySql(table, day));
    await postgres.query(`INSERT INTO ${name} SELECT * FROM ${older} WHERE ${key} >= ${first}`);
    await postgres.query(`DELETE FROM ${older} WHERE ${key} >= ${first}`);
    await postgres.query(
      `ALTER TABLE ${name} ATTACH PARTITION ${older} FOR VALUES FROM (MINVALUE) TO (${first})`,
    );
  }
}
