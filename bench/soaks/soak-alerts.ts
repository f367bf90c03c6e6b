import { setTimeout as sleep } from 'node:timers/promises';
import type { AlertDrill } from './alerts/alert-drill.ts';
import { alertDrills, drillsFor } from './alerts/alert-drills.ts';
import { type AlertStage, onAlertStage } from './alerts/alert-stage.ts';
import type { Check, SoakContext, SoakScenario } from './soak-scenario.ts';

const LOOK_EVERY_MS = 500;
/** Of which a slow machine takes minutes to get as far as the fault. */
const USUAL_PATIENCE_MS = 300_000;

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

/** Until all of its alerts have fired, or none more does. @throws what kept the fault from being made */
async function runDrill(
  { alerts: wanted, patienceMs = USUAL_PATIENCE_MS, make, end }: AlertDrill,
  { stage, onProgress }: Means,
): Promise<readonly Check[]> {
  const over = new AbortController();
  const beganAt = performance.now();
  const firedAfter = new Map<string, number>();
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
  return wanted.map((name) => ({
    promise: `${name} fires`,
    measured: firedAfter.has(name) ? `after ${firedAfter.get(name)?.toFixed(0)} s` : 'it does not',
    kept: firedAfter.has(name),
  }));
}
