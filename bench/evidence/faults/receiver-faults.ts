import { readFileSync } from 'node:fs';
import { waitUntil } from '../../load/wait-until.ts';
import { during, type Fault, pass } from '../fault.ts';
import type { ReceiverWish } from '../scene.ts';

const TROUBLES: readonly NonNullable<ReceiverWish['does']>[] = ['500', '429', 'hang', 'reset', 'slow'];

/** A trouble that hardly any request meets says nothing. */
const LEAST_MET = 5;
const MEET_MS = 60_000;
const LOOK_MS = 250;

/** Half of the endpoints refuse, ask to wait, hang, reset or dribble; the others must not notice. */
export const receiverTrouble: Fault = troubleBy(TROUBLES, {
  name: 'receiver-trouble',
  summary: 'half of the endpoints answer 500, then 429, hang, reset and dribble; the others go on',
});

/**
 * Half of the endpoints refuse and nothing else, for what shows by that alone; all think for so long that they see
 * claims stolen, and no breaker saves them.
 */
export const receiverRefusal: Fault = troubleBy(['500'], {
  name: 'receiver-refusal',
  summary: 'half of the endpoints answer 500',
  thinkMs: 1_500,
  settings: { breaker: { consecutive_failures: 1_000, failure_ratio: 1, minimum_attempts: 10_000 } },
});

function troubleBy(
  troubles: readonly NonNullable<ReceiverWish['does']>[],
  named: Pick<Fault, 'name' | 'summary' | 'thinkMs' | 'settings'>,
): Fault {
  return {
    ...named,
    async inject(context) {
      const { paths, seconds, signal, tellReceiver, receiverFile } = context;
      const troubled = paths.filter((_, index) => isTroubled(index));
      for (const does of troubles) {
        await during(context, { fault: `receiver: ${does}`, hits: [], reachMs: 0 }, async () => {
          for (const path of troubled) await tellReceiver({ path, does });
          const before = refusalsIn(receiverFile);
          await pass(seconds / troubles.length, signal);
          const isMet = (): boolean => refusalsIn(receiverFile) >= before + LEAST_MET;
          await waitUntil(isMet, { timeoutMs: MEET_MS, intervalMs: LOOK_MS, signal });
        });
      }
      for (const path of troubled) await tellReceiver({ path, does: 'take' });
    },
  };
}

/** How many requests were not taken so far. */
function refusalsIn(receiverFile: string): number {
  return readFileSync(receiverFile, 'utf8').match(/"status":(?!204)/g)?.length ?? 0;
}

/** Whether the endpoint with this number is one of those that get into trouble. */
export function isTroubled(endpoint: number): boolean {
  return endpoint % 2 === 1;
}
