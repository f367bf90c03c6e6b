import { setTimeout as sleep } from 'node:timers/promises';
import { waitUntil } from '../load/wait-until.ts';
import type { AlertDrill } from './alerts/alert-drill.ts';
import { alertDrills, drillsFor } from './alerts/alert-drills.ts';
import { type AlertStage, onAlertStage } from './alerts/alert-stage.ts';
import type { Check, SoakContext, SoakScenario } from './soak-scenario.ts';

const LOOK_EVERY_MS = 500;
/** Of which a slow machine takes minutes to get as far as the fault. */
const USUAL_PATIENCE_MS = 300_000;
/** Alerts look back for a minute at most, since that is what an hour is here. */
const WELL_AGAIN_MS = 180_000;

/** Each alert fires in a drill that makes its fault; minutes of the rules are seconds here, limits what they are. */
export const alerts: SoakScenario = {
  name: 'alerts',
  summary:
    'the first so many drills, or those of some (--only), before a Prometheus (on PATH) with the rules',
  defaultCount: alertDrills().length,
  leastCount: 1,
  run: async (context) => {
    const drills = drillsFor(context.only).slice(0, context.count);
    const { onProgress } = context;
    return await onAlertStage(context, async (stage) => await runAll(drills, { stage, onProgress }));
  },
};

interface Means extends Pick<SoakContext, 'onProgress'> {
  readonly stage: AlertStage;
}

async function runAll(drills: readonly AlertDrill[], means: Means): Promise<readonly Check[]> {
  const checks: Check[] = [];
  for (const { prepare } of drills) await prepare?.(means.stage);
  for (const drill of drills) {
    means.onProgress(drill.alerts.join(', '));
    checks.push(...(await runDrill(drill, means)));
  }
  return checks;
}

/** Until all of its alerts have fired, or none more does, or its fault cannot be made. */
async function runDrill(drill: AlertDrill, means: Means): Promise<readonly Check[]> {
  const firedAfter = new Map<string, number>();
  let fault: unknown = null;
  try {
    if (drill.prepare === undefined) await untilWell(drill.alerts, means.stage);
    await watchFiring(drill, means, firedAfter);
  } catch (error) {
    means.stage.signal.throwIfAborted();
    fault = error;
  }
  return drill.alerts.map((name) => ({
    promise: `${name} fires`,
    measured: measuredOf(firedAfter.get(name), fault),
    kept: firedAfter.has(name) && fault === null,
  }));
}

function measuredOf(seconds: number | undefined, fault: unknown): string {
  if (fault !== null) return String(fault);
  return seconds === undefined ? 'it does not' : `after ${seconds.toFixed(0)} s`;
}

/** Notes after how many seconds each has fired. @throws what kept the fault from being made */
async function watchFiring(
  { alerts: wanted, patienceMs = USUAL_PATIENCE_MS, make, end }: AlertDrill,
  { stage, onProgress }: Means,
  firedAfter: Map<string, number>,
): Promise<void> {
  const over = new AbortController();
  const beganAt = performance.now();
  let fault: unknown = null;
  const making = make(stage, over.signal).catch((error: unknown) => {
    fault = error;
  });
  const isMissing = (): boolean => wanted.some((name) => !firedAfter.has(name));
  while (isMissing() && fault === null && performance.now() - beganAt < patienceMs) {
    await sleep(LOOK_EVERY_MS, undefined, { signal: stage.signal });
    for (const name of await stage.prometheus.firing()) {
      if (firedAfter.has(name)) continue;
      firedAfter.set(name, (performance.now() - beganAt) / 1_000);
      if (wanted.includes(name)) onProgress(`${name} fires`);
    }
  }
  over.abort();
  await end?.(stage);
  await making;
  if (fault !== null) throw fault;
}

/** What fires already, for the fault of another drill, would prove nothing. @throws Error where it does not end */
async function untilWell(
  wanted: readonly string[],
  { prometheus, haveWorker, signal }: AlertStage,
): Promise<void> {
  await haveWorker();
  const firing = async (): Promise<readonly string[]> => {
    const names = await prometheus.firing();
    return wanted.filter((name) => names.has(name));
  };
  const isWell = async (): Promise<boolean> => (await firing()).length === 0;
  if (await waitUntil(isWell, { timeoutMs: WELL_AGAIN_MS, intervalMs: LOOK_EVERY_MS, signal })) return;
  throw new Error(`${(await firing()).join(', ')} fires before its fault is made`);
}
