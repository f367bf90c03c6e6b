import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { Client } from 'pg';
import { z } from 'zod';
import { runOpenLoop } from '../load/open-loop.ts';
import { waitUntil } from '../load/wait-until.ts';
import type { Fault, FaultContext } from './fault.ts';
import { isTroubled } from './faults/receiver-faults.ts';
import type { NamedWorker, Scene } from './scene.ts';

const counts = z.record(z.string(), z.number());
const verdictSchema = z.object({
  valid: z.boolean(),
  attempted: z.number(),
  acknowledged: z.number(),
  unanswered: counts,
  delivered: z.number(),
  gone: z.number(),
  lost: z.number(),
  unexpected: z.number(),
  duplicated: counts,
  recovered: counts,
  delays: z.record(
    z.string(),
    z.object({ count: z.number(), p50_ms: z.number(), p99_ms: z.number(), worst_ms: z.number() }),
  ),
  recovery_ms: z.number().nullable(),
  worst_clock_skew_s: z.number(),
  examples: z.record(z.string(), z.array(z.unknown())),
});

/** What the checker says of a set of ledgers. */
export type LedgerVerdict = z.infer<typeof verdictSchema>;

export interface Load {
  readonly ratePerSecond: number;
  /** Two where absent. */
  readonly workers?: number;
  /** Before and after the fault. */
  readonly calmSeconds: number;
  /** How long each fault lasts. */
  readonly seconds: number;
  /** Without anything that arrives for so long, what is missing counts as lost. */
  readonly patienceSeconds: number;
  /** Of the endpoints. */
  readonly timeoutMs: number;
  /** How long a claim holds beyond that. */
  readonly leaseMarginMs: number;
}

const CHECKER = resolve('bench/evidence/actors/check.mjs');
const ENDPOINTS = 6;
const WORKERS = 2;
const THINK_MS = 30;
const LONGEST_DRAIN_MS = 600_000;
/** Whatever comes twice comes by then. */
const LINGER_MS = 2_000;
const SETTINGS = {
  retry: { strategy: 'fixed', initial_ms: 2_000, max_retries: 20, jitter: 0.2 },
  breaker: { cooldown_ms: 2_000, max_cooldown_ms: 5_000 },
};

/**
 * Publishes at an even pace in a scene while faults come one after another, waits for the rest, and has the ledgers
 * judged.
 */
export async function runFaults(scene: Scene, faults: readonly Fault[], load: Load): Promise<LedgerVerdict> {
  const paths = await createEndpoints(scene, { faults, load });
  await scene.tellReceiver({ delayMs: Math.max(...faults.map(({ thinkMs = THINK_MS }) => thinkMs)) });
  const workers: NamedWorker[] = [];
  const environment = Object.assign({}, ...faults.map(({ workerEnvironment = {} }) => workerEnvironment));
  for (let count = 0; count < (load.workers ?? WORKERS); count += 1)
    workers.push(await scene.startWorker(environment));
  for (const fault of faults) await fault.prepare?.(scene);
  const until = new AbortController();
  const publishing = publishEvenly(scene, { ratePerSecond: load.ratePerSecond, until: until.signal });
  try {
    const leaseSeconds = (load.timeoutMs + load.leaseMarginMs) / 1_000;
    const context: FaultContext = { ...scene, seconds: load.seconds, leaseSeconds, workers, paths };
    await calm(scene, load);
    for (const fault of faults) await fault.inject(context);
    await calm(scene, load);
  } finally {
    until.abort();
    await publishing;
  }
  scene.onProgress('waiting for the rest');
  await waitForRest(scene, load);
  return judge(scene.files);
}

/** Has the checker, a program by itself, judge ledgers. @throws where it cannot read them */
export function judge(files: readonly string[]): LedgerVerdict {
  const { stdout, stderr } = spawnSync(process.execPath, [CHECKER, ...files], {
    encoding: 'utf8',
    maxBuffer: 64 * 1_024 * 1_024,
  });
  if (stdout === '') throw new Error(`the checker cannot read the ledgers: ${stderr}`);
  return verdictSchema.parse(JSON.parse(stdout));
}

async function createEndpoints(
  { producer, links }: Scene,
  { faults, load }: { readonly faults: readonly Fault[]; readonly load: Load },
): Promise<readonly string[]> {
  const wanted = Object.assign({}, SETTINGS, ...faults.map(({ settings = {} }) => settings));
  const paths = Array.from({ length: ENDPOINTS }, (_, number) => `/${number}`);
  for (const [number, path] of paths.entries()) {
    await producer.createEndpoint({
      number,
      url: `http://127.0.0.1:${links.receiver.port}${path}`,
      group: isTroubled(number) ? 'odd endpoints' : 'even endpoints',
      timeoutMs: load.timeoutMs,
      settings: wanted,
    });
  }
  return paths;
}

/** Ends once all that was asked has been answered, or is known not to be. */
async function publishEvenly(
  { producer, signal }: Scene,
  { ratePerSecond, until }: { ratePerSecond: number; until: AbortSignal },
): Promise<void> {
  const ends = AbortSignal.any([signal, until]);
  const publishes: Promise<void>[] = [];
  await runOpenLoop({ ratePerSecond, count: Number.MAX_SAFE_INTEGER, signal: ends }, async (index) => {
    publishes.push(producer.publish(index % ENDPOINTS));
  }).catch((error: unknown) => {
    if (!ends.aborted) throw error;
  });
  await Promise.all(publishes);
}

async function calm({ signal }: Scene, { calmSeconds }: Load): Promise<void> {
  await waitUntil(() => false, { timeoutMs: calmSeconds * 1_000, intervalMs: 100, signal });
}

const OPEN_SQL = `
  (SELECT FROM open_deliveries WHERE retry_mark IS NOT NULL OR status <> 'scheduled' LIMIT 1)
  UNION ALL (SELECT FROM replays WHERE finished_at IS NULL LIMIT 1)`;

/**
 * Until nothing is open any more or nothing has arrived for long. Looks into the database only in order not to wait for
 * what cannot come; what that says is no part of the verdict.
 */
async function waitForRest({ installation, files, signal }: Scene, { patienceSeconds }: Load): Promise<void> {
  const client = new Client({ connectionString: installation.databaseUrl });
  await client.connect();
  let arrivedAt = performance.now();
  let size = -1;
  try {
    await waitUntil(
      async () => {
        const now = files.reduce((sum, file) => sum + statSync(file).size, 0);
        if (now !== size) arrivedAt = performance.now();
        size = now;
        if (performance.now() - arrivedAt > patienceSeconds * 1_000) return true;
        const { rowCount } = await client.query(OPEN_SQL);
        return rowCount === 0 && performance.now() - arrivedAt > LINGER_MS;
      },
      { timeoutMs: LONGEST_DRAIN_MS, intervalMs: 250, signal },
    );
  } finally {
    await client.end();
  }
}
