const SEEDS_VARIABLE = 'RACE_SEEDS';
const USUAL_SEEDS = 2;

/**
 * The seeds that races are run with, which their titles tell. `RACE_SEEDS=200` asks for so many of them; interleavings
 * differ from run to run, but who does what does not.
 */
export function raceSeeds(): readonly number[] {
  const count = Number(process.env[SEEDS_VARIABLE] ?? USUAL_SEEDS);
  if (!Number.isInteger(count) || count < 1) throw new Error(`${SEEDS_VARIABLE} must be a positive number`);
  return Array.from({ length: count }, (_, index) => index + 1);
}

/** Numbers from 0 to below 1, the same for the same seed (Mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One of these values; undefined where there is none. */
export function pickOne<T>(values: readonly T[], random: () => number): T | undefined {
  return values[Math.floor(random() * values.length)];
}
