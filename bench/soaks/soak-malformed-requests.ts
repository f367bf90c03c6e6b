import { sendMalformedRequests } from '../../test/support/api/malformed-requests.ts';
import { medianOf } from '../measure/distribution.ts';
import { checkFlat, residentMegabytes } from '../measure/resident-memory.ts';
import { inSetting, type Setting } from '../setting.ts';
import type { Check, SoakContext, SoakScenario } from './soak-scenario.ts';

const ROUNDS = 20;
/** Code is compiled and pools are filled in these; memory is compared after them. */
const WARM_UP_ROUNDS = 8;
/** Keeps young generation and heap from growing merely because there is room. */
const BOUNDED_HEAP = { NODE_OPTIONS: '--max-semi-space-size=8', POSTHORN_ECHO: 'false' };

/** Fuzzed bodies, JSON, headers, paths, queries and framing, sent to an API of its own. */
export const malformedRequests: SoakScenario = {
  name: 'malformed-requests',
  summary: 'requests broken in every way, without a server error, at flat memory',
  defaultCount: 2_000,
  leastCount: 200,
  run: async (context) =>
    await inSetting(context, { environment: BOUNDED_HEAP }, async (setting) => await run(context, setting)),
};

async function run(
  { count, signal, onProgress }: SoakContext,
  { installation }: Setting,
): Promise<readonly Check[]> {
  const { apiUrl: url, adminKey: key } = installation;
  const perRound = Math.ceil(count / (ROUNDS - WARM_UP_ROUNDS));
  const pid = installation.processIds().api ?? Number.NaN;
  const [memory, errors]: [number[], string[]] = [[], []];
  let answers = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    signal.throwIfAborted();
    const { statuses, serverErrors } = await sendMalformedRequests(perRound, { url, key, seed: round });
    errors.push(...serverErrors);
    answers += Object.values(statuses).reduce((sum, times) => sum + times, 0);
    if (round >= WARM_UP_ROUNDS) memory.push(residentMegabytes(pid));
    onProgress(`${round + 1} of ${ROUNDS} rounds done, ${JSON.stringify(statuses)}`);
  }
  for (const error of errors.slice(0, 10)) onProgress(error);
  const isAlive = (await fetch(`${url}/v1/health/live`)).ok && pid === installation.processIds().api;
  const third = Math.ceil(memory.length / 3);
  const [first, last] = [medianOf(memory.slice(0, third)), medianOf(memory.slice(-third))];
  return [
    {
      promise: 'no request is answered by a server error',
      measured: `${errors.length} of ${answers}`,
      kept: errors.length === 0 && answers >= count,
    },
    { promise: 'the API goes on', measured: isAlive ? 'same process' : 'it died', kept: isAlive },
    checkFlat('the memory of the API stays flat', { first, last }),
  ];
}
