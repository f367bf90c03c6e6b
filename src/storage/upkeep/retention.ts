import { deliveriesFinished } from '../../metrics/attempt-metrics.ts';
import { insertAnnouncements, type OnAnnounced } from '../events/announcements.ts';
import { announcementsOf, type Death } from '../events/death-announcements.ts';
import { IS_WHOLE } from '../events/event-parts.ts';
import { type Day, ENDED, FURTHER, partitionOf } from '../history/days.ts';
import { endWithEndpoint, expire } from '../open/transitions/ends.ts';
import type { Database } from '../postgres/database.ts';
import { withDispatchShared } from '../postgres/locks.ts';
import { IDEMPOTENCY_WINDOW } from '../postgres/time-sql.ts';
import { IS_AWAITED } from './awaited.ts';
import { HistoryDays } from './history-days.ts';

const ROWS_PER_STATEMENT = 1_000;

/** What one sweep removed. */
export interface Swept {
  readonly expired: number;
  readonly deliveries: number;
  readonly events: number;
  /** Of events that are gone. */
  readonly uids: number;
  readonly batches: number;
  readonly replays: number;
  readonly idempotencyKeys: number;
  readonly secrets: number;
  /** What endpoints and event types were, longer ago than events are kept. */
  readonly versions: number;
  readonly auditEntries: number;
}

/** Removes what has been kept long enough. An open delivery, and one that a replay is to release, are never touched. */
export class Retention {
  readonly #database: Database;
  readonly #onAnnounced: OnAnnounced;

  /** @param onAnnounced is told of what operators are to hear of deliveries that expired */
  constructor(database: Database, onAnnounced: OnAnnounced = () => {}) {
    this.#database = database;
    this.#onAnnounced = onAnnounced;
  }

  /**
   * One sweep in small statements; repeat it until it removes nothing. Deliveries held for a disabled endpoint beyond
   * the retention die as `expired` first, and are kept as dead letters for the same time again.
   * @param auditRetentionDays how long entries of the audit log are kept; for ever where absent
   */
  async sweep(retentionDays: number, auditRetentionDays?: number): Promise<Swept> {
    await this.#run(END_ORPHANS_SQL, []);
    return {
      expired: await this.#expire(retentionDays),
      deliveries: await this.#deleteDeliveries(retentionDays),
      events: await this.#run(DELETE_EVENTS_SQL, [retentionDays]),
      uids: await this.#run(DELETE_UIDS_SQL, [retentionDays]),
      batches: await this.#run(DELETE_BATCHES_SQL, [retentionDays]),
      replays: await this.#run(DELETE_REPLAYS_SQL, [retentionDays]),
      idempotencyKeys: await this.#run(DELETE_KEYS_SQL, []),
      secrets: await this.#run(DELETE_SECRETS_SQL, []),
      versions: await this.#deleteVersions(retentionDays),
      auditEntries: await this.#run(DELETE_AUDIT_SQL, [auditRetentionDays ?? null]),
    };
  }

  async #expire(retentionDays: number): Promise<number> {
    const { deaths, inserted } = await withDispatchShared(this.#database, async (client) => {
      const { rows: deaths } = await client.query<Death>(EXPIRE_HELD_SQL, [retentionDays]);
      return { deaths, inserted: await insertAnnouncements(client, announcementsOf(deaths)) };
    });
    deliveriesFinished.inc({ status: 'dead', reason: 'expired' }, deaths.length);
    if (inserted !== null) this.#onAnnounced(inserted);
    return deaths.length;
  }

  async #deleteDeliveries(retentionDays: number): Promise<number> {
    let count = 0;
    for (const part of await new HistoryDays(this.#database).listToSweep(retentionDays))
      count += await this.#run(deleteDeliveriesSql(part), [retentionDays]);
    return count;
  }

  async #deleteVersions(retentionDays: number): Promise<number> {
    const ofEndpoints = await this.#run(DELETE_VERSIONS_SQL, [retentionDays]);
    return ofEndpoints + (await this.#run(DELETE_TYPE_VERSIONS_SQL, [retentionDays]));
  }

  async #run(sql: string, values: readonly unknown[]): Promise<number> {
    const { rowCount } = await this.#database.pool.query(sql, [...values]);
    return rowCount ?? 0;
  }
}

const EXPIRE_HELD_SQL = `
  WITH target AS (
    SELECT d.id FROM open_deliveries d JOIN endpoints e ON e.id = d.endpoint_id
    WHERE d.status = 'held' AND d.retry_mark IS NULL AND e.status = 'disabled'
      AND d.created_at < now() - make_interval(days => $1)
    ORDER BY d.id LIMIT ${ROWS_PER_STATEMENT} FOR UPDATE OF d SKIP LOCKED),
  ${expire('USING target t WHERE d.id = t.id')}
  SELECT id AS delivery_id, event_id, event, endpoint_id, customer_id, dead_reason AS reason, attempts_made,
    last_status_code, last_error_code, is_test
  FROM ended WHERE status = 'dead'`;

