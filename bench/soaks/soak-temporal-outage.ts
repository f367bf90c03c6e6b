import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { runOpenLoop } from '../load/open-loop.ts';
import { countByStatus, waitForEnds } from '../load/settled.ts';
import { waitUntil } from '../load/wait-until.ts';
import { distributionOf } from '../measure/distribution.ts';
import { answerMs, type Ledger } from '../measure/ledger.ts';
import { inSetting, type Setting } from '../setting.ts';
import { checkLedger } from './soak-ledger-checks.ts';
import type { Check, SoakContext, SoakScenario } from './soak-scenario.ts';

const EVENTS_PER_SECOND = 200;
const DRAIN_MS = 600_000;
/** When Temporal is killed, as parts of the time of publishing, and what has become of its data when it is back. */
const OUTAGES = [
  { at: 0.15, data: 'kept' },
  { at: 0.6, data: 'deleted' },
] as const;
/** No outage is longer than this part, so that small runs see both. */
const LONGEST_SHARE = 0.3;
const MOST_NOTICE_MS = 5_000;
/** Longer than is promised, so that the report has a figure. */
const NOTICE_LOOK = { timeoutMs: 120_000, intervalMs: 50 };

/** Temporal killed in the middle of a flood, twice, the second time with everything it knew. */
export const temporalOutage: SoakScenario = {
  name: 'temporal-outage',
  summary: 'events published while Temporal is killed and comes back, once with its data deleted',
  defaultCount: 40_000,
  leastCount: 100,
  run: async (context) => await inSetting(context, {}, async (setting) => await run(context, setting)),
};

async function run(context: SoakContext, setting: Setting): Promise<readonly Check[]> {
  const { count, signal, onProgress } = context;
  const ratePerSecond = context.rate ?? EVENTS_PER_SECOND;
  const ledger = setting.openLedger();
  await setting.installation.startWorker();
  await setting.createEndpoint(0);
  const publishing = runOpenLoop({ ratePerSecond, count, signal }, async (index) => {
    await setting.publisher.publish(ledger.begin(`job-${index}`));
  });
  const totalMs = (count * 1_000) / ratePerSecond;
  const outages = cutOff(context, { setting, ledger, totalMs });
  // Whichever fails first is told; the other ends by the signal or by itself.
  outages.catch(() => undefined);
  await publishing;
  const noticedMs = await outages;
  onProgress(`published ${count}; ${ledger.received} received; waiting for the rest`);
  await waitForEnds(setting.postgres, { timeoutMs: DRAIN_MS, signal });
  const answers = distributionOf(ledger.entries.flatMap(answerMs));
  return [
    ...checkLedger(ledger, { count, orphaned: new Set(), statuses: await countByStatus(setting.postgres) }),
    {
      promise: `Temporal's return is noticed within ${MOST_NOTICE_MS / 1_000} s`,
      measured: `${noticedMs.map((ms) => (ms / 1_000).toFixed(1)).join(' and ')} s`,
      kept: noticedMs.every((ms) => ms <= MOST_NOTICE_MS),
    },
    {
      promise: 'publishes are answered all the time',
      measured:
        `p50 ${answers?.p50.toFixed(1)} ms, p99 ${answers?.p99.toFixed(1)} ms, worst ` +
        `${answers?.max.toFixed(0)} ms`,
      kept: answers !== null,
    },
  ];
}

/** @returns how long after each return the API said that Temporal was there */
async function cutOff(
  { signal, onProgress, outageSeconds }: SoakContext,
  { setting, ledger, totalMs }: { setting: Setting; ledger: Ledger; totalMs: number },
): Promise<readonly number[]> {
  const noticedMs: number[] = [];
  const began = performance.now();
  const outageMs = Math.min(outageSeconds * 1_000, totalMs * LONGEST_SHARE);
  const { temporal, apiUrl } = setting.installation;
  for (const { at, data } of OUTAGES) {
    await sleep(Math.max(0, began + at * totalMs - performance.now()), undefined, { signal });
    onProgress(`killing Temporal for ${(outageMs / 1_000).toFixed(0)} s; ${ledger.received} received so far`);
    await temporal.kill(signal);
    await sleep(outageMs, undefined, { signal });
    await temporal.startAgain(data);
    onProgress(`Temporal is back, its data ${data}; ${ledger.received} received so far`);
    const backAt = performance.now();
    await waitUntil(async () => await seesTemporal(apiUrl), { ...NOTICE_LOOK, signal });
    noticedMs.push(performance.now() - backAt);
  }
  return noticedMs;
}

const healthSchema = z.object({ reasons: z.array(z.object({ part: z.string() })) });

async function seesTemporal(apiUrl: string): Promise<boolean> {
  const { reasons } = healthSchema.parse(await (await fetch(`${apiUrl}/v1/health/ready`)).json());
  return reasons.every(({ part }) => part !== 'temporal');
}
