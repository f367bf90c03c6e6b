import { setTimeout as sleep } from 'node:timers/promises';
import { createProcessGroup } from '../../test/support/processes/processes.ts';
import { createRunDirectory } from '../../test/support/processes/test-run.ts';
import { removeDirectory } from '../../test/support/remove-directory.ts';
import { waitForEnds } from '../load/settled.ts';
import type { LedgerEntry } from '../measure/ledger.ts';
import { inSetting, type Setting } from '../setting.ts';
import {
  KEEP_ALIVE_SECONDS,
  type MissingReceiver,
  type StockReceiver,
  startStockReceivers,
} from '../stage/stock-receivers.ts';
import type { Check, SoakContext, SoakScenario } from './soak-scenario.ts';

/** Around the moment at which receivers close an idle connection. */
const INTERVAL_MS = 1_000 * KEEP_ALIVE_SECONDS;
const SPREAD_MS = 50;
const DRAIN_MS = 60_000;

/**
 * Events that come just when receivers close idle connections: what crosses on the way must show nowhere as a failure.
 */
export const receivers: SoakScenario = {
  name: 'receivers',
  summary: 'events for nginx, Apache, gunicorn, uvicorn and Node at the interval of their keep-alive',
  // Five minutes.
  defaultCount: 150,
  leastCount: 2,
  run: async (context) => await inSetting(context, {}, async (setting) => await run(context, setting)),
};

async function run(context: SoakContext, setting: Setting): Promise<readonly Check[]> {
  const { count, signal, onProgress } = context;
  const directory = createRunDirectory();
  const processes = createProcessGroup();
  try {
    const { started, missing } = await startStockReceivers(processes, { directory, signal });
    for (const { name, remedy } of missing) onProgress(`${name} is not here: ${remedy}`);
    await setting.installation.startWorker();
    for (const [endpoint, { url }] of started.entries()) await setting.createEndpoint(endpoint, { url });
    const entries = await publishAll(started, context, setting);
    await waitForEnds(setting.postgres, { timeoutMs: DRAIN_MS, signal });
    return [
      checkPresence(started, missing),
      {
        promise: 'every event is accepted',
        measured: `${entries.filter(({ acknowledged }) => acknowledged).length} of ${count * started.length}`,
        kept: entries.every(({ acknowledged }) => acknowledged),
      },
      ...(await checkAttempts(started, context, setting)),
    ];
  } finally {
    await processes.stopAll();
    removeDirectory(directory);
  }
}

async function publishAll(
  started: readonly StockReceiver[],
  { count, signal, onProgress }: SoakContext,
  { publisher, openLedger }: Setting,
): Promise<readonly LedgerEntry[]> {
  const ledger = openLedger();
  const publishTo = async (endpoint: number): Promise<void> => {
    for (let number = 0; number < count; number += 1) {
      const entry = ledger.begin(`job-${endpoint}-${number}`, endpoint);
      await publisher.publish(entry);
      if (endpoint === 0 && (number + 1) % 15 === 0) onProgress(`${number + 1} of ${count} events each`);
      await sleep(INTERVAL_MS + (2 * Math.random() - 1) * SPREAD_MS, undefined, { signal });
    }
  };
  await Promise.all(started.map(async (_, endpoint) => await publishTo(endpoint)));
  return ledger.entries;
}

function checkPresence(started: readonly StockReceiver[], missing: readonly MissingReceiver[]): Check {
  const names = started.map(({ name }) => name).join(', ');
  return {
    promise: 'all receivers take part',
    measured: missing.length === 0 ? names : `missing: ${missing.map(({ name }) => name).join(', ')}`,
    kept: missing.length === 0,
  };
}

interface AttemptRow {
  readonly customerId: string;
  readonly attempts: number;
  readonly failed: number;
  readonly resent: number;
  readonly delivered: number;
}

async function checkAttempts(
  started: readonly StockReceiver[],
  { count }: SoakContext,
  { postgres }: Setting,
): Promise<readonly Check[]> {
  const { rows } = await postgres.query<AttemptRow>(
    `SELECT d.customer_id AS "customerId", count(*)::int AS attempts,
       count(*) FILTER (WHERE a.error_code IS NOT NULL)::int AS failed, count(*) FILTER (WHERE a.resent)::int AS resent,
       count(DISTINCT d.id) FILTER (WHERE d.status = 'delivered')::int AS delivered
     FROM deliveries d JOIN attempts a ON a.delivery_id = d.id GROUP BY 1`,
  );
  return started.map(({ name }, endpoint) => {
    const row = rows.find(({ customerId }) => customerId === `bench-${endpoint}`);
    const { attempts = 0, failed = 0, resent = 0, delivered = 0 } = row ?? {};
    return {
      promise: `${name}: each event in one attempt, none of them failed`,
      measured: `${attempts} attempts, ${failed} failed, ${resent} sent again at once, ${delivered} delivered`,
      kept: attempts === count && failed === 0 && delivered === count,
    };
  });
}
