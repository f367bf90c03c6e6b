import { runOpenLoop } from '../load/open-loop.ts';
import { waitForEnds } from '../load/settled.ts';
import type { Ledger } from '../measure/ledger.ts';
import { inSetting, type Setting } from '../setting.ts';
import type { Check, SoakContext, SoakScenario } from './soak-scenario.ts';

/** Fast enough that deliveries go by waves, which one worker drains. */
const EVENTS_PER_SECOND = 200;
const MOST_SILENCE_MS = 2_000;
/** A short one, so that what the dead worker had claimed is soon free. */
const ENDPOINT_TIMEOUT_MS = 2_000;
const DRAIN_MS = 120_000;
const SIGNALS = ['SIGKILL', 'SIGSTOP'] as const;

/** The worker that drains dies, and another one is there: for how long does nothing arrive? */
export const deadWorker: SoakScenario = {
  name: 'dead-worker',
  summary: 'events published while one of two workers is killed, and once while it is stopped',
  defaultCount: 8_000,
  leastCount: 400,
  run: async (context) => await inSetting(context, {}, async (setting) => await run(context, setting)),
};

async function run(context: SoakContext, setting: Setting): Promise<readonly Check[]> {
  const checks: Check[] = [];
  await setting.createEndpoint(0, { timeout_ms: ENDPOINT_TIMEOUT_MS });
  for (const signal of SIGNALS) {
    const { silenceMs, lost } = await loseWorker(context, { setting, signal });
    checks.push(
      {
        promise: `after ${signal} of the worker that drains, nothing stands still for ${MOST_SILENCE_MS / 1_000} s`,
        measured: `${(silenceMs / 1_000).toFixed(2)} s`,
        kept: silenceMs <= MOST_SILENCE_MS,
      },
      {
        promise: `after ${signal} every acknowledged event is received`,
        measured: `${lost} lost`,
        kept: lost === 0,
      },
    );
  }
  return checks;
}

/** Publishes at an even pace: to a lone worker first, so that it drains, and then beside another while it is lost. */
async function loseWorker(
  context: SoakContext,
  { setting, signal }: { readonly setting: Setting; readonly signal: (typeof SIGNALS)[number] },
): Promise<{ readonly silenceMs: number; readonly lost: number }> {
  const { installation, postgres, publisher } = setting;
  const ledger = setting.openLedger();
  const part = Math.floor(context.count / SIGNALS.length / 2);
  const publish = async (count: number, atMiddle: () => void) =>
    await runOpenLoop(
      { ratePerSecond: context.rate ?? EVENTS_PER_SECOND, count, signal: context.signal },
      (index) => {
        if (index === Math.floor(count / 2)) atMiddle();
        return publisher.publish(ledger.begin(`${signal}-${count}-${index}-${performance.now()}`));
      },
    );
  const drains = await installation.startWorker();
  await publish(part, () => {});
  const standsIn = await installation.startWorker();
  let lostAt = 0;
  context.onProgress(`publishing beside two workers; one gets ${signal}`);
  await publish(part, () => {
    lostAt = performance.now();
    drains.kill(signal);
  });
  const silenceMs = longestSilence(ledger, { from: lostAt, to: performance.now() });
  await waitForEnds(postgres, { timeoutMs: DRAIN_MS, signal: context.signal });
  for (const worker of [drains, standsIn]) worker.kill('SIGKILL');
  await Promise.all([drains.ended, standsIn.ended]);
  return { silenceMs, lost: ledger.counts().lost };
}

function longestSilence(
  ledger: Ledger,
  { from, to }: { readonly from: number; readonly to: number },
): number {
  const arrivals = ledger.entries.flatMap((entry) => entry.arrivals.map(({ at }) => at));
  const times = [
    from,
    ...arrivals.filter((at) => at > from && at < to).sort((one, other) => one - other),
    to,
  ];
  return Math.max(...times.slice(1).map((at, index) => at - (times[index] ?? at)));
}
