/** So that a million events scheduled for one moment move although a statement has its time limit. */
export const MAX_PER_CHUNK = 1_000;

/** SQL: those that waited longest, locked in the order in which claims and records lock. */
export function lockOverdue(condition: string): string {
  return `WITH target AS (
    SELECT id FROM open_deliveries WHERE ${condition} AND recheck_at <= now() AND id IN (
      SELECT id FROM open_deliveries WHERE ${condition} AND recheck_at <= now() ORDER BY recheck_at
      LIMIT ${MAX_PER_CHUNK})
    ORDER BY id FOR UPDATE)`;
}
