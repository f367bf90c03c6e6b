/** How many calls an endpoint may get per period. */
export interface RateLimit {
  readonly limit: number;
  readonly per: RatePeriod;
}

/** The periods a rate can be given for. */
export const RATE_PERIODS = ['second', 'minute', 'hour'] as const;
export type RatePeriod = (typeof RATE_PERIODS)[number];

/**
 * The theoretical arrival time of GCRA as a fraction that sums without rounding: `at` in whole milliseconds and so many
 * cells of `period / limit` after it. Null before the first call.
 */
export interface ArrivalTime {
  readonly at: number;
  readonly cells: number;
}

/** How many may go, and when. */
export interface Admission {
  readonly admitted: number;
  /** The state to store with what was admitted. */
  readonly tat: ArrivalTime;
  /** Milliseconds until another one is admitted; 0 where it would be now. */
  readonly retryInMs: number;
  /** For each admitted call the milliseconds to wait before it starts; all 0 where nothing was taken ahead. */
  readonly startsInMs: readonly number[];
}

/** The farthest that calls may be admitted ahead of their time. */
export const MAX_CHARGED_AHEAD_MS = 1_000;

const PERIOD_MS: Readonly<Record<RatePeriod, number>> = { second: 1_000, minute: 60_000, hour: 3_600_000 };

/**
 * Admits as many of `count` calls as the rate and one burst cell allow: from an idle limiter two at once, then one per
 * `period / limit`, so at most `limit + 1` start in any window `[t, t + period)` (GCRA, ITU-T I.371, tolerance one
 * cell). `now` comes from one clock for all callers; where it jumps back, an arrival time impossibly far ahead is
 * forgotten.
 * @param options.burstCells how many may come before their time, 1 by default; 0 where delays on the way could bunch
 * calls
 * @param options.aheadMs admits also what comes due so soon, for callers that wake rarely and pace by `startsInMs`
 */
export function admit(
  tat: ArrivalTime | null,
  count: number,
  options: {
    readonly limit: RateLimit;
    readonly now: number;
    readonly aheadMs?: number;
    readonly burstCells?: number;
  },
): Admission {
  const { burstCells = BURST_CELLS } = options;
  const cell = { limit: options.limit.limit, periodMs: PERIOD_MS[options.limit.per], burstCells };
  const now = Math.floor(options.now);
  const aheadMs = Math.min(Math.max(0, options.aheadMs ?? 0), MAX_CHARGED_AHEAD_MS);
  const from = arrivalAsOf(tat, now, cell);
  const dueCells = Math.floor(((now + aheadMs - from.at) * cell.limit) / cell.periodMs) + burstCells + 1;
  const admitted = Math.max(0, Math.min(count, dueCells - from.cells));
  const startsInMs = Array.from({ length: admitted }, (_, index) =>
    Math.max(0, startOf({ at: from.at, cells: from.cells + index }, cell) - now),
  );
  const after = { at: from.at, cells: from.cells + admitted };
  const retryInMs = Math.max(0, startOf(after, cell) - aheadMs - now);
  return { admitted, tat: carryPeriods(after, cell), retryInMs, startsInMs };
}

interface Cell {
  readonly limit: number;
  readonly periodMs: number;
  readonly burstCells: number;
}

/** How many calls may come before their time: one, besides the one that is on time. */
const BURST_CELLS = 1;

/**
 * The stored arrival time, or one that admits at once where it has passed or lies further ahead than any admission puts
 * it.
 */
function arrivalAsOf(tat: ArrivalTime | null, now: number, cell: Cell): ArrivalTime {
  const idle = { at: now, cells: 0 };
  if (tat === null) return idle;
  const passedCells = ((now - tat.at) * cell.limit) / cell.periodMs;
  // Without a burst a call that starts late by less than a cell may be made up for: that gives one beyond the limit at
  // most.
  if (passedCells > tat.cells + BURST_CELLS - cell.burstCells) return idle;
  const farthest = passedCells + (MAX_CHARGED_AHEAD_MS * cell.limit) / cell.periodMs + cell.burstCells + 1;
  return tat.cells > farthest ? { at: now, cells: cell.burstCells } : tat;
}

/** When the next call may start, in whole milliseconds: its arrival time less the burst. */
function startOf(arrival: ArrivalTime, { limit, periodMs, burstCells }: Cell): number {
  return arrival.at + Math.ceil(((arrival.cells - burstCells) * periodMs) / limit);
}

/** The same moment with fewer cells than a period has, so that the numbers stay small and exact. */
function carryPeriods({ at, cells }: ArrivalTime, { limit, periodMs }: Cell): ArrivalTime {
  return { at: at + Math.floor(cells / limit) * periodMs, cells: cells % limit };
}
