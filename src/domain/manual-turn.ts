/** Why a manual attempt, which passes pause and breaker, has to wait for its turn all the same, and about how long. */
export interface TurnWait {
  readonly why: 'rate' | 'concurrency' | 'order';
  readonly waitMs: number;
}

const FIRST_TURN_WAIT_MS = 250;
const LONGEST_TURN_WAIT_MS = 5_000;

/**
 * Milliseconds until a manual attempt asks again whether it is its turn: as it was told, and longer each time, since
 * many may wait for the same turn. @param asked how often it has been told to wait, this time included
 */
export function turnWaitMs({ waitMs }: Pick<TurnWait, 'waitMs'>, asked: number): number {
  return Math.max(waitMs, Math.min(FIRST_TURN_WAIT_MS * 2 ** Math.min(asked - 1, 10), LONGEST_TURN_WAIT_MS));
}
