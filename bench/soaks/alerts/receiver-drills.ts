import { startReceiver } from '../../../test/support/receivers/receiver.ts';
import { NEVER_BREAKS } from '../../stage/never-breaks.ts';
import { type AlertDrill, pause, publishInTurn } from './alert-drill.ts';

/** Two events for each failing endpoint: more dead ones, and attempts, than the alerts on them allow. */
const DEAD_EVERY_MS = 5_000;
const ENDPOINTS = 40;
/** More than a suspicion needs. */
const HOSTS = 5;
const REACHED_MS = 120_000;
const PATIENT_RETRY = { strategy: 'fixed', initial_ms: 1_000, max_retries: 10, jitter: 0 };

/** All hosts that were reached are gone; for this, nobody may be reached meanwhile. */
export const nobodyReached: AlertDrill = {
  alerts: ['PosthornNetworkSuspected'],
  async make(stage, over) {
    await stage.haveWorker();
    const receivers = await Promise.all(Array.from({ length: HOSTS }, async () => await startReceiver()));
    const url = (index: number): string => receivers[index]?.url ?? '';
    const settings = { retry: PATIENT_RETRY, breaker: NEVER_BREAKS };
    const known = await stage.createEndpoints('known', { count: HOSTS, url, settings });
    try {
      await stage.publishAll(known);
      await Promise.all(receivers.map(async (receiver) => await receiver.waitForCount(1, REACHED_MS)));
    } finally {
      for (const receiver of receivers) await receiver.close();
    }
    await publishInTurn(known, { stage, over });
    // What is tried again arrives now: failures that go on would make other alerts fire.
    await Promise.all(receivers.map(async ({ port }) => await startReceiver({}, port)));
  },
};

/** Dozens of endpoints refuse everything, and one says that it is gone. */
export const refusals: AlertDrill = {
  alerts: ['PosthornDeadLetters', 'PosthornFailureRatio', 'PosthornBreakersOpen', 'PosthornEndpointDisabled'],
  async make(stage, over) {
    await stage.haveWorker();
    const [gone = ''] = await stage.createEndpoints('gone', { count: 1 });
    const failing = await stage.createEndpoints('refuse', { count: ENDPOINTS });
    await stage.publish(gone);
    while (!over.aborted) {
      await stage.publishAll([...failing, ...failing]);
      await pause(DEAD_EVERY_MS, over);
    }
  },
};
