import type { PoolClient } from 'pg';
import type { TurnWait } from '../../domain/manual-turn.ts';
import { type Admission, type ArrivalTime, admit, type RateLimit } from '../../domain/rate-limit.ts';
import { IS_BEHIND } from '../open/line.ts';
import { epochMs } from '../postgres/time-sql.ts';

/** An endpoint's rules as far as they hold for manual attempts, locked against its drain. */
export interface ManualTurn {
  readonly endpointId: string;
  readonly arrival: ArrivalTime | null;
  readonly rateLimit: RateLimit | null;
  readonly maxConcurrency: number | null;
  readonly ordered: boolean;
  /** Whether its endpoint keeps the order and another delivery comes before it. */
  readonly isBehind: boolean;
  /** Calls that are under way. */
  readonly sending: number;
  /** Milliseconds since the epoch by the database's clock. */
  readonly now: number;
}

/** Between two looks while something is being sent that the next has to wait for. */
const TURN_SENDING_WAIT_MS = 500;

/**
 * Locks the rate, the cap and the order of a delivery's endpoint until the caller's transaction ends: from then on no
 * drain takes anything of it. Null where the endpoint has none of them, or where the delivery is a test.
 */
export async function lockTurn(client: PoolClient, deliveryId: string): Promise<ManualTurn | null> {
  const locked = await client.query<{ id: string; arrival: ArrivalTime | null }>(LOCK_TURN_SQL, [deliveryId]);
  const [drain] = locked.rows;
  if (drain === undefined) return null;
  // A statement of its own: it sees what whoever had the lock before has taken.
  const { rows } = await client.query<Omit<ManualTurn, 'endpointId' | 'arrival'>>(READ_TURN_SQL, [
    drain.id,
    deliveryId,
  ]);
  const [rules] = rows;
  return rules === undefined ? null : { ...rules, endpointId: drain.id, arrival: drain.arrival };
}

/**
 * Whether it is the turn of a manual attempt. It may use the burst that drains leave unused, so that it goes before
 * what waits at the gate and the rate is kept all the same. @returns null where it is
 */
export function waitForTurn(turn: ManualTurn): TurnWait | null {
  const { ordered, maxConcurrency, sending } = turn;
  if (ordered && sending > 0) return { why: 'order', waitMs: TURN_SENDING_WAIT_MS };
  if (maxConcurrency !== null && sending >= maxConcurrency)
    return { why: 'concurrency', waitMs: TURN_SENDING_WAIT_MS };
  const admission = admissionOf(turn);
  return admission === null || admission.admitted === 1 ? null : { why: 'rate', waitMs: admission.retryInMs };
}

/** Charges a manual attempt that was claimed to the endpoint's rate. */
export async function chargeTurn(client: PoolClient, turn: ManualTurn): Promise<void> {
  const admission = admissionOf(turn);
  if (admission === null) return;
  await client.query('UPDATE gate_drains SET arrival = $2 WHERE endpoint_id = $1', [
    turn.endpointId,
    JSON.stringify(admission.tat),
  ]);
}

function admissionOf({ rateLimit: limit, arrival, now }: ManualTurn): Admission | null {
  return limit === null ? null : admit(arrival, 1, { limit, now });
}

/** SQL: calls of the endpoint $1 that are under way; a batch is one. */
export const CALLS_UNDER_WAY = `
  (SELECT count(DISTINCT CASE WHEN s.trigger = 'automatic' AND s.batch_id IS NOT NULL THEN s.batch_id ELSE s.id END)
   FROM open_deliveries s WHERE s.endpoint_id = $1 AND s.status = 'sending')::integer`;

const LOCK_TURN_SQL = `
  INSERT INTO gate_drains (endpoint_id, token, lease_until)
  SELECT e.id, '', now() FROM open_deliveries d JOIN endpoints e ON e.id = d.endpoint_id
  WHERE d.id = $1 AND NOT d.is_test AND (e.rate_limit IS NOT NULL OR e.max_concurrency IS NOT NULL OR e.ordered)
  ON CONFLICT (endpoint_id) DO UPDATE SET endpoint_id = excluded.endpoint_id
  RETURNING endpoint_id AS id, arrival`;

const READ_TURN_SQL = `
  SELECT e.rate_limit AS "rateLimit", e.max_concurrency AS "maxConcurrency", e.ordered, ${IS_BEHIND} AS "isBehind",
    ${CALLS_UNDER_WAY} AS sending, ${epochMs('clock_timestamp()')} AS now
  FROM endpoints e JOIN open_deliveries d ON d.id = $2 WHERE e.id = $1`;
