import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import type { RunningProcess } from '../support/processes.ts';
import { runOpenLoop } from './open-loop.ts';
import { checkLedger } from './soak-ledger-checks.ts';
import type { Check, SoakContext, SoakScenario } from './soak-scenario.ts';
import { countByStatus, inSoakSetting, type SoakSetting } from './soak-setting.ts';
import { waitUntil } from './wait-until.ts';

const EVENTS_PER_SECOND = 10;
const KILL_EVERY_MS = 4_000;
/** Long enough that a kill finds requests in flight. */
const RECEIVER_DELAY_MS = 250;
/** The least useful one, so that leases (timeout and 15 s) end soon. */
const ENDPOINT_TIMEOUT_MS = 1_000;
/** Several leases, heartbeat timeouts and rounds of reconciling one after another. */
const DRAIN_MS = 180_000;
const LOOK_EVERY_MS = 500;

/** Workers killed in a loop while events are published: the ledger must hold (faults.md). */
export const killLoop: SoakScenario = {
  name: 'kill-loop',
  summary: `events published while the worker is killed every ${KILL_EVERY_MS / 1_000} s`,
  defaultCount: 500,
  leastCount: 20,
  run: async (context) =>
    await inSoakSetting(
      context,
      { endpoint: { timeout_ms: ENDPOINT_TIMEOUT_MS }, delayMs: RECEIVER_DELAY_MS },
      async (setting) => await run(context, setting),
    ),
};

async function run(context: SoakContext, setting: SoakSetting): Promise<readonly Check[]> {
  const { count, signal, onProgress } = context;
  const { publisher, ledger, postgres, installation } = setting;
  const worker = await installation.startWorker();
  const published = new AbortController();
  const killing = killAgainAndAgain(worker, { context, setting, until: published.signal });
  // Its failure is told when it is awaited, which may be long after it happened.
  killing.catch(() => undefined);
  try {
    await runOpenLoop({ ratePerSecond: EVENTS_PER_SECOND, count, signal }, async (index) => {
      await publisher.publish(ledger.begin(`job-${index}`, performance.now()));
    });
  } finally {
    published.abort();
  }
  const { kills, orphaned } = await killing;
  onProgress(`published ${count} and killed ${kills} workers; waiting for the rest`);
  await waitUntil(async () => await isSettled(postgres), {
    timeoutMs: DRAIN_MS,
    signal,
    intervalMs: LOOK_EVERY_MS,
  });
  return [
    { promise: 'workers are killed', measured: `${kills} kills`, kept: kills > 0 },
    ...checkLedger(ledger, { count, orphaned, statuses: await countByStatus(postgres) }),
  ];
}

interface KillOptions {
  readonly context: SoakContext;
  readonly setting: SoakSetting;
  readonly until: AbortSignal;
}

interface Killed {
  readonly kills: number;
  /** Attempts, as `delivery/number`, that were under way when their worker was killed. */
  readonly orphaned: ReadonlySet<string>;
}

async function killAgainAndAgain(
  first: RunningProcess,
  { context, setting, until }: KillOptions,
): Promise<Killed> {
  const orphaned = new Set<string>();
  let worker = first;
  let kills = 0;
  while (!until.aborted) {
    await sleep(KILL_EVERY_MS, undefined, { signal: until }).catch(() => undefined);
    context.signal.throwIfAborted();
    if (until.aborted) break;
    worker.kill('SIGKILL');
    await worker.ended;
    kills += 1;
    for (const attempt of await attemptsUnderWay(setting.postgres)) orphaned.add(attempt);
    const { received, sent } = setting.ledger.counts();
    context.onProgress(`kill ${kills}: ${received} of ${sent} events received`);
    worker = await setting.installation.startWorker();
  }
  return { kills, orphaned };
}

async function attemptsUnderWay(postgres: Client): Promise<readonly string[]> {
  const { rows } = await postgres.query<{ attempt: string }>(
    `SELECT id || '/' || attempts_made AS attempt FROM deliveries WHERE status = 'sending'`,
  );
  return rows.map((row) => row.attempt);
}

async function isSettled(postgres: Client): Promise<boolean> {
  const { rows } = await postgres.query(
    `SELECT FROM deliveries WHERE status IN ('queued', 'sending', 'retrying', 'held', 'scheduled') LIMIT 1`,
  );
  return rows.length === 0;
}
