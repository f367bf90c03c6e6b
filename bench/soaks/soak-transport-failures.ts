import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { runTransportFailures } from '../../test/support/receivers/transport-failures.ts';
import { checkFlat, residentMegabytes } from '../measure/resident-memory.ts';
import type { Check, SoakContext, SoakScenario } from './soak-scenario.ts';

const THIRDS = 3;

/** Requests that fail in every way a receiver can misbehave, through the real sender, in this process. */
export const transportFailures: SoakScenario = {
  name: 'transport-failures',
  summary: 'requests that fail in every way, at flat memory',
  // One kind in sixteen is an endless body, which is cut and no failure: ten thousand failures remain.
  defaultCount: 11_000,
  leastCount: 300,
  run,
};

async function run({ count, signal, onProgress }: SoakContext): Promise<readonly Check[]> {
  const collect = garbageCollector();
  const memory: number[] = [];
  const rounds: Codes[] = [];
  for (let third = 1; third <= THIRDS; third += 1) {
    signal.throwIfAborted();
    const { codes } = await runTransportFailures(Math.ceil(count / THIRDS));
    rounds.push(codes);
    collect();
    memory.push(residentMegabytes(process.pid));
    onProgress(
      `${third} of ${THIRDS} thirds done, ${memory.at(-1)?.toFixed(0)} MB, ${JSON.stringify(codes)}`,
    );
  }
  const [first = Number.NaN] = memory;
  return [
    checkCodes(rounds, count),
    checkFlat('memory stays flat', { first, last: memory.at(-1) ?? Number.NaN }),
  ];
}

type Codes = Readonly<Record<string, number>>;

/** The kinds of failure come in turn, so every third of the run must come to the same codes as the first. */
function checkCodes(rounds: readonly Codes[], count: number): Check {
  const total = rounds.flatMap(Object.values<number>).reduce((sum, times) => sum + times, 0);
  const sets = new Set(rounds.map((codes) => Object.keys(codes).sort().join(' ')));
  const kinds = Object.keys(rounds[0] ?? {}).length;
  return {
    promise: 'every request ends, and by the same codes throughout',
    measured: `${total} requests, ${kinds} codes${sets.size === 1 ? '' : ' at first, others later'}`,
    kept: total >= count && sets.size === 1,
  };
}

function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}
