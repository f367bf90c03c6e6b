import type { PoolClient } from 'pg';
import { DISCARD, ERASE_ANSWER, endWithEndpoint } from '../open/transitions/ends.ts';
import { REPLAYABLE } from '../postgres/statuses.ts';

/**
 * Erases events with what they carried and what was answered, and makes no further deliveries of them. The caller has
 * locked the events. @returns the deliveries that were cancelled
 */
export async function eraseEvents(
  client: PoolClient,
  eventIds: readonly string[],
  deliveryIds: readonly string[],
): Promise<readonly string[]> {
  const { rows } = await client.query<{ id: string; isCancelled: boolean }>(CANCEL_SQL, [deliveryIds]);
  await client.query(DISCARD_SQL, [deliveryIds]);
  await client.query(ERASE_ANSWERS_SQL, [deliveryIds]);
  await client.query(ERASE_FURTHER_ANSWERS_SQL, [deliveryIds]);
  await client.query(ERASE_EVENTS_SQL, [eventIds]);
  return rows.filter(({ isCancelled }) => isCancelled).map(({ id }) => id);
}

const CANCEL_SQL = `
  WITH target AS (SELECT id FROM open_deliveries WHERE id = ANY ($1)),
  ${endWithEndpoint('USING target t WHERE d.id = t.id')}
  SELECT id, status = 'cancelled' AS "isCancelled" FROM ended`;

/** Nothing of it can be sent again. */
const DISCARD_SQL = `${DISCARD} WHERE d.id = ANY ($1) AND d.status IN (${REPLAYABLE})`;

const ERASE_ANSWERS_SQL = `${ERASE_ANSWER} WHERE d.id = ANY ($1)`;

/** SQL: forgets what receivers answered to further attempts. */
export const ERASE_FURTHER =
  'UPDATE further_attempts SET signature = NULL, response_headers = NULL, response_body = NULL';

/** Of a batch the answer stands with its first member. */
const ERASE_FURTHER_ANSWERS_SQL = `
  WITH calls AS (
    SELECT DISTINCT b.delivery_ids[1] AS id FROM further_attempts a JOIN batches b ON b.id = a.batch_id
    WHERE a.delivery_id = ANY ($1))
  ${ERASE_FURTHER} WHERE delivery_id = ANY ($1) OR delivery_id IN (SELECT id FROM calls)`;

const ERASE_EVENTS_SQL = `
  WITH uids AS (
    DELETE FROM event_uids u USING events e WHERE e.id = ANY ($1) AND u.uid = e.uid AND u.event_id = e.id),
  parts AS (DELETE FROM event_parts WHERE event_id = ANY ($1)),
  keys AS (
    DELETE FROM search_keys k USING events e, unnest(e.search_keys) AS s(key)
    WHERE e.id = ANY ($1) AND k.key = s.key AND k.event_id = e.id)
  UPDATE events SET data = '{}', search_keys = NULL, metadata = NULL, uid = NULL,
    erased_at = coalesce(erased_at, now()) WHERE id = ANY ($1)`;
