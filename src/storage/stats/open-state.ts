import { HOLD_REASONS, type HoldReason } from '../../domain/hold-reason.ts';
import type { OpenState } from '../../metrics/state-metrics.ts';
import type { Database } from '../postgres/database.ts';
import { OPEN, WAITING } from '../postgres/statuses.ts';

/**
 * Counts end here: a figure that says "very many" needs no more, and looking must cost the same whatever has piled up.
 */
const COUNTED_AT_MOST = 100_000;

interface StateRow {
  readonly deliveries: Readonly<Record<string, number>> | null;
  readonly dead: number;
  readonly overdue: Readonly<Record<string, number>> | null;
  readonly held: Readonly<Record<HoldReason, number>> | null;
  readonly endpoints: OpenState['endpoints'] | null;
  readonly replayRemaining: number;
  readonly oldestSnapshot: number;
  readonly deadRows: number;
}

/** Reads what is open, from the indexes of what is open and never from history; for figures, not for decisions. */
export class OpenStateReader {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async read(): Promise<OpenState> {
    const { rows } = await this.#database.reads.query<StateRow>(STATE_SQL);
    const [row] = rows;
    if (row === undefined) throw new Error('the state was asked for and not given');
    const nothing = { scheduled: 0, queued: 0, sending: 0, retrying: 0, held: 0 };
    return {
      deliveries: { ...nothing, ...row.deliveries, dead: row.dead },
      oldestDueSeconds: { queued: 0, retrying: 0, ...row.overdue },
      heldByReason: { ...Object.fromEntries(HOLD_REASONS.map((reason) => [reason, 0])), ...row.held },
      endpoints: row.endpoints ?? [],
      replayRemaining: row.replayRemaining,
      oldestSnapshotSeconds: row.oldestSnapshot,
      deadRows: row.deadRows,
    };
  }
}

/**
 * The order of the cases is that of `HOLD_REASONS`; what waits for its turn or its time is told from the endpoint's
 * rules alone.
 */
const REASON_SQL = `CASE
    WHEN e.status <> 'enabled' THEN e.status
    WHEN coalesce(h.state, 'closed') <> 'closed' THEN 'breaker'
    WHEN e.ordered THEN 'order'
    WHEN d.due_at > now() THEN 'retry'
    WHEN e.batch IS NOT NULL AND d.batch_id IS NULL THEN 'batch'
    WHEN e.rate_limit IS NOT NULL THEN 'rate'
    WHEN e.max_concurrency IS NOT NULL THEN 'concurrency'
    ELSE 'backlog' END`;

const STATE_SQL = `
  WITH open AS (
    SELECT endpoint_id, status FROM open_deliveries WHERE status IN (${OPEN}) LIMIT ${COUNTED_AT_MOST}),
  held AS (
    SELECT endpoint_id, due_at, batch_id FROM open_deliveries WHERE status = 'held' LIMIT ${COUNTED_AT_MOST}),
  by_reason AS (
    SELECT ${REASON_SQL} AS reason, count(*)::integer AS count
    FROM held d JOIN endpoints e ON e.id = d.endpoint_id LEFT JOIN endpoint_health h ON h.endpoint_id = e.id
    GROUP BY 1),
  overdue AS (
    SELECT status, max(extract(epoch FROM now() - due_at))::float8 AS seconds FROM (
      SELECT status, due_at FROM open_deliveries
      WHERE status IN (${OPEN}) AND status IN (${WAITING}) AND due_at <= now() LIMIT ${COUNTED_AT_MOST}) due
    GROUP BY status),
  to_be_made AS (
    SELECT 'queued' AS status, max(extract(epoch FROM now() - coalesce(e.deliver_at, e.created_at)))::float8 AS seconds
    FROM (SELECT DISTINCT event_id FROM event_parts LIMIT ${COUNTED_AT_MOST}) p JOIN events e ON e.id = p.event_id
    WHERE coalesce(e.deliver_at, e.created_at) <= now())
  SELECT
    (SELECT json_object_agg(status, count) FROM (SELECT status, count(*)::integer AS count FROM open
      GROUP BY status) s) AS deliveries,
    (SELECT count(*)::integer FROM (SELECT FROM ended_deliveries WHERE status = 'dead' LIMIT ${COUNTED_AT_MOST})
      d) AS dead,
    (SELECT json_object_agg(status, seconds) FROM (
      SELECT status, max(seconds) AS seconds FROM (TABLE overdue UNION ALL TABLE to_be_made) due
      WHERE seconds IS NOT NULL GROUP BY status) s) AS overdue,
    (SELECT json_object_agg(reason, count) FROM by_reason) AS held,
    (SELECT json_agg(json_build_object('status', status, 'breakerState', state, 'count', count)) FROM (
      SELECT e.status, coalesce(h.state, 'closed') AS state, count(*)::integer AS count
      FROM endpoints e LEFT JOIN endpoint_health h ON h.endpoint_id = e.id WHERE e.deleted_at IS NULL
      GROUP BY 1, 2) s) AS endpoints,
    (SELECT coalesce(sum(total - released), 0)::integer FROM replays WHERE finished_at IS NULL) AS "replayRemaining",
    (SELECT coalesce(max(extract(epoch FROM now() - xact_start)), 0)::float8 FROM pg_stat_activity
      WHERE coalesce(backend_xmin, backend_xid) IS NOT NULL AND pid <> pg_backend_pid()) AS "oldestSnapshot",
    (SELECT coalesce(sum(n_dead_tup), 0)::float8 FROM pg_stat_user_tables
      WHERE schemaname = 'public' AND relname = 'open_deliveries') AS "deadRows"`;
