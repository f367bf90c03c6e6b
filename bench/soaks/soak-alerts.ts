import { setTimeout as sleep } from 'node:timers/promises';
import { type AlertDrill, alertDrills } from './alert-drills.ts';
import { type AlertStage, onAlertStage } from './alert-stage.ts';
import type { Check, SoakContext, SoakScenario } from './soak-scenario.ts';

const LOOK_EVERY_MS = 500;
/** The longest is a snapshot of ten minutes. */
const PATIENCE_MS = 660_000;
/** Of which a slow machine takes minutes to get as far as the fault. */
const USUAL_PATIENCE_MS = 300_000;

/** Each alert fires in a drill that makes its fault; minutes of the rules are seconds here, limits what they are. */
export const alerts: SoakScenario = {
  name: 'alerts',
  summary:
    'the first so many drills, which make the faults that alerts are for, before a Prometheus (on PATH)',
  defaultCount: alertDrills().length,
  leastCount: 1,
  run: async (context) => await onAlertStage(context, async (stage) => await run(context, stage)),
};

async function run({ count, onProgress }: SoakContext, stage: AlertStage): Promise<readonly Check[]> {
  const checks: Check[] = [];
  const drills = alertDrills().slice(0, count);
  for (const { prepare } of drills) await prepare?.(stage);
  for (const drill of drills) {
    onProgress(drill.alerts.join(', '));
    checks.push(...(await runDrill(drill, { stage, onProgress })));
  }
  return checks;
}

/** Until all of its alerts have fired, or none more does. */
async function runDrill(
  { alerts: wanted, make, end }: AlertDrill,
  { stage, onProgress }: { readonly stage: AlertStage; readonly onProgress: SoakContext['onProgress'] },
): Promise<readonly Check[]> {
  const over = new AbortController();
  const beganAt = performance.now();
  const firedAfter = new Map<string, number>();
  const patienceMs = wanted.includes('PosthornOldSnapshot') ? PATIENCE_MS : USUAL_PATIENCE_MS;
  const making = make(stage, over.signal);
  // Its failure is told when it is awaited.
  making.catch(() => undefined);
  while (wanted.some((name) => !firedAfter.has(name)) && performance.now() - beganAt < patienceMs) {
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
  return wanted.map((name) => ({
    promise: `${name} fires`,
    measured: firedAfter.has(name) ? `after ${firedAfter.get(name)?.toFixed(0)} s` : 'it does not',
    kept: firedAfter.has(name),
  }));
}
