import type {
  DeliveryNow,
  EndpointNow,
  EndpointThen,
  EventAtEndpoint,
} from '../../domain/explanation/explained.ts';
import { type HeldDelivery, holdReasonOf } from '../../domain/hold-reason.ts';
import { FIRST_PREDECESSOR } from '../open/line.ts';
import type { Database } from '../postgres/database.ts';

/** Which part of an explanation is wanted. */
export interface ExplanationBounds {
  /** Only endpoints of this customer; those of the operator too where null. */
  readonly seenBy: string | null;
  /** The `id` of the last one that was told of; null begins. */
  readonly after: string | null;
  readonly limit: number;
}

/** What an event met at an endpoint, and where that stands in the explanation. */
export type ExplainedPlace = EventAtEndpoint & { readonly id: string };

/** Those that have a delivery of the event come first, then those that could have had one, then the deleted ones. */
const PARTS: readonly string[] = ['sent', 'present', 'gone'];

/** Tells of an event what it met at each endpoint, as they were when it was accepted. */
export class ExplanationStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async of(
    event: { readonly id: string; readonly customerId: string | null; readonly createdAt: Date },
    { seenBy, after, limit }: ExplanationBounds,
  ): Promise<readonly ExplainedPlace[]> {
    const { rows } = await this.#database.reads.query<ExplainedRow>(EXPLAIN_SQL, [
      event.id,
      event.createdAt,
      seenBy ?? event.customerId,
      seenBy === null,
      limit,
      ...placesAfter(after),
    ]);
    return rows.map((row) => ({ id: `${row.part} ${row.key}`, ...toEventAtEndpoint(row) }));
  }
}

/** After which key each part goes on: from its beginning where empty, not at all where null. */
function placesAfter(after: string | null): readonly (string | null)[] {
  const [part, key = ''] = (after ?? `${PARTS[0]} `).split(' ');
  const current = PARTS.indexOf(part ?? '');
  return PARTS.map((_, index) => {
    if (index === current) return key;
    return index < current ? null : '';
  });
}

/** `endpointStatus` and `breakerState` are those of now, as of everything but `endpointThen`. */
interface ExplainedRow
  extends Omit<HeldDelivery, 'hasPredecessor'>,
    Omit<EndpointNow, 'id' | 'status' | 'probeAt'>,
    Omit<DeliveryNow, 'id' | 'status' | 'heldBy'> {
  readonly part: string;
  readonly key: string;
  readonly endpointId: string;
  readonly isToBeMade: boolean;
  readonly probeAt: number | null;
  readonly endpointThen: (Omit<EndpointThen, 'since'> & { readonly since: string }) | null;
  readonly deliveryId: string | null;
  readonly deliveryStatus: DeliveryNow['status'] | null;
}

function toEventAtEndpoint(row: ExplainedRow): EventAtEndpoint {
  const { endpointId, endpointStatus, customerId, disabledReason, since, by, reason, createdAt, deletedAt } =
    row;
  return {
    endpoint: {
      id: endpointId,
      customerId,
      status: endpointStatus,
      disabledReason,
      since,
      by,
      reason,
      createdAt,
      deletedAt,
      probeAt: row.probeAt === null ? null : new Date(row.probeAt),
    },
    endpointThen:
      row.endpointThen === null ? null : { ...row.endpointThen, since: new Date(row.endpointThen.since) },
    delivery: deliveryIn(row),
    isToBeMade: row.isToBeMade,
  };
}

function deliveryIn(row: ExplainedRow): DeliveryNow | null {
  const { deliveryId, deliveryStatus, attemptsMade, lastErrorCode, deadReason } = row;
  if (deliveryId === null || deliveryStatus === null) return null;
  const { dueAt, finishedAt, behind } = row;
  const held = { ...row, hasPredecessor: behind !== null };
  return {
    id: deliveryId,
    status: deliveryStatus,
    attemptsMade,
    lastErrorCode,
    deadReason,
    dueAt,
    finishedAt,
    heldBy: deliveryStatus === 'held' ? holdReasonOf(held) : null,
    behind,
  };
}

