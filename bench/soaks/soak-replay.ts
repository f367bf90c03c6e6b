import { runClosedLoop } from '../load/closed-loop.ts';
import { runOpenLoop } from '../load/open-loop.ts';
import { createReplayClient, type ReplayView } from '../load/replay-client.ts';
import { countByStatus, waitForEnds, waitForReceipts } from '../load/settled.ts';
import { waitUntil } from '../load/wait-until.ts';
import { distributionOf } from '../measure/distribution.ts';
import { type Ledger, receiptMs } from '../measure/ledger.ts';
import { BOUNDED_HEAP, checkFlatOverRun, residentMegabytes } from '../measure/resident-memory.ts';
import { inSetting, type Setting } from '../setting.ts';
import type { Check, SoakContext, SoakScenario } from './soak-scenario.ts';

const BULK = 0;
/** Live traffic goes to the endpoint of the bulk and to one of its own, by turns. */
const LIVE = [BULK, 1] as const;
const LIVE_PER_SECOND = 50;
const QUIET_SECONDS = 20;
const PER_CALL = 500;
const SIDE_BY_SIDE = 4;
const SAMPLE_EVERY_MS = 250;
/** Cancelled when so much is delivered. */
const CANCELLED_AT = 0.3;
const PHASE_MS = 1_800_000;
const SETTLE_MS = 60_000;
/** How much longer than in quiet times live deliveries may take. */
const FACTOR_ALLOWED = 2;
/** Waves poll and machines stutter: below this nobody waits. */
const NOTICED_MS = 100;

/** A bulk replay beside live traffic: lower priority, cancellable, a second run is harmless. */
export const replay: SoakScenario = {
  name: 'replay',
  summary: 'dead letters replayed beside live traffic, cancelled in the middle, and replayed again',
  defaultCount: 100_000,
  leastCount: 500,
  run: async (context) =>
    await inSetting(context, { environment: BOUNDED_HEAP }, async (setting) => await run(context, setting)),
};

interface Stage {
  readonly context: SoakContext;
  readonly setting: Setting;
  readonly client: ReturnType<typeof createReplayClient>;
  readonly memory: Readonly<Record<string, number[]>>;
}

async function run(context: SoakContext, setting: Setting): Promise<readonly Check[]> {
  const { count, onProgress } = context;
  await setting.installation.startWorker();
  for (const endpoint of LIVE) await setting.createEndpoint(endpoint);
  const client = createReplayClient(setting);
  const stage: Stage = { context, setting, client, memory: { api: [], 'worker 1': [] } };
  const dead = await makeDead(stage);
  onProgress(`${count} are dead; live traffic alone`);
  let seconds = 0;
  const quiet = await playLive(stage, { name: 'quiet', isOver: async () => ++seconds > QUIET_SECONDS });
  const first = await client.retryDead();
  const beside = await playLive(stage, { name: 'beside', isOver: isDelivered(stage, first, CANCELLED_AT) });
  await client.cancel(first);
  const cancelled = await untilSettled(stage, first);
  await waitForEnds(setting.postgres, { timeoutMs: SETTLE_MS, signal: context.signal });
  const afterCancel = { received: dead.received, statuses: await countByStatus(setting.postgres, BULK) };
  onProgress(`cancelled after ${afterCancel.received} of ${count}; replaying twice at once`);
  const [second, third] = [await client.retryDead(), await client.retryDead()];
  const again = await playLive(stage, { name: 'again', isOver: isDelivered(stage, second, 1) });
  const others = [await untilSettled(stage, second), await untilSettled(stage, third)];
  return [
    ...liveChecks(quiet, { beside, again }),
    ...cancelChecks(cancelled, { ...afterCancel, count, live: quiet.sentToBulk + beside.sentToBulk }),
    ...onceChecks(dead, { count, replays: [cancelled, ...others] }),
    ...Object.entries(stage.memory).map(([process, samples]) => checkFlatOverRun(process, samples)),
  ];
}

/** Publishes to a paused endpoint and has what is held there dead, as if every retry had failed long ago. */
async function makeDead({ context, setting, client }: Stage): Promise<Ledger> {
  const { count, signal } = context;
  const ledger = setting.openLedger();
  await client.act(BULK, 'pause');
  const calls = Math.ceil(count / PER_CALL);
  await runClosedLoop({ count: calls, sideBySide: SIDE_BY_SIDE, signal }, async (call) => {
    const length = Math.min(PER_CALL, count - call * PER_CALL);
    const entries = Array.from({ length }, (_, index) =>
      ledger.begin(`dead-${call * PER_CALL + index}`, BULK),
    );
    await setting.publisher.publishMany(entries);
  });
  await setting.postgres.query(
    `WITH gone AS (DELETE FROM open_deliveries WHERE status = 'held' RETURNING *)
     INSERT INTO ended_deliveries (id, event_id, endpoint_id, customer_id, event, status, dead_reason, attempts_made,
       retries_used, created_at, finished_at)
     SELECT id, event_id, endpoint_id, customer_id, event, 'dead', 'retries_exhausted', 4, 3, created_at, now()
     FROM gone`,
  );
  await setting.postgres.query('VACUUM ANALYZE ended_deliveries');
  await client.act(BULK, 'resume');
  return ledger;
}

