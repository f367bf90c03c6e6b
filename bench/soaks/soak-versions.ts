import { join } from 'node:path';
import { readHostPaths } from '../../src/config.ts';
import { findTemporalCli } from '../../src/main/servers/download/find-server.ts';
import { createProcessGroup, type RunningProcess } from '../../test/support/processes/processes.ts';
import { createRunDirectory } from '../../test/support/processes/test-run.ts';
import { removeDirectory } from '../../test/support/remove-directory.ts';
import { createRainbow, type Rainbow } from '../../test/support/temporal/rainbow.ts';
import { runOpenLoop } from '../load/open-loop.ts';
import { eventBody } from '../load/publisher.ts';
import { createReplayClient } from '../load/replay-client.ts';
import { countByStatus, waitForEnds } from '../load/settled.ts';
import type { Ledger } from '../measure/ledger.ts';
import { inSetting, type Setting } from '../setting.ts';
import { buildVersion, commitOf, lastTag } from '../stage/version-checkout.ts';
import type { Check, SoakContext, SoakScenario } from './soak-scenario.ts';

/** While versions change; the rest of the deliveries is there before. */
const EVENTS_PER_SECOND = 5;
const DRAIN_MS = 600_000;
const NONDETERMINISM = /nondetermin|TMPRL1100/i;
const BUILDS = { old: 'old', new: 'new' } as const;
/** Endpoints by what becomes of their deliveries. */
const WELL = 0;
const PAUSED = 1;
const RETRYING = 2;
const ORDERED = 3;
const DYING = 4;
const SCHEDULED = 5;
const RETRY_MS = 45_000;
/** Its deliveries are to wait for their retries, not for a breaker. */
const PATIENT = { consecutive_failures: 1_000, failure_ratio: 1, minimum_attempts: 1_000 };
const SCHEDULED_MS = 120_000;
const REPORT_EVERY_MS = 30_000;
/**
 * A server looks first after three minutes whether a version has runs left, and every three minutes again; this one
 * does sooner.
 */
const DRAINAGE = {
  'matching.wv.VersionDrainageStatusVisibilityGracePeriod': '20s',
  'matching.wv.VersionDrainageStatusRefreshInterval': '10s',
};

/** Deliveries in every state while a version is replaced by the next and taken back, by the script for it. */
export const versions: SoakScenario = {
  name: 'versions',
  summary:
    'deliveries in every state while another version (--from) is replaced by this one, and brought back',
  defaultCount: 1_000,
  leastCount: 20,
  run: async (context) => {
    const from = context.from ?? (await lastTag()) ?? 'HEAD';
    const directory = createRunDirectory();
    const checkout = join(directory, 'old');
    try {
      context.onProgress(`building ${from} (${await commitOf(from)})`);
      await buildVersion(from, checkout);
      const stage = { ...context.stage, checkout };
      return await inSetting(
        { ...context, stage },
        { temporalConfig: DRAINAGE },
        async (setting) => await run(context, { setting, checkout }),
      );
    } finally {
      removeDirectory(directory);
    }
  },
};

interface Means {
  readonly setting: Setting;
  readonly checkout: string;
}

async function run(context: SoakContext, { setting, checkout }: Means): Promise<readonly Check[]> {
  const { count, signal, onProgress } = context;
  const { installation, postgres } = setting;
  const scripts = createProcessGroup();
  const rainbow = createRainbow(scripts, {
    cli: await findTemporalCli(readHostPaths()),
    address: installation.temporalAddress,
    namespace: 'default',
    sharePercent: 5,
    watchSeconds: 20,
  });
  const workers: RunningProcess[] = [];
  const start = async (build: string): Promise<RunningProcess> => {
    const worker = await installation.startWorker({ POSTHORN_BUILD_ID: build });
    workers.push(worker);
    return worker;
  };
  const ledger = setting.openLedger();
  const client = createReplayClient(setting);
  try {
    const old = await start(BUILDS.old);
    await rainbow.deploy(BUILDS.old);
    await fill(setting, { ledger, count, act: client.act });
    const over = new AbortController();
    const load = publishUntil(over.signal, { context, setting, ledger });
    onProgress(`in every state: ${JSON.stringify(await countByStatus(postgres))}; going forward`);
    await installation.changeTo(null);
    const next = await start(BUILDS.new);
    const ended = [await moveTo(BUILDS.new, { rainbow, from: BUILDS.old, former: old, onProgress })];
    onProgress(`${JSON.stringify(await countByStatus(postgres))}; going back`);
    await installation.changeTo(checkout, { migrating: false });
    await start(BUILDS.old);
    ended.push(await moveTo(BUILDS.old, { rainbow, from: BUILDS.new, former: next, onProgress }));
    onProgress(`${JSON.stringify(await countByStatus(postgres))}; waiting for the rest`);
    over.abort();
    await load;
    await client.act(PAUSED, 'resume');
    setting.receiver.behave(DYING, 'answer');
    // Its breaker would wait for minutes before it tries again.
    await client.act(DYING, 'resume');
    await client.retryDead();
    await waitForEnds(postgres, { timeoutMs: DRAIN_MS, signal });
    return checksOf({ ledger, ended, workers, statuses: await countByStatus(postgres), count });
  } finally {
    await scripts.stopAll();
  }
}