/** What was marked for a manual attempt while its endpoint was being deleted: nobody makes it. */
const END_ORPHANS_SQL = `
  WITH target AS (
    SELECT d.id FROM open_deliveries d JOIN endpoints e ON e.id = d.endpoint_id
    WHERE d.retry_mark IS NOT NULL AND d.status <> 'sending' AND e.deleted_at IS NOT NULL
    ORDER BY d.id LIMIT ${ROWS_PER_STATEMENT} FOR UPDATE OF d SKIP LOCKED),
  ${endWithEndpoint('USING target t WHERE d.id = t.id')}
  SELECT FROM ended`;

/** Rows of days that are dropped whole go with them. */
function deleteDeliveriesSql(part: Day | 'older'): string {
  const ended = partitionOf(ENDED, part);
  return `
    WITH old AS (
      SELECT d.id FROM ${ended} d
      WHERE d.finished_at < now() - make_interval(days => $1) AND NOT (${IS_AWAITED})
      LIMIT ${ROWS_PER_STATEMENT} FOR UPDATE SKIP LOCKED),
    old_attempts AS (DELETE FROM ${partitionOf(FURTHER, part)} WHERE delivery_id IN (SELECT id FROM old))
    DELETE FROM ${ended} WHERE id IN (SELECT id FROM old)`;
}

const DELETE_EVENTS_SQL = `
  WITH old AS (
    SELECT e.id FROM events e
    WHERE e.created_at < now() - make_interval(days => $1)
      AND coalesce(e.deliver_at, e.created_at) < now() - make_interval(days => $1)
      AND NOT EXISTS (SELECT FROM unnest(e.delivery_ids) AS o(id) JOIN deliveries d ON d.id = o.id)
      AND ${IS_WHOLE}
    ORDER BY e.id LIMIT ${ROWS_PER_STATEMENT}),
  old_keys AS (
    DELETE FROM search_keys k USING old, events e, unnest(e.search_keys) AS s(key)
    WHERE e.id = old.id AND k.key = s.key AND k.event_id = e.id)
  DELETE FROM events WHERE id IN (SELECT id FROM old)`;

const DELETE_UIDS_SQL = `
  DELETE FROM event_uids WHERE (scope, uid) IN (
    SELECT u.scope, u.uid FROM event_uids u
    WHERE u.created_at < now() - make_interval(days => $1) AND NOT EXISTS (SELECT FROM events e WHERE e.id = u.event_id)
    ORDER BY u.created_at LIMIT ${ROWS_PER_STATEMENT})`;

/** Whose members are all gone. */
const DELETE_BATCHES_SQL = `
  DELETE FROM batches WHERE id IN (
    SELECT b.id FROM batches b
    WHERE b.created_at < now() - make_interval(days => $1)
      AND NOT EXISTS (SELECT FROM unnest(b.delivery_ids) AS o(id) JOIN deliveries d ON d.id = o.id)
    ORDER BY b.created_at LIMIT ${ROWS_PER_STATEMENT})`;

const DELETE_REPLAYS_SQL = `
  DELETE FROM replays WHERE id IN (
    SELECT id FROM replays WHERE finished_at < now() - make_interval(days => $1) ORDER BY id
    LIMIT ${ROWS_PER_STATEMENT})`;

const DELETE_KEYS_SQL = `
  DELETE FROM idempotency_keys WHERE (scope, key) IN (
    SELECT scope, key FROM idempotency_keys WHERE created_at < now() - ${IDEMPOTENCY_WINDOW}
    LIMIT ${ROWS_PER_STATEMENT})`;

/** Which sign nothing any more, since their overlap has ended. */
const DELETE_SECRETS_SQL = `
  DELETE FROM endpoint_secrets WHERE (endpoint_id, number) IN (
    SELECT endpoint_id, number FROM endpoint_secrets WHERE expires_at <= now() LIMIT ${ROWS_PER_STATEMENT})`;

/** What was so when the oldest event that is kept came stays. */
const DELETE_VERSIONS_SQL = `
  DELETE FROM endpoint_versions WHERE number IN (
    SELECT v.number FROM endpoint_versions v
    WHERE v.at < now() - make_interval(days => $1) AND (v.is_deleted OR EXISTS (
      SELECT FROM endpoint_versions n
      WHERE n.endpoint_id = v.endpoint_id AND n.number > v.number AND n.at < now() - make_interval(days => $1)))
    ORDER BY v.number LIMIT ${ROWS_PER_STATEMENT})`;

const DELETE_TYPE_VERSIONS_SQL = `
  DELETE FROM event_type_versions WHERE number IN (
    SELECT v.number FROM event_type_versions v
    WHERE v.at < now() - make_interval(days => $1) AND (v.is_deleted OR EXISTS (
      SELECT FROM event_type_versions n
      WHERE n.name = v.name AND n.number > v.number AND n.at < now() - make_interval(days => $1)))
    ORDER BY v.number LIMIT ${ROWS_PER_STATEMENT})`;

const DELETE_AUDIT_SQL = `
  DELETE FROM audit_entries WHERE id IN (
    SELECT id FROM audit_entries WHERE created_at < now() - make_interval(days => $1) LIMIT ${ROWS_PER_STATEMENT})`;
