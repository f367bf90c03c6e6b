import type { PoolClient } from 'pg';
import { toSending } from '../open/transitions/sending.ts';
import {
  CLAIMED_COLUMNS,
  type ClaimedRow,
  type ClaimingDrain,
  IS_SERVED,
  leaseEnd,
  MOST_PAYLOAD_BYTES,
  type Outgoing,
  openClaim,
  PAYLOAD_BYTES,
} from './claim.ts';

/** How many deliveries of an endpoint to take, each for a call of its own. */
export interface HeldRequest {
  readonly endpointId: string;
  readonly most: number;
  readonly ordered: boolean;
}

/**
 * Takes what an endpoint's gate holds and is due, inside the transaction of its only drain: what is live before what is
 * replayed, the longest held first; where the order is kept only the first in line. No more than `MOST_PAYLOAD_BYTES`,
 * but one whatever it weighs.
 */
export async function claimHeld(
  client: PoolClient,
  { endpointId, most, ordered }: HeldRequest,
  { owner, secretBox, timing }: ClaimingDrain,
): Promise<readonly Outgoing[]> {
  if (most === 0) return [];
  const { rows } = await client.query<ClaimedRow>({
    name: ordered ? 'claim-held-in-order' : 'claim-held',
    text: ordered ? CLAIM_IN_ORDER_SQL : CLAIM_HELD_SQL,
    values: [endpointId, owner, most, timing.leaseMarginMs, ...(ordered ? [] : [MOST_PAYLOAD_BYTES])],
  });
  return rows.map((row) => [openClaim(row, secretBox)]);
}

/** Moves the target's rows to sending; a wish for a manual attempt is granted by it. */
const CLAIM_TARGET_SQL = `
  claimed AS (
    ${toSending({ owner: '$2', leaseEnd: leaseEnd('$4') })}
    FROM target t, endpoints e WHERE d.id = t.id AND e.id = d.endpoint_id
    RETURNING d.id, d.attempts_made, d.trigger, d.retries_used, d.event_id, d.event, d.customer_id, d.endpoint_id,
      d.position, d.priority, d.prior_due_at)
  SELECT ${CLAIMED_COLUMNS}
  FROM claimed c JOIN events ev ON ev.id = c.event_id JOIN endpoints e ON e.id = c.endpoint_id
  LEFT JOIN endpoint_health h ON h.endpoint_id = c.endpoint_id
  ORDER BY c.priority, c.position NULLS FIRST, c.prior_due_at, c.id`;

const CLAIM_HELD_SQL = `
  WITH live AS (${dueOf(0)} LIMIT $3 FOR UPDATE SKIP LOCKED),
  replayed AS (${dueOf(1)} LIMIT greatest(0, $3 - (SELECT count(*) FROM live)) FOR UPDATE SKIP LOCKED),
  due AS (SELECT * FROM live UNION ALL SELECT * FROM replayed),
  weighed AS (
    SELECT due.id, ${PAYLOAD_BYTES} AS bytes,
      sum(${PAYLOAD_BYTES}) OVER (ORDER BY due.priority, due.due_at, due.id ROWS UNBOUNDED PRECEDING) AS total
    FROM due LEFT JOIN events ev ON ev.id = due.event_id),
  target AS (SELECT id FROM weighed WHERE total <= greatest($5::bigint, bytes) AND ${IS_SERVED}),
  ${CLAIM_TARGET_SQL}`;

function dueOf(priority: 0 | 1): string {
  return `
    SELECT id, event_id, priority, due_at FROM open_deliveries
    WHERE endpoint_id = $1 AND status = 'held' AND priority = ${priority} AND due_at <= now() AND batch_id IS NULL
    ORDER BY due_at, id`;
}

/** Only the first in line, and only when its time has come. */
const CLAIM_IN_ORDER_SQL = `
  WITH head AS (
    SELECT id FROM open_deliveries WHERE endpoint_id = $1 AND status = 'held' ORDER BY position NULLS FIRST, id
    LIMIT least($3, 1)),
  target AS (
    SELECT d.id FROM open_deliveries d JOIN head ON head.id = d.id
    WHERE d.status = 'held' AND coalesce(d.due_at, now()) <= now() AND ${IS_SERVED} FOR UPDATE OF d),
  ${CLAIM_TARGET_SQL}`;
