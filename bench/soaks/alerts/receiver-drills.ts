import { type AlertDrill, pause, publishInTurn } from './alert-drill.ts';

/** Two events for each failing endpoint: more dead ones, and attempts, than the alerts on them allow. */
const DEAD_EVERY_MS = 5_000;
const ENDPOINTS = 40;
const CLOSED_PORT = 1;

/** Nobody listens at dozens of hosts; for this, nobody may be reached meanwhile. */
export const nobodyReached: AlertDrill = {
  alerts: ['PosthornNetworkSuspected'],
  async make(stage, over) {
    await stage.haveWorker();
    const url = (index: number): string => `http://127.0.0.${index + 2}:${CLOSED_PORT}/`;
    const settings = { retry: { strategy: 'fixed', initial_ms: 1_000, max_retries: 10, jitter: 0 } };
    const away = await stage.createEndpoints('away', { count: ENDPOINTS, url, settings });
    await publishInTurn(away, { stage, over });
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
      await Promise.all([...failing, ...failing].map(stage.publish));
      await pause(DEAD_EVERY_MS, over);
    }
  },
};
