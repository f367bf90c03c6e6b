import type { PoolClient } from 'pg';
import {
  DAILY_TABLES,
  type DailyTable,
  type Day,
  dayOf,
  dayOfPartition,
  ENDED,
  firstIdOf,
  partitionOf,
} from '../history/days.ts';
import type { Database } from '../postgres/database.ts';
import { whileKeepingDays } from '../postgres/locks.ts';
import { type EndingDay, moveSurvivors, tooManySurvive } from './day-survivors.ts';

/** Days are made so far ahead that nothing lacks one while nobody makes any for a week, whatever clocks say. */
export const DAYS_AHEAD = 8;
/** With fewer than so many ahead somebody should look why no more are made. */
export const FEWEST_DAYS_AHEAD = 3;
/** The first that is ever made is one of which there are no ids yet, should a clock be ahead by a day. */
const FIRST_AHEAD = 2;
/**
 * Whoever writes history waits behind whoever waits to change its days: who reads it for long delays only the latter.
 */
const PATIENCE = "SET LOCAL lock_timeout = '100ms'";

/** Which days of history have partitions, and what day it is. */
export interface DaysStanding {
  readonly today: Day;
  /** In order, without gaps; none where none has been made yet: everything is in one partition then. */
  readonly days: readonly Day[];
}

/** How many whole days after today have partitions; null where none has been made yet. */
export function daysAheadOf({ today, days }: DaysStanding): number | null {
  const last = days.at(-1);
  return last === undefined ? null : Math.max(0, last - today);
}

/**
 * Makes partitions for days to come, and drops those whose retention is over. It needs nothing but Postgres, and what
 * it cannot lock at once it leaves for the next time, by throwing. It goes by the database's clock.
 */
export class HistoryDays {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** How days stand. */
  async read(at: Date | null = null): Promise<DaysStanding> {
    return await readStanding(this.#database.pool, at);
  }

  /**
   * Makes the days to come that there are not yet; as if it were some other time where one is given.
   * @returns those that it made
   */
  async makeAhead(at: Date | null = null): Promise<readonly Day[]> {
    const [first] = missingOf(await this.read(at));
    if (first === undefined) return [];
    await this.#promiseEnd(first, isBeginning);
    return await this.#change(async (client) => {
      const standing = await readStanding(client, at);
      const missing = missingOf(standing);
      if (missing[0] !== undefined && isBeginning(standing)) await changeOlder(client, missing[0]);
      for (const day of missing) for (const table of DAILY_TABLES) await client.query(makeDaySql(table, day));
      return missing;
    });
  }

  /**
   * Drops the days that ended longer ago than the retention, the oldest first. What has to be kept yet moves to what is
   * older; a day of which that is too much is left, with those after it, for `Retention` to remove row by row.
   * @returns those that it dropped
   */
  async dropOld(retentionDays: number): Promise<readonly Day[]> {
    const dropped: Day[] = [];
    for (const day of overOf(await this.read(), retentionDays)) {
      if (await tooManySurvive(this.#database.pool, { day, retentionDays })) break;
      dropped.push(...(await this.#drop({ day, retentionDays })));
    }
    return dropped;
  }

  /** Of which partitions rows have to be removed one by one: what is older, and days that nobody dropped for a day. */
  async listToSweep(retentionDays: number): Promise<readonly (Day | 'older')[]> {
    return ['older', ...overOf(await this.read(), retentionDays + 1)];
  }

  async #drop(ending: EndingDay): Promise<readonly Day[]> {
    const { day } = ending;
    const isOldest = ({ days }: DaysStanding): boolean => days[0] === day;
    await this.#promiseEnd(day + 1, isOldest);
    return await this.#change(async (client) => {
      if (!isOldest(await readStanding(client, null))) return [];
      await changeOlder(client, day + 1, async () => {
        await moveSurvivors(client, ending);
        for (const table of DAILY_TABLES) await client.query(`DROP TABLE ${partitionOf(table, day)}`);
      });
      return [day];
    });
  }

  /**
   * Has what is older take nothing from a day on, where that is about to be its end, and Postgres look at all its rows
   * beforehand, so that it need not when everybody waits.
   */
  async #promiseEnd(end: Day, isNeeded: (standing: DaysStanding) => boolean): Promise<void> {
    const promised = await this.#change(async (client) => {
      if (!isNeeded(await readStanding(client, null))) return [];
      for (const table of DAILY_TABLES) {
        const older = partitionOf(table, 'older');
        await client.query(`ALTER TABLE ${older} DROP CONSTRAINT IF EXISTS ${older}_end,
          ADD CONSTRAINT ${older}_end CHECK (${table.key} < ${firstIdOf(table, end)}) NOT VALID`);
      }
      return DAILY_TABLES.map((table) => partitionOf(table, 'older'));
    });
    for (const older of promised)
      await this.#database.pool.query(`ALTER TABLE ${older} VALIDATE CONSTRAINT ${older}_end`);
  }

  /** Runs a change alone; it does nothing where another replica makes one. */
  async #change<T>(change: (client: PoolClient) => Promise<readonly T[]>): Promise<readonly T[]> {
    const done = await whileKeepingDays(this.#database, async (client) => {
      await client.query(PATIENCE);
      return await change(client);
    });
    return done ?? [];
  }
}

