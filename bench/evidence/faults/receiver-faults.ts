import { readFileSync } from 'node:fs';
import { waitUntil } from '../../load/wait-until.ts';
import { NEVER_BREAKS } from '../../stage/never-breaks.ts';
import { during, type Fault, type FaultContext, pass } from '../fault.ts';
import type { ReceiverWish } from '../scene.ts';

type Trouble = NonNullable<ReceiverWish['does']>;

const TROUBLES: readonly Trouble[] = ['500', '429', 'hang', 'reset', 'slow'];

/** A trouble that hardly any request meets says nothing. */
const LEAST_MET = 5;
const MEET_MS = 60_000;
const LOOK_MS = 250;
/** Longer than the checker lets a sender take to heed a 410. */
const GONE_SECONDS = 8;
/** What was under way has been answered by then. */
const SETTLE_SECONDS = 1;

const refusals = troubleBy(TROUBLES, {
  name: 'receiver-trouble',
  summary:
    'half of the endpoints answer 500, then 429, hang, reset, dribble, answer 410, are enabled again; others go on',
});

/** Half of the endpoints refuse, ask to wait, hang, reset, dribble and are gone; the others must not notice. */
export const receiverTrouble: Fault = {
  ...refusals,
  async inject(context) {
    await refusals.inject(context);
    await beGone(context);
  },
};

/**
 * Half of the endpoints refuse and nothing else, for what shows by that alone; all think for so long that they see
 * claims stolen, and no breaker saves them.
 */
export const receiverRefusal: Fault = troubleBy(['500'], {
  name: 'receiver-refusal',
  summary: 'half of the endpoints answer 500',
  thinkMs: 1_500,
  settings: { breaker: NEVER_BREAKS },
});

function troubleBy(
  troubles: readonly Trouble[],
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

/**
 * The troubled endpoints answer 410, after which nothing more may come to them. Then they are enabled again and sent
 * what they missed, so that nothing is owed but what 410 was the answer to.
 */
async function beGone(context: FaultContext): Promise<void> {
  const { paths, seconds, signal, tellReceiver, receiverFile, injector, producer } = context;
  const troubled = paths.filter((_, index) => isTroubled(index));
  await during(context, { fault: 'receiver: 410', hits: [], reachMs: 0 }, async () => {
    for (const path of troubled) await tellReceiver({ path, does: '410' });
    const isHeeded = async (): Promise<boolean> => {
      for (const path of troubled) {
        if (!isGoneIn(receiverFile, path)) return false;
        if (!(await producer.isDisabled(paths.indexOf(path)))) return false;
      }
      return true;
    };
    await waitUntil(isHeeded, { timeoutMs: MEET_MS, intervalMs: LOOK_MS, signal });
    await pass(Math.max(GONE_SECONDS, seconds / TROUBLES.length), signal);
    for (const path of troubled) await tellReceiver({ path, does: 'take' });
    await pass(SETTLE_SECONDS, signal);
    for (const path of troubled) {
      injector.note({ kind: 'back', path });
      await producer.bringBack(paths.indexOf(path));
    }
  });
}

/** How many requests were not taken so far. */
function refusalsIn(receiverFile: string): number {
  return readFileSync(receiverFile, 'utf8').match(/"status":(?!204)/g)?.length ?? 0;
}

/** Whether a path has answered 410 already. */
function isGoneIn(receiverFile: string, path: string): boolean {
  const lines = readFileSync(receiverFile, 'utf8').split('\n');
  return lines.some((line) => line.includes('"status":410') && line.includes(`"path":"${path}"`));
}

/** Whether the endpoint with this number is one of those that get into trouble. */
export function isTroubled(endpoint: number): boolean {
  return endpoint % 2 === 1;
}
