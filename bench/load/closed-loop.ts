export interface ClosedLoop {
  readonly count: number;
  /** How many calls are under way at any time. */
  readonly sideBySide: number;
  readonly signal: AbortSignal;
}

/** Calls `fire` for 0 … count-1, each lane anew when its call before has ended. Ends when all calls have ended. */
export async function runClosedLoop(
  { count, sideBySide, signal }: ClosedLoop,
  fire: (index: number) => Promise<void>,
): Promise<void> {
  let begun = 0;
  const lane = async (): Promise<void> => {
    while (begun < count) {
      signal.throwIfAborted();
      await fire(begun++);
    }
  };
  await Promise.all(Array.from({ length: Math.min(sideBySide, count) }, lane));
}
