import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import type { RunningProcess } from '../../test/support/processes/processes.ts';
import { runOpenLoop } from '../load/open-loop.ts';
import { countByStatus, waitForEnds, waitForReceipts } from '../load/settled.ts';
import type { Ledger } from '../measure/ledger.ts';
import { inSetting, type Setting } from '../setting.ts';
import { checkLedger } from './soak-ledger-checks.ts';
import type { Check, SoakContext, SoakScenario } from './soak-scenario.ts';

const EVENTS_PER_SECOND = 200;
/** Kills come at a random distance between these, counted from when the worker is ready. */
const KILL_AFTER_LEAST_MS = 1_000;
const KILL_AFTER_MOST_MS = 6_000;
/** Long enough that a kill finds requests in flight. */
const RECEIVER_DELAY_MS = 250;
/** A short one, so that leases (timeout and 15 s) end soon. */
const ENDPOINT_TIMEOUT_MS = 2_000;
/** Several leases, heartbeat timeouts and rounds of reconciling one after another. */
const DRAIN_MS = 600_000;

/** Workers killed in a loop while events are published: the ledger must hold. */
export const killLoop: SoakScenario = {
  name: 'kill-loop',
  summary: 'events published while the worker is killed again and again, at random distances',
  defaultCount: 20_000,
  leastCount: 20,
  run: async (context) =>
    await inSetting(context, { delayMs: RECEIVER_DELAY_MS }, async (setting) => await run(context, setting)),
};

async function run(context: SoakContext, setting: Setting): Promise<readonly Check[]> {
  const { count, signal, onProgress } = context;
  const { publisher, postgres, installation } = setting;
  const ledger = setting.openLedger();
  await setting.createEndpoint(0, { timeout_ms: ENDPOINT_TIMEOUT_MS });
  const worker = await installation.startWorker();
  const published = new AbortController();
  const killing = killAgainAndAgain(worker, { context, setting, ledger, until: published.signal });
  // Its failure is told when it is awaited, which may be long after it happened.
  killing.catch(() => undefined);
  const publishing: Promise<void>[] = [];
  try {
    await publishWhile(context, {
      killing,
      publish: async (index) => {
        publishing.push(publisher.publish(ledger.begin(`job-${index}`)));
      },
    });
    await Promise.all(publishing);
  } finally {
    published.abort();
  }
  const { kills, orphaned } = await killing;
  onProgress(`published ${publishing.length} and killed ${kills} workers; waiting for the rest`);
  await waitForReceipts(ledger, signal);
  await waitForEnds(postgres, { timeoutMs: DRAIN_MS, signal });
  const expectation = { count: publishing.length, orphaned, statuses: await countByStatus(postgres) };
  return [
    {
      promise: 'workers are killed',
      measured: `${kills} kills`,
      kept: context.kills === null ? kills > 0 && publishing.length === count : kills === context.kills,
    },
    ...checkLedger(ledger, expectation),
  ];
}

/** Publishes as many as are wanted, or until so many workers as are wanted have been killed. */
async function publishWhile(
  { count, kills, signal, rate }: SoakContext,
  { killing, publish }: { killing: Promise<unknown>; publish: (index: number) => Promise<void> },
): Promise<void> {
  const ratePerSecond = rate ?? EVENTS_PER_SECOND;
  if (kills === null) {
    await runOpenLoop({ ratePerSecond, count, signal }, publish);
    return;
  }
  const enough = new AbortController();
  void killing.finally(() => enough.abort()).catch(() => undefined);
  const loop = {
    ratePerSecond,
    count: Number.MAX_SAFE_INTEGER,
    signal: AbortSignal.any([signal, enough.signal]),
  };
  await runOpenLoop(loop, publish).catch((error: unknown) => {
    if (!enough.signal.aborted) throw error;
  });
}

interface KillOptions {
  readonly context: SoakContext;
  readonly setting: Setting;
  readonly ledger: Ledger;
  readonly until: AbortSignal;
}

interface Killed {
  readonly kills: number;
  /** Attempts, as `delivery/number`, that were under way when their worker was killed. */
  readonly orphaned: ReadonlySet<string>;
}

async function killAgainAndAgain(
  first: RunningProcess,
  { context, setting, ledger, until }: KillOptions,
): Promise<Killed> {
  const orphaned = new Set<string>();
  let worker = first;
  let kills = 0;
  while (!until.aborted && kills !== context.kills) {
    const distanceMs = KILL_AFTER_LEAST_MS + Math.random() * (KILL_AFTER_MOST_MS - KILL_AFTER_LEAST_MS);
    await sleep(distanceMs, undefined, { signal: until }).catch(() => undefined);
    context.signal.throwIfAborted();
    if (until.aborted) break;
    worker.kill('SIGKILL');
    await worker.ended;
    kills += 1;
    for (const attempt of await attemptsUnderWay(setting.postgres)) orphaned.add(attempt);
    context.onProgress(`kill ${kills}: ${ledger.received} events received`);
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
