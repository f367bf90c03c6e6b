import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import type { RunningProcess } from '../../test/support/processes/processes.ts';
import type { AlertStage } from './alert-stage.ts';

/** A fault, and the alerts that it makes fire. */
export interface AlertDrill {
  readonly alerts: readonly string[];
  /** What takes long is begun before the first drill. */
  readonly prepare?: (stage: AlertStage) => Promise<void>;
  /** Makes it, again and again until told that it is enough. */
  readonly make: (stage: AlertStage, over: AbortSignal) => Promise<void>;
  /** Ends it. */
  readonly end?: (stage: AlertStage) => Promise<void>;
}

const TICK_MS = 200;
/** Two events for each failing endpoint: more dead ones, and attempts, than the alerts on them allow. */
const DEAD_EVERY_MS = 5_000;
const HANG = { timeout_ms: 20_000 };
const SMALL_WORKER = 20;
/** More than the alert on answers that wait for their record allows. */
const ANSWERS_IN_FLIGHT = 260;
/** Until they are all under way, and none is answered yet. */
const CLAIMED_AFTER_MS = 10_000;
const DEAD_ROWS = 500_001;
const CLOSED_PORT = 1;
const READS_AT_A_TIME = 60;

/** Each goes on from where the one before left things. The network is first: whoever is reached ends a suspicion. */
export function alertDrills(): readonly AlertDrill[] {
  let worker: RunningProcess | null = null;
  const startWorker = async (stage: AlertStage, maxInFlight?: number): Promise<void> => {
    worker = await stage.startWorker(maxInFlight);
  };
  return [
    {
      alerts: ['PosthornNetworkSuspected'],
      async make(stage, over) {
        await startWorker(stage);
        const url = (index: number): string => `http://127.0.0.${index + 2}:${CLOSED_PORT}/`;
        const settings = { retry: { strategy: 'fixed', initial_ms: 1_000, max_retries: 10, jitter: 0 } };
        const away = await stage.createEndpoints('away', { count: 40, url, settings });
        await inTurn(away, { stage, over });
      },
    },
    {
      alerts: [
        'PosthornDeadLetters',
        'PosthornFailureRatio',
        'PosthornBreakersOpen',
        'PosthornEndpointDisabled',
      ],
      async make(stage, over) {
        const [gone = ''] = await stage.createEndpoints('gone', { count: 1 });
        const failing = await stage.createEndpoints('refuse', { count: 40 });
        await stage.publish(gone);
        while (!over.aborted) {
          await Promise.all([...failing, ...failing].map(stage.publish));
          await sleep(DEAD_EVERY_MS);
        }
      },
    },
    {
      alerts: ['PosthornEventLoopLag'],
      async make(_stage, over) {
        while (!over.aborted) {
          worker?.kill('SIGSTOP');
          await sleep(3 * TICK_MS);
          worker?.kill('SIGCONT');
          await sleep(TICK_MS);
        }
      },
    },
    {
      alerts: ['PosthornWorkerSaturated'],
      async make(stage, over) {
        await worker?.stop();
        await startWorker(stage, SMALL_WORKER);
        const hanging = await stage.createEndpoints('hang', { count: 3 * SMALL_WORKER, settings: HANG });
        await inTurn(hanging, { stage, over });
      },
    },
    {
      alerts: ['PosthornNoWorker', 'PosthornOverdue'],
      async make(stage, over) {
        worker?.kill('SIGKILL');
        const well = await stage.createEndpoints('well', { count: 1 });
        for (let index = 0; index < 100; index += 1) await stage.publish(well[0] ?? '');
        await aborted(over);
      },
    },
    {
      alerts: ['PosthornOutcomeUnknown', 'PosthornLeasesExpire'],
      async make(stage, over) {
        await startWorker(stage);
        await aborted(over);
      },
    },
    {
      alerts: ['PosthornFirstAttemptSlowFast', 'PosthornFirstAttemptSlowSlow'],
      async make(stage, over) {
        const prompt = await stage.createEndpoints('prompt', { count: 10 });
        stage.link.become({ kind: 'slow', delayMs: 700 });
        await inTurn(prompt, { stage, over });
      },
      end: async ({ link }) => link.become({ kind: 'sound' }),
    },
    {
      alerts: ['PosthornTemporalAway'],
      async make({ installation, signal }, over) {
        await installation.temporal.kill(signal);
        await aborted(over);
      },
      end: async ({ installation }) => await installation.temporal.startAgain('kept'),
    },
    {
      alerts: ['PosthornPoolExhausted'],
      async make(stage, over) {
        stage.link.become({ kind: 'slow', delayMs: 1_000 });
        while (!over.aborted)
          await Promise.all(
            Array.from({ length: READS_AT_A_TIME }, async () => await stage.read('/v1/events')),
          );
      },
      end: async ({ link }) => link.become({ kind: 'sound' }),
    },
    {
      alerts: [
        'PosthornDatabaseAway',
        'PosthornPublishFailing',
        'PosthornRecordsPending',
        'PosthornReconcilerStalled',
        'PosthornStateStale',
      ],
      async make(stage, over) {
        const slow = await stage.createEndpoints('slow', { count: ANSWERS_IN_FLIGHT });
        await Promise.all(slow.map(stage.publish));
        await sleep(CLAIMED_AFTER_MS);
        stage.link.become({ kind: 'cut' });
        await inTurn(slow, { stage, over });
      },
      end: async ({ link }) => link.become({ kind: 'sound' }),
    },
    {
      alerts: ['PosthornOldSnapshot', 'PosthornDeadRows'],
      async prepare({ postgres }) {
        await postgres.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
        await postgres.query('SELECT FROM open_deliveries LIMIT 1');
      },
      async make({ postgres, installation, publish }, over) {
        await publish('hang-0');
        // Vacuum waits for this lock, as for that of any maintenance.
        await postgres.query('LOCK TABLE open_deliveries IN SHARE UPDATE EXCLUSIVE MODE');
        await leaveDeadRows(installation.databaseUrl);
        await aborted(over);
      },
      end: async ({ postgres }) => void (await postgres.query('ROLLBACK')),
    },
    {
      alerts: ['PosthornApiDown'],
      async make({ installation }, over) {
        await installation.api.kill();
        await aborted(over);
      },
    },
  ];
}

/** Rows of a statement that is taken back are dead. */
async function leaveDeadRows(databaseUrl: string): Promise<void> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query('BEGIN');
  await client
    .query(
      `INSERT INTO open_deliveries
       SELECT (jsonb_populate_record(one, jsonb_build_object('id', 'del_' || n))).*
       FROM (SELECT * FROM open_deliveries LIMIT 1) one, generate_series(1, ${DEAD_ROWS}) n`,
    )
    .catch(() => undefined);
  await client.query('ROLLBACK');
  await client.end();
}

async function inTurn(
  customers: readonly string[],
  { stage, over }: { readonly stage: AlertStage; readonly over: AbortSignal },
): Promise<void> {
  for (let index = 0; !over.aborted; index += 1) {
    await stage.publish(customers[index % customers.length] ?? '');
    await sleep(TICK_MS);
  }
}

async function aborted(over: AbortSignal): Promise<void> {
  if (over.aborted) return;
  await new Promise<void>((resolve) => over.addEventListener('abort', () => resolve(), { once: true }));
}