/** Of an event for all every endpoint could have got it. */
const COULD = '(e.customer_id = $3 OR ($4 AND (e.customer_id IS NULL OR $3::text IS NULL)))';
const UNSENT = 'NOT EXISTS (SELECT FROM sent s WHERE s.endpoint_id = e.id)';
/** The last deleted ones first; the key is the time and the id. */
const GONE_KEY = `to_char(e.deleted_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '/' || e.id`;
const GONE_BEFORE = `(coalesce(nullif(split_part($8, '/', 1), '')::timestamptz, 'infinity'), split_part($8, '/', 2))`;

const EXPLAIN_SQL = `
  WITH sent AS (
    SELECT d.* FROM events ev, unnest(ev.delivery_ids) AS o(id) JOIN deliveries d ON d.id = o.id
    WHERE ev.id = $1 AND ($4 OR d.customer_id = $3)),
  known AS (
    (SELECT 1 AS place, 'sent' AS part, s.id AS key, s.endpoint_id AS id, s.id AS delivery_id
     FROM sent s WHERE s.id > $6 ORDER BY s.id LIMIT $5)
    UNION ALL (SELECT 2, 'present', e.id, e.id, NULL FROM endpoints e
     WHERE ${COULD} AND e.deleted_at IS NULL AND e.id > $7 AND ${UNSENT} ORDER BY e.id LIMIT $5)
    UNION ALL (SELECT 3, 'gone', ${GONE_KEY}, e.id, NULL FROM endpoints e
     WHERE ${COULD} AND e.deleted_at IS NOT NULL AND $8::text IS NOT NULL AND (e.deleted_at, e.id) < ${GONE_BEFORE}
       AND ${UNSENT}
     ORDER BY e.deleted_at DESC, e.id DESC LIMIT $5))
  SELECT k.part, k.key, e.id AS "endpointId", e.customer_id AS "customerId", e.status AS "endpointStatus",
    e.disabled_reason AS "disabledReason", e.status_since AS since, e.status_by AS by, e.status_reason AS reason,
      e.created_at AS "createdAt", e.deleted_at AS "deletedAt",
    (h.breaker ->> 'probeAt')::float8 AS "probeAt", coalesce(h.state, 'closed') AS "breakerState",
    e.rate_limit AS "rateLimit", e.max_concurrency AS "maxConcurrency", e.batch, e.ordered,
    CASE WHEN v.endpoint_id IS NOT NULL THEN json_build_object('url', v.url, 'events', v.events, 'filter', v.filter,
      'status', v.status, 'disabledReason', v.disabled_reason, 'since', v.status_since, 'by', v.status_by,
      'reason', v.status_reason, 'breakerState', v.breaker_state, 'isDeleted', v.is_deleted) END AS "endpointThen",
    d.id AS "deliveryId", d.status AS "deliveryStatus", d.attempts_made AS "attemptsMade",
    d.last_error_code AS "lastErrorCode", d.dead_reason AS "deadReason", d.due_at AS "dueAt",
    k.id IN (SELECT unnest(p.endpoint_ids) FROM event_parts p WHERE p.event_id = $1) AS "isToBeMade",
    d.finished_at AS "finishedAt", d.batch_id AS "batchId", coalesce(d.due_at > now(), false) AS "isEarly",
    CASE WHEN d.status = 'held' THEN ${FIRST_PREDECESSOR} END AS behind
  FROM known k JOIN endpoints e ON e.id = k.id LEFT JOIN sent d ON d.id = k.delivery_id
  LEFT JOIN endpoint_health h ON h.endpoint_id = e.id
  LEFT JOIN LATERAL (
    SELECT * FROM endpoint_versions w
    WHERE w.endpoint_id = e.id AND w.at <= CASE d.status WHEN 'skipped' THEN d.finished_at ELSE $2 END
    ORDER BY w.number DESC LIMIT 1) v ON true
  ORDER BY k.place, CASE k.part WHEN 'gone' THEN NULL ELSE k.key END COLLATE "C", e.deleted_at DESC, e.id DESC
    LIMIT $5`;
