import type { PoolClient } from 'pg';
import { newId } from '../../new-id.ts';
import { toSending } from '../open/transitions/sending.ts';
import { JOIN_BATCH, LEAVE_BATCH } from '../open/transitions/waiting.ts';
import type { SecretBox } from '../sealed/secret-box.ts';
import { type BatchPlanRequest, planBatches } from './batch-plan.ts';
import {
  BATCH_COLUMNS,
  type BatchedRow,
  CLAIMED_COLUMNS,
  type Claim,
  type ClaimingDrain,
  IS_SERVED,
  leaseEnd,
  MOST_PAYLOAD_BYTES,
  type Outgoing,
  openBatched,
  PAYLOAD_BYTES,
} from './claim.ts';

/** What was taken, and when there is more to take (`BatchPlan.waitMs`). */
export interface BatchClaims {
  readonly calls: readonly Outgoing[];
  readonly waitMs: number | null;
}

/**
 * Takes the batches of an endpoint that can go, inside the transaction of its only drain: forms new ones and moves all
 * members to sending, or none. A batch that lost a member (cancelled, or delivered by hand) is dissolved: its items
 * must stay the same under its id, so the others go under new ones. What is formed and more than `MOST_PAYLOAD_BYTES`
 * waits for the next look, but one goes whatever it weighs. Dissolving, forming and claiming are separate
 * statements; each locks deliveries in the order of their ids.
 */
export async function claimBatches(
  client: PoolClient,
  request: BatchPlanRequest,
  { owner, secretBox, timing }: ClaimingDrain,
): Promise<BatchClaims> {
  const { endpointId } = request;
  const apart = await client.query({
    name: 'take-batches-apart',
    text: TAKE_APART_SQL,
    values: [endpointId],
  });
  if (apart.rowCount !== 0) return { calls: [], waitMs: 0 };
  const { due, cuts, waitMs } = await planBatches(client, request);
  const made = cuts.map(() => newId('bat'));
  if (made.length > 0)
    await client.query({
      name: 'make-batches-up',
      text: MAKE_UP_SQL,
      values: [endpointId, cuts.flat(), cuts.flatMap((cut, index) => cut.map(() => made[index]))],
    });
  const ids = [...due, ...made];
  if (ids.length === 0) return { calls: [], waitMs };
  const { rows } = await client.query<BatchedRow>({
    name: 'claim-batches',
    text: CLAIM_BATCHES_SQL,
    values: [endpointId, owner, ids, timing.leaseMarginMs, MOST_PAYLOAD_BYTES],
  });
  return { calls: groupByBatch(rows, { ids, secretBox }), waitMs: rows.length > 0 ? 0 : waitMs };
}

/** All members have the endpoint's settings, which are opened once. */
function groupByBatch(
  rows: readonly BatchedRow[],
  { ids, secretBox }: { readonly ids: readonly string[]; readonly secretBox: SecretBox },
): readonly Outgoing[] {
  const [first] = rows;
  if (first === undefined) return [];
  const { headers, route, secrets, signingKeys } = openBatched(first, secretBox);
  const members = new Map(ids.map((id): readonly [string, Claim[]] => [id, []]));
  for (const row of rows)
    members.get(row.batchId ?? '')?.push(memberClaim(row, { headers, route, secrets, signingKeys }));
  return [...members.values()].flatMap(([lead, ...others]) =>
    lead === undefined ? [] : [[lead, ...others]],
  );
}

function memberClaim(
  { batchId, batchAttempt, eventCreatedAt, ...row }: BatchedRow,
  opened: Pick<Claim, 'headers' | 'route' | 'secrets' | 'signingKeys'>,
): Claim {
  return { ...row, ...opened, batch: { id: batchId ?? '', attempt: batchAttempt ?? 1, eventCreatedAt } };
}

const TAKE_APART_SQL = `
  WITH frozen AS (
    SELECT batch_id, count(*) AS held FROM open_deliveries
    WHERE endpoint_id = $1 AND status = 'held' AND batch_id IS NOT NULL GROUP BY batch_id),
  broken AS (
    SELECT f.batch_id FROM frozen f LEFT JOIN batches b ON b.id = f.batch_id
    WHERE f.held IS DISTINCT FROM cardinality(b.delivery_ids)
      AND NOT EXISTS (SELECT FROM open_deliveries o WHERE o.id = ANY(b.delivery_ids) AND o.status = 'sending')),
  target AS (
    SELECT d.id FROM open_deliveries d JOIN broken b ON b.batch_id = d.batch_id
    WHERE d.endpoint_id = $1 AND d.status = 'held' ORDER BY d.id FOR UPDATE OF d)
  ${LEAVE_BATCH} WHERE id IN (SELECT id FROM target)`;

const MAKE_UP_SQL = `
  WITH input AS (SELECT * FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS i(id, batch_id, place)),
  target AS (
    SELECT d.id, i.batch_id, i.place FROM open_deliveries d JOIN input i ON i.id = d.id
    WHERE d.id = ANY($2) AND d.endpoint_id = $1 AND d.status = 'held' AND d.batch_id IS NULL ORDER BY d.id
    FOR UPDATE OF d),
  joined AS (${JOIN_BATCH} FROM target t WHERE d.id = t.id AND d.id = ANY($2))
  INSERT INTO batches (id, endpoint_id, delivery_ids)
  SELECT batch_id, $1, array_agg(id ORDER BY place) FROM target GROUP BY batch_id`;

/** A wish for a manual attempt of a member is granted by it. */
const CLAIM_BATCHES_SQL = `
  WITH target AS (
    SELECT id, batch_id, event_id FROM open_deliveries
    WHERE endpoint_id = $1 AND status = 'held' AND batch_id = ANY($3)
      AND ${IS_SERVED}
    ORDER BY id FOR UPDATE),
  whole AS (
    SELECT b.id, sum(${PAYLOAD_BYTES}) AS bytes
    FROM batches b JOIN target t ON t.batch_id = b.id LEFT JOIN events ev ON ev.id = t.event_id WHERE b.id = ANY($3)
    GROUP BY b.id HAVING count(*) = cardinality(b.delivery_ids)),
  weighed AS (
    SELECT id, sum(bytes) OVER (ORDER BY array_position($3, id) ROWS UNBOUNDED PRECEDING)
      <= greatest($5::bigint, bytes) AS fits FROM whole),
  counted AS (
    UPDATE batches b SET attempts_made = b.attempts_made + 1 FROM weighed w WHERE b.id = w.id AND w.fits
    RETURNING b.id, b.attempts_made, b.delivery_ids),
  member AS (
    SELECT m.id, m.place, b.id AS batch_id, b.attempts_made AS batch_attempt
    FROM counted b, unnest(b.delivery_ids) WITH ORDINALITY AS m(id, place)),
  claimed AS (
    ${toSending({ owner: '$2', leaseEnd: leaseEnd('$4') })}
    FROM member m, endpoints e WHERE d.id = m.id AND e.id = d.endpoint_id
    RETURNING d.id, d.attempts_made, d.trigger, d.retries_used, d.event_id, d.event, d.customer_id, d.endpoint_id,
      m.batch_id, m.batch_attempt, m.place)
  SELECT ${CLAIMED_COLUMNS}, ${BATCH_COLUMNS}
  FROM claimed c JOIN events ev ON ev.id = c.event_id JOIN endpoints e ON e.id = c.endpoint_id
  LEFT JOIN endpoint_health h ON h.endpoint_id = c.endpoint_id
  ORDER BY c.batch_id, c.place`;
