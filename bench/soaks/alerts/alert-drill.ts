import { setTimeout as sleep } from 'node:timers/promises';
import type { AlertStage } from './alert-stage.ts';

/** A fault, and the alerts that it makes fire. */
export interface AlertDrill {
  readonly alerts: readonly string[];
  /** How long it may take; the usual time where absent. */
  readonly patienceMs?: number;
  /** What takes long is begun before the first drill. */
  readonly prepare?: (stage: AlertStage) => Promise<void>;
  /** Makes it, again and again until told that it is enough. */
  readonly make: (stage: AlertStage, over: AbortSignal) => Promise<void>;
  /** Ends it. */
  readonly end?: (stage: AlertStage) => Promise<void>;
}

const TICK_MS = 200;

/** Publishes for one customer after another, a few times a second, until it is enough. */
export async function publishInTurn(
  customers: readonly string[],
  { stage, over }: { readonly stage: AlertStage; readonly over: AbortSignal },
): Promise<void> {
  for (let index = 0; !over.aborted; index += 1) {
    await stage.publish(customers[index % customers.length] ?? '');
    await pause(TICK_MS, over);
  }
}

/** Waits for so long, or until it is enough. */
export async function pause(ms: number, over: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal: over }).catch(() => undefined);
}

/** Waits until it is enough. */
export async function untilEnough(over: AbortSignal): Promise<void> {
  if (over.aborted) return;
  await new Promise<void>((resolve) => over.addEventListener('abort', () => resolve(), { once: true }));
}
