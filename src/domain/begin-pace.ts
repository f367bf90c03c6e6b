/** So few are always possible: a claim for fewer costs nearly as much. */
export const LEAST_YOUNG = 64;
const MOST_YOUNG = 2_000;
/** From here on each send waits for the others of its turn more than for its receiver. */
const LONG_TURN_MS = 15;
const STEP = 16;

/**
 * How many sends that began a moment ago a process may have, given how many it may have had, how many of those it had,
 * and how long its event loop took for a turn. Beyond what one process can do, more at a time are not done faster: each
 * waits for all others, also that of a customer who has a single one. So it shrinks while turns are long and grows
 * while it is used.
 */
export function nextPace(
  most: number,
  { young, turnMs }: { readonly young: number; readonly turnMs: number },
): number {
  if (turnMs > LONG_TURN_MS) return Math.max(LEAST_YOUNG, Math.floor(most * 0.9));
  return young * 2 >= most ? Math.min(MOST_YOUNG, most + STEP) : most;
}
