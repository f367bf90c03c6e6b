import type { Client } from 'pg';
import { waitUntil } from '../load/wait-until.ts';

/** How an endpoint's breaker was first seen open. */
export interface BreakerSight {
  /** Attempts that were made or under way. */
  readonly attempts: number;
  readonly afterMs: number;
}

const LOOK_EVERY_MS = 20;
const CLOSES_WITHIN_MS = 30_000;

/** Looks again and again at the breaker of a benchmark's endpoint until it opens. */
export function watchBreaker(postgres: Client, endpoint: number) {
  const began = performance.now();
  const ending = new AbortController();
  let seen: BreakerSight | null = null;
  const look = async (): Promise<boolean> => {
    const { rows } = await postgres.query<{ state: string; attempts: number }>(LOOK_SQL, [
      `bench-${endpoint}`,
    ]);
    const [now] = rows;
    if (now !== undefined && now.state !== 'closed')
      seen = { attempts: now.attempts, afterMs: performance.now() - began };
    return seen !== null || ending.signal.aborted;
  };
  const watching = waitUntil(look, {
    timeoutMs: Number.MAX_SAFE_INTEGER,
    signal: new AbortController().signal,
    intervalMs: LOOK_EVERY_MS,
  });
  return {
    /** What was seen; null where it did not open. */
    async end(): Promise<BreakerSight | null> {
      ending.abort();
      await watching;
      return seen;
    },
    /** @returns its state once it is closed, or another where it does not close */
    async untilClosed(signal: AbortSignal): Promise<string> {
      let state = 'unknown';
      const isClosed = async (): Promise<boolean> => {
        const { rows } = await postgres.query<{ state: string }>(LOOK_SQL, [`bench-${endpoint}`]);
        state = rows[0]?.state ?? 'closed';
        return state === 'closed';
      };
      await waitUntil(isClosed, { timeoutMs: CLOSES_WITHIN_MS, signal, intervalMs: LOOK_EVERY_MS });
      return state;
    },
  };
}

const LOOK_SQL = `
  SELECT h.state, (SELECT coalesce(sum(d.attempts_made), 0) FROM deliveries d
    WHERE d.endpoint_id = e.id)::integer AS attempts
  FROM endpoints e JOIN endpoint_health h ON h.endpoint_id = e.id WHERE e.customer_id = $1`;
