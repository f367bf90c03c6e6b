import { createLogger } from '../../../src/logger.ts';
import { preparePostgresBinaries } from '../../../src/main/servers/postgres-binaries.ts';
import { type Database, openDatabase } from '../../../src/storage/postgres/database.ts';
import { migrate } from '../../../src/storage/postgres/migrate.ts';
import { DAYS_AHEAD, HistoryDays } from '../../../src/storage/upkeep/history-days.ts';
import { startStockPostgres } from '../../../test/support/processes/stock-postgres.ts';
import { waitUntil } from '../../load/wait-until.ts';
import { NEVER_BREAKS } from '../../stage/never-breaks.ts';
import { during, type Fault, pass } from '../fault.ts';
import { shiftedClock, whyNoShiftedClock } from '../shifted-clock.ts';
import { type StageServers, startStageServers } from '../stage-servers.ts';
import { isTroubled } from './receiver-faults.ts';

const DAY_MS = 86_400_000;
/** Everything runs and something has been published by then. */
const LEAD_SECONDS = 100;
const EVE_SECONDS = 10;
/** So shortly before midnight that the API is back only after it. */
const LAST_SECONDS = 1;
const RETENTION_DAYS = 3;
/** What cannot lock a day at once looks again after a minute. */
const DROP_MS = 150_000;

/**
 * A day begins while events are published: its partition of history has to be there, one more is made ahead, and the
 * oldest is dropped. Half of the endpoints refuse at the time, so that something has to be kept of each kind: also what
 * was published after midnight is refused, as no breaker keeps it from being tried.
 */
export const midnight: Fault = {
  name: 'midnight',
  summary:
    'the clocks of API, workers and Postgres pass midnight; the API gets SIGKILL before it and comes back after it',
  missing: whyNoShiftedClock,
  settings: {
    retry: { strategy: 'fixed', initial_ms: 4_000, max_retries: 20, jitter: 0.2 },
    breaker: NEVER_BREAKS,
  },
  startServers: startBeforeMidnight,
  async inject(context) {
    const { installation, paths, seconds, signal, tellReceiver } = context;
    const database = open(installation.databaseUrl);
    try {
      const days = new HistoryDays(database);
      const oldest = await oldestOf(days);
      await pass((await secondsToMidnight(database)) - EVE_SECONDS, signal);
      await during(context, { fault: 'midnight', hits: [], reachMs: 0 }, async () => {
        const troubled = paths.filter((_, index) => isTroubled(index));
        for (const path of troubled) await tellReceiver({ path, does: '500' });
        await pass(EVE_SECONDS - LAST_SECONDS, signal);
        await installation.api.kill();
        await installation.api.startAgain();
        await pass(seconds / 2, signal);
        for (const path of troubled) await tellReceiver({ path, does: 'take' });
      });
      await untilDropped(days, { oldest, signal });
    } finally {
      await database.close();
    }
  },
};

/** The servers, with a Postgres whose clock is shortly before midnight and which has the days of a past. */
async function startBeforeMidnight(): Promise<StageServers> {
  const sinceMidnightMs = Date.now() % DAY_MS;
  const aheadMs = (2 * DAY_MS - sinceMidnightMs - LEAD_SECONDS * 1_000) % DAY_MS;
  const clock = shiftedClock(`+${Math.round(aheadMs / 1_000)}`);
  const environment = { ...clock, POSTHORN_RETENTION_DAYS: String(RETENTION_DAYS) };
  const servers = await startStageServers({
    startPostgres: async (dataDir) => {
      const programs = await preparePostgresBinaries();
      const server = await startStockPostgres({ programs, dataDir, environment: clock });
      await makeDaysUntilToday(server.url);
      const refuse = async (): Promise<never> => await Promise.reject(new Error('this Postgres stays'));
      return { postgres: { ...server, stopAtOnce: refuse, startAgain: refuse } };
    },
  });
  return { ...servers, environment };
}

/** As an installation would have them whose days were made a week ago, and of which nobody made any since. */
async function makeDaysUntilToday(databaseUrl: string): Promise<void> {
  await migrate(databaseUrl);
  const database = open(databaseUrl);
  try {
    const days = new HistoryDays(database);
    const { today } = await days.read();
    await days.makeAhead(new Date((today - DAYS_AHEAD) * DAY_MS));
  } finally {
    await database.close();
  }
}

function open(databaseUrl: string): Database {
  return openDatabase(databaseUrl, { logger: createLogger('silent'), maxConnections: 2 });
}

async function secondsToMidnight({ pool }: Database): Promise<number> {
  const { rows } = await pool.query<{ seconds: number }>(
    `SELECT extract(epoch FROM date_trunc('day', now(), 'UTC') + interval '1 day' - now())::float8 AS seconds`,
  );
  const seconds = rows[0]?.seconds ?? Number.POSITIVE_INFINITY;
  if (seconds > LEAD_SECONDS) throw new Error('midnight had passed before anything was published');
  return seconds;
}

async function oldestOf(days: HistoryDays): Promise<number> {
  return (await days.read()).days[0] ?? 0;
}

/** @throws where the day that midnight ended the retention of is still there */
async function untilDropped(
  days: HistoryDays,
  { oldest, signal }: { readonly oldest: number; readonly signal: AbortSignal },
): Promise<void> {
  const isDropped = async (): Promise<boolean> => (await oldestOf(days)) > oldest;
  const options = { timeoutMs: DROP_MS, intervalMs: 1_000, signal };
  if (!(await waitUntil(isDropped, options))) throw new Error('no day of history was dropped');
}
