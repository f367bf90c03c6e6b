/** What starting workflows may cost: each start is paid with some milliseconds, and a few may be had on credit. */
export interface StartPrice {
  /** Milliseconds that one start takes from the budget. */
  readonly costMs: number;
  /** How many starts at once the budget affords after a quiet time. */
  readonly burst: number;
}

/**
 * Pays for one start by a leaky bucket (GCRA): what is had on credit is paid back as time passes.
 * @param paidUntil what the last call returned, 0 at first; milliseconds by the clock of `now`
 * @returns until when it is paid now; null where the budget does not afford it
 */
export function payStart(paidUntil: number, now: number, { costMs, burst }: StartPrice): number | null {
  const next = Math.max(paidUntil, now) + costMs;
  return next - now <= burst * costMs ? next : null;
}
