/** How a set of measurements is spread, in their own unit. */
export interface Distribution {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

/** Percentiles by nearest rank: each is a value that was measured. Null where nothing was. */
export function distributionOf(values: readonly number[]): Distribution | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const rank = (percent: number): number =>
    sorted[Math.ceil((percent / 100) * sorted.length) - 1] ?? Number.NaN;
  return { p50: rank(50), p90: rank(90), p99: rank(99), max: rank(100) };
}

/** The middle of a set of measurements; NaN where there are none. */
export function medianOf(values: readonly number[]): number {
  return distributionOf(values)?.p50 ?? Number.NaN;
}
