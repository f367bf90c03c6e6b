import { Client } from 'pg';
import { during, type Fault, type FaultContext, pass } from '../fault.ts';

const BETWEEN_BACKEND_KILLS_SECONDS = 2;

/** Postgres stopped as by a crash, away for a while, and started again. */
export const postgresRestart: Fault = {
  name: 'postgres-restart',
  summary: 'Postgres is stopped at once, as by a crash, stays away and comes back',
  async inject(context) {
    const { servers, seconds, signal } = context;
    await pass(seconds / 4, signal);
    await during(context, { fault: 'Postgres away' }, async () => {
      await servers.postgres.stopAtOnce(signal);
      await pass(seconds / 4, signal);
      await servers.postgres.startAgain();
    });
    await pass(seconds / 4, signal);
  },
};

const END_BACKENDS_SQL = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
  WHERE datname = current_database() AND pid <> pg_backend_pid()`;

/** Every connection to Postgres ended, again and again. */
export const backendKill: Fault = {
  name: 'backend-kill',
  summary: 'every connection to Postgres is ended, every two seconds',
  async inject(context) {
    const { seconds, signal } = context;
    await onPostgres(context, async (client) => {
      await during(context, { fault: 'connections ended' }, async () => {
        const times = Math.max(1, Math.floor(seconds / BETWEEN_BACKEND_KILLS_SECONDS));
        for (let time = 0; time < times; time += 1) {
          await client.query(END_BACKENDS_SQL);
          await pass(BETWEEN_BACKEND_KILLS_SECONDS, signal);
        }
      });
    });
  },
};

/** A transaction that keeps its snapshot, so that vacuum removes nothing. */
export const snapshotHeld: Fault = {
  name: 'snapshot-held',
  summary: 'a transaction holds its snapshot all the time, so that vacuum removes nothing',
  async inject(context) {
    await onPostgres(context, async (client) => {
      await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
      await client.query('SELECT count(*) FROM events');
      await during(context, { fault: 'snapshot held', hits: [], reachMs: 0 }, async () => {
        await pass(context.seconds, context.signal);
      });
      await client.query('ROLLBACK');
    });
  },
};

async function onPostgres(
  { installation }: FaultContext,
  work: (client: Client) => Promise<void>,
): Promise<void> {
  const client = new Client({ connectionString: installation.databaseUrl });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

/** Temporal killed and started again, with what it knew. */
export const temporalKill: Fault = temporalFault('kept', {
  name: 'temporal-kill',
  summary: 'Temporal gets SIGKILL, stays away and comes back',
});

/** Temporal killed and started again, knowing nothing. */
export const temporalFresh: Fault = temporalFault('deleted', {
  name: 'temporal-fresh',
  summary: 'Temporal gets SIGKILL and comes back with an empty database',
});

function temporalFault(data: 'kept' | 'deleted', named: Pick<Fault, 'name' | 'summary'>): Fault {
  return {
    ...named,
    async inject(context) {
      const { servers, seconds, signal } = context;
      await pass(seconds / 4, signal);
      await during(context, { fault: 'Temporal away' }, async () => {
        await servers.temporal.kill(signal);
        await pass(seconds / 4, signal);
        await servers.temporal.startAgain(data);
      });
      await pass(seconds / 4, signal);
    },
  };
}
