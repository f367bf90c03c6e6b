import type { SharedRun } from './global-setup.ts';

/** Stops what the set-up started and removes the run's files. */
export default async function tearDown(): Promise<void> {
  const { posthornTestRun } = globalThis as { posthornTestRun?: SharedRun };
  await posthornTestRun?.stop();
}
