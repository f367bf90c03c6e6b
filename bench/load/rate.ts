import { runClosedLoop } from './closed-loop.ts';

export interface RateOptions {
  readonly seconds: number;
  readonly sideBySide: number;
  readonly signal: AbortSignal;
}

/** Of the measured time, so that hot code is compiled. */
const WARM_UP_SHARE = 0.3;
/** Asking for the time after every call would cost more than the fastest of them. */
const CALLS_PER_LOOK = 200;

/** How often a second something can be done, so many at a time, in a closed loop. */
export async function rateOf(options: RateOptions, work: () => Promise<unknown>): Promise<number> {
  await repeatFor({ ...options, seconds: options.seconds * WARM_UP_SHARE }, work);
  return await repeatFor(options, work);
}

/** How often a second something can be done that waits for nothing. */
export function rateOfCalls(seconds: number, work: () => unknown): number {
  callFor(seconds * WARM_UP_SHARE, work);
  return callFor(seconds, work);
}

async function repeatFor(
  { seconds, sideBySide, signal }: RateOptions,
  work: () => Promise<unknown>,
): Promise<number> {
  const began = performance.now();
  const endAt = began + seconds * 1_000;
  let done = 0;
  await runClosedLoop({ count: sideBySide, sideBySide, signal }, async () => {
    while (performance.now() < endAt) {
      signal.throwIfAborted();
      await work();
      done += 1;
    }
  });
  return (done * 1_000) / (performance.now() - began);
}

function callFor(seconds: number, work: () => unknown): number {
  const began = performance.now();
  const endAt = began + seconds * 1_000;
  let done = 0;
  while (performance.now() < endAt) {
    for (let call = 0; call < CALLS_PER_LOOK; call += 1) work();
    done += CALLS_PER_LOOK;
  }
  return (done * 1_000) / (performance.now() - began);
}