async function readStanding(client: Pick<PoolClient, 'query'>, at: Date | null): Promise<DaysStanding> {
  const { rows } = await client.query<{ now: Date; partitions: readonly string[] }>(STANDING_SQL);
  const [row] = rows;
  if (row === undefined) throw new Error('the catalogue of Postgres told nothing');
  const days = row.partitions.map(dayOfPartition).filter((day) => day !== null);
  return { today: dayOf(at ?? row.now), days };
}

function isBeginning({ days }: DaysStanding): boolean {
  return days.length === 0;
}

function missingOf({ today, days }: DaysStanding): readonly Day[] {
  const first = (days.at(-1) ?? today + FIRST_AHEAD - 1) + 1;
  const count = Math.max(0, today + DAYS_AHEAD + 1 - first);
  return Array.from({ length: count }, (_, index) => first + index);
}

function overOf({ today, days }: DaysStanding, retentionDays: number): readonly Day[] {
  return days.filter((day) => day + 1 + retentionDays <= today);
}

/** Has what is older end before a day, as was promised, and does what has to be done while it is taken out. */
async function changeOlder(client: PoolClient, end: Day, meanwhile?: () => Promise<void>): Promise<void> {
  await client.query(LOCK_SQL);
  for (const table of DAILY_TABLES)
    await client.query(`ALTER TABLE ${table.name} DETACH PARTITION ${partitionOf(table, 'older')}`);
  await meanwhile?.();
  for (const table of DAILY_TABLES) {
    const older = partitionOf(table, 'older');
    await client.query(
      `ALTER TABLE ${table.name} ATTACH PARTITION ${older} FOR VALUES FROM (MINVALUE) TO (${firstIdOf(table, end)})`,
    );
    await client.query(`ALTER TABLE ${older} DROP CONSTRAINT ${older}_end`);
  }
}

/** SQL: makes a table's partition of a day apart and attaches it, which stops nobody who writes. */
export function makeDaySql(table: DailyTable, day: Day): string {
  const partition = partitionOf(table, day);
  const [from, to] = [firstIdOf(table, day), firstIdOf(table, day + 1)];
  return `CREATE TABLE ${partition} (LIKE ${table.name} INCLUDING ALL);
    ALTER TABLE ${table.name} ATTACH PARTITION ${partition} FOR VALUES FROM (${from}) TO (${to})`;
}

/** Their partitions are locked where they are changed. */
const LOCK_SQL = `LOCK TABLE ${DAILY_TABLES.map(({ name }) => `ONLY ${name}`).join(', ')} IN ACCESS EXCLUSIVE MODE`;

const STANDING_SQL = `
  SELECT now() AS now, ARRAY(
    SELECT c.relname::text FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = '${ENDED.name}'::regclass ORDER BY 1) AS partitions`;