interface Move extends Pick<SoakContext, 'onProgress'> {
  readonly rainbow: Rainbow;
  /** The build that is left. */
  readonly from: string;
  readonly former: RunningProcess;
}

/** By the script, up to its end; then the former workers are stopped, as it says. */
async function moveTo(build: string, { rainbow, from, former, onProgress }: Move): Promise<string> {
  const report = setInterval(() => {
    void rainbow.openIn(from).then(
      (runs) => onProgress(`moving to ${build}: ${runs} runs keep to ${from}`),
      () => undefined,
    );
  }, REPORT_EVERY_MS);
  try {
    await rainbow.deploy(build, 'drained');
  } finally {
    clearInterval(report);
  }
  return await former.stop();
}

interface Filling {
  readonly ledger: Ledger;
  readonly count: number;
  readonly act: (endpoint: number, action: 'pause' | 'resume') => Promise<void>;
}

/** So many deliveries, the most of them open and each in one of the states that there are. */
async function fill(setting: Setting, { ledger, count, act }: Filling): Promise<void> {
  const { receiver, publisher } = setting;
  const retry = { strategy: 'fixed', initial_ms: RETRY_MS, max_retries: 3, jitter: 0 };
  receiver.behave(RETRYING, { refuseUpTo: 2 });
  receiver.behave(DYING, 'refuse');
  for (const endpoint of [WELL, PAUSED, SCHEDULED]) await setting.createEndpoint(endpoint);
  await setting.createEndpoint(RETRYING, { retry, breaker: PATIENT });
  await setting.createEndpoint(ORDERED, { ordered: true, retry });
  await setting.createEndpoint(DYING, { retry: { ...retry, max_retries: 0 } });
  await act(PAUSED, 'pause');
  const kinds = [WELL, PAUSED, RETRYING, ORDERED, DYING, SCHEDULED];
  for (const endpoint of kinds) {
    const entries = Array.from({ length: Math.ceil(count / kinds.length) }, (_, index) =>
      ledger.begin(`before-${endpoint}-${index}`, endpoint),
    );
    if (endpoint === SCHEDULED) for (const entry of entries) await schedule(setting, entry);
    else await publisher.publishMany(entries);
  }
}

async function schedule({ installation }: Setting, entry: ReturnType<Ledger['begin']>): Promise<void> {
  const deliver_at = new Date(Date.now() + SCHEDULED_MS).toISOString();
  const answer = await fetch(`${installation.apiUrl}/v1/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${installation.adminKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ ...(JSON.parse(eventBody(entry)) as object), deliver_at }),
  });
  entry.acknowledged = answer.status === 202;
}

interface Load {
  readonly context: SoakContext;
  readonly setting: Setting;
  readonly ledger: Ledger;
}

/** What is not acknowledged, while the API changes, is no promise. */
async function publishUntil(over: AbortSignal, { context, setting, ledger }: Load): Promise<void> {
  const loop = {
    ratePerSecond: context.rate ?? EVENTS_PER_SECOND,
    count: Number.MAX_SAFE_INTEGER,
    signal: AbortSignal.any([context.signal, over]),
  };
  await runOpenLoop(loop, async (index) => {
    await setting.publisher.publish(ledger.begin(`during-${index}`, WELL));
  }).catch((error: unknown) => {
    if (!over.aborted) throw error;
  });
}

interface Outcome {
  readonly ledger: Ledger;
  /** How the workers ended whose build was drained. */
  readonly ended: readonly string[];
  readonly workers: readonly RunningProcess[];
  readonly statuses: Readonly<Record<string, number>>;
  readonly count: number;
}

function checksOf({ ledger, ended, workers, statuses, count }: Outcome): readonly Check[] {
  const { acknowledged, lost } = ledger.counts();
  const broken = workers.filter((worker) => NONDETERMINISM.test(worker.output())).length;
  return [
    {
      promise: 'there is something to lose',
      measured: `${acknowledged} acknowledged`,
      kept: acknowledged >= count,
    },
    { promise: 'every acknowledged event is received', measured: `${lost} lost`, kept: lost === 0 },
    {
      promise: 'every delivery ends delivered',
      measured: JSON.stringify(statuses),
      kept: Object.keys(statuses).join() === 'delivered',
    },
    {
      promise: 'both versions have nothing left, and their workers end by themselves',
      measured: ended.join(', '),
      kept: ended.every((how) => how === 'code 0'),
    },
    {
      promise: 'no run meets code that it does not fit',
      measured: `${broken} workers say so`,
      kept: broken === 0,
    },
  ];
}