interface LivePlan {
  readonly name: string;
  /** Asked each second. */
  readonly isOver: () => Promise<boolean>;
}

interface Live {
  readonly ledger: Ledger;
  readonly allReceived: boolean;
  readonly sentToBulk: number;
  readonly p50: number;
  readonly p99: number;
}

/** Publishes at a steady rate, second by second, until it is over, and waits for all receipts. */
async function playLive(stage: Stage, { name, isOver }: LivePlan): Promise<Live> {
  const { setting, context, memory } = stage;
  const ratePerSecond = context.rate ?? LIVE_PER_SECOND;
  const ledger = setting.openLedger();
  const isReplaying = name !== 'quiet';
  const sampling = setInterval(() => (isReplaying ? sample(memory, setting) : undefined), SAMPLE_EVERY_MS);
  const giveUpAt = performance.now() + PHASE_MS;
  let sent = 0;
  try {
    while (!(await isOver()) && performance.now() < giveUpAt) {
      const first = sent;
      sent += Math.ceil(ratePerSecond);
      const loop = { ratePerSecond, count: sent - first, signal: context.signal };
      await runOpenLoop(loop, async (index) => {
        const endpoint = LIVE[index % LIVE.length] ?? BULK;
        await setting.publisher.publish(ledger.begin(`${name}-${first + index}`, endpoint));
      });
    }
  } finally {
    clearInterval(sampling);
  }
  const allReceived = await waitForReceipts(ledger, context.signal);
  const spread = distributionOf(ledger.entries.flatMap(receiptMs));
  const sentToBulk = ledger.entries.filter(({ endpoint }) => endpoint === BULK).length;
  return { ledger, allReceived, sentToBulk, p50: spread?.p50 ?? 0, p99: spread?.p99 ?? 0 };
}

function sample(memory: Stage['memory'], { installation }: Setting): void {
  const pids = installation.processIds();
  for (const [process, samples] of Object.entries(memory))
    samples.push(residentMegabytes(pids[process] ?? Number.NaN));
}

function isDelivered({ client, context }: Stage, replayId: string, share: number): () => Promise<boolean> {
  return async () => {
    const view = await client.read(replayId);
    context.onProgress(`${view.delivered} of ${view.total} delivered`);
    return view.status !== 'running' || view.delivered >= share * view.total;
  };
}

async function untilSettled({ client, context }: Stage, replayId: string): Promise<ReplayView> {
  const isSettled = async (): Promise<boolean> => {
    const { status, finished_at, remaining } = await client.read(replayId);
    return status !== 'running' && finished_at !== null && remaining === 0;
  };
  await waitUntil(isSettled, { timeoutMs: SETTLE_MS, signal: context.signal, intervalMs: SAMPLE_EVERY_MS });
  return await client.read(replayId);
}

function liveChecks(quiet: Live, { beside, again }: Readonly<Record<'beside' | 'again', Live>>): Check[] {
  const told = ({ p50, p99 }: Live): string => `${p50.toFixed(0)} / ${p99.toFixed(0)} ms`;
  const ratio = (live: Live): string => `× ${(live.p99 / quiet.p99).toFixed(1)}`;
  const isFast = (live: Live): boolean => live.p99 <= Math.max(FACTOR_ALLOWED * quiet.p99, NOTICED_MS);
  const lost = [quiet, beside, again].filter(({ allReceived }) => !allReceived).length;
  return [
    {
      promise: `live deliveries come first (p50 / p99; at most × ${FACTOR_ALLOWED}, or ${NOTICED_MS} ms)`,
      measured:
        `quiet ${told(quiet)}, beside ${told(beside)} (${ratio(beside)}), again ` +
        `${told(again)} (${ratio(again)})`,
      kept: isFast(beside) && isFast(again),
    },
    { promise: 'every live event is received', measured: `${lost} of 3 phases lost some`, kept: lost === 0 },
  ];
}

function cancelChecks(
  cancelled: ReplayView,
  after: {
    readonly received: number;
    readonly statuses: Readonly<Record<string, number>>;
    readonly count: number;
    readonly live: number;
  },
): Check[] {
  const { received, statuses, count, live } = after;
  return [
    {
      promise: 'a cancelled replay sends nothing more, and the rest is dead as before',
      measured: `${cancelled.delivered} delivered, ${received} received, ${JSON.stringify(statuses)}`,
      kept:
        cancelled.status === 'cancelled' &&
        cancelled.delivered === received &&
        statuses.dead === count - received &&
        statuses.delivered === received + live,
    },
  ];
}

function onceChecks(
  ledger: Ledger,
  { count, replays }: { readonly count: number; readonly replays: readonly ReplayView[] },
): Check[] {
  const { received, lost, duplicates } = ledger.counts();
  const delivered = replays.map((view) => view.delivered);
  return [
    {
      promise: 'every dead letter is delivered once, though two replays ran over them at once',
      measured: `${received} received, ${lost} lost, ${duplicates} twice; ${delivered.join(' + ')} delivered`,
      kept:
        received === count &&
        lost === 0 &&
        duplicates === 0 &&
        delivered.reduce((sum, one) => sum + one, 0) === count,
    },
  ];
}
