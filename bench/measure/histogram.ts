/** Upper bounds of the bins in milliseconds; what is longer goes into one more. */
const BOUNDS_MS = [5, 10, 20, 50, 100, 200, 500, 1_000] as const;

/** How many durations fall into each bin, by the bin's name: `<=5`, …, `>1000`. */
export function histogramOf(values: readonly number[]): Readonly<Record<string, number>> {
  const bins: Record<string, number> = {};
  let below = 0;
  for (const bound of BOUNDS_MS) {
    const upTo = values.filter((value) => value <= bound).length;
    bins[`<=${bound}`] = upTo - below;
    below = upTo;
  }
  return { ...bins, [`>${BOUNDS_MS.at(-1)}`]: values.length - below };
}
