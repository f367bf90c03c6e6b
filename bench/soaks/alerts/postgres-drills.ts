import type { Client } from 'pg';
import { newId } from '../../../src/new-id.ts';
import { type AlertDrill, publishInTurn, untilEnough } from './alert-drill.ts';
import type { AlertStage } from './alert-stage.ts';

/** More than the alert on answers that wait for their record allows. */
const ANSWERS_IN_FLIGHT = 260;
/** Longer than such an answer takes. */
const PATIENT = { timeout_ms: 90_000 };
const DEAD_ROWS = 500_001;
const READS_AT_A_TIME = 60;
/** The alert is on ten minutes. */
const OLD_SNAPSHOT_MS = 660_000;

/** Postgres answers late, and more is read by its id, not by the few connections for lists, than an API has others. */
export const manyReads: AlertDrill = {
  alerts: ['PosthornPoolExhausted'],
  async make(stage, over) {
    stage.link.become({ kind: 'slow', delayMs: 1_000 });
    while (!over.aborted)
      await Promise.all(
        Array.from({ length: READS_AT_A_TIME }, async () => await stage.read(`/v1/endpoints/${newId('ep')}`)),
      );
  },
  end: async ({ link }) => link.become({ kind: 'sound' }),
};

/** Postgres is cut off while hundreds of answers are waited for. */
export const cutOff: AlertDrill = {
  alerts: [
    'PosthornDatabaseAway',
    'PosthornPublishFailing',
    'PosthornRecordsPending',
    'PosthornReconcilerStalled',
    'PosthornStateStale',
  ],
  async make(stage, over) {
    await stage.haveWorker();
    const slow = await stage.createEndpoints('slow', { count: ANSWERS_IN_FLIGHT, settings: PATIENT });
    const count = ANSWERS_IN_FLIGHT;
    await stage.untilArrived('slow', { count, of: async () => await stage.publishAll(slow) });
    stage.link.become({ kind: 'cut' });
    await publishInTurn(slow, { stage, over });
  },
  end: async ({ link }) => link.become({ kind: 'sound' }),
};

/** Half a million rows of a statement that is taken back, in a table that no vacuum gets to. */
export const deadRows: AlertDrill = {
  alerts: ['PosthornDeadRows'],
  async make(stage, over) {
    const maintenance = await stage.openPostgres();
    await maintenance.query('BEGIN');
    // What any maintenance of a table takes; vacuum waits for it.
    await maintenance.query('LOCK TABLE open_deliveries IN SHARE UPDATE EXCLUSIVE MODE');
    await leaveDeadRows(stage);
    await untilEnough(over);
    await maintenance.query('ROLLBACK');
  },
};

async function leaveDeadRows(stage: AlertStage): Promise<void> {
  const client = await stage.openPostgres();
  await client.query('BEGIN');
  await client.query(
    `INSERT INTO open_deliveries (id, event_id, endpoint_id, event, status, created_at)
     SELECT 'drill_' || n, 'drill', 'drill', 'drill', 'cancelled', now() FROM generate_series(1, $1) n`,
    [DEAD_ROWS],
  );
  await client.query('ROLLBACK');
}

/** A transaction is left open. */
export function forgottenTransaction(): AlertDrill {
  let forgotten: Client | null = null;
  return {
    alerts: ['PosthornOldSnapshot'],
    patienceMs: OLD_SNAPSHOT_MS,
    async prepare(stage) {
      forgotten = await stage.openPostgres();
      await forgotten.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
      await forgotten.query('SELECT FROM open_deliveries LIMIT 1');
    },
    make: async (_stage, over) => await untilEnough(over),
    end: async () => void (await forgotten?.query('ROLLBACK')),
  };
}
