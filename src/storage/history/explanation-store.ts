import type {
  DeliveryNow,
  EndpointNow,
  EndpointThen,
  EventAtEndpoint,
} from '../../domain/explanation/explained.ts';
import { type HeldDelivery, holdReasonOf } from '../../domain/hold-reason.ts';
import { FIRST_PREDECESSOR } from '../open/line.ts';
import type { Database } from '../postgres/database.ts';

/** Of more endpoints than this nothing is told beyond that there are more. */
export const MAX_EXPLAINED = 500;

/** Tells of an event what it met at each endpoint, as they were when it was accepted. */
export class ExplanationStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Those that have a delivery of the event first, then those that could have had one, then the deleted ones; one more
   * than `MAX_EXPLAINED` at most.
   * @param seenBy only endpoints of this customer; those of the operator too where null
   */
  async of(
    event: { readonly id: string; readonly customerId: string | null; readonly createdAt: Date },
    seenBy: string | null,
  ): Promise<readonly EventAtEndpoint[]> {
    const { rows } = await this.#database.reads.query<ExplainedRow>(EXPLAIN_SQL, [
      event.id,
      event.createdAt,
      seenBy ?? event.customerId,
      seenBy === null,
    ]);
    return rows.map(toEventAtEndpoint);
  }
}

/** `endpointStatus` and `breakerState` are those of now, as of everything but `endpointThen`. */
interface ExplainedRow
  extends Omit<HeldDelivery, 'hasPredecessor'>,
    Omit<EndpointNow, 'id' | 'status' | 'probeAt'>,
    Omit<DeliveryNow, 'id' | 'status' | 'heldBy'> {
  readonly endpointId: string;
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

/** Of an event for all every endpoint could have got it. @param which which ones, and in which order */
function visible(which: string): string {
  return `(SELECT e.id, e.deleted_at FROM endpoints e
    WHERE (e.customer_id = $3 OR ($4 AND (e.customer_id IS NULL OR $3::text IS NULL))) AND ${which} LIMIT ${MAX_EXPLAINED + 1})`;
}

const EXPLAIN_SQL = `
  WITH sent AS (
    SELECT d.* FROM events ev, unnest(ev.delivery_ids) AS o(id) JOIN deliveries d ON d.id = o.id
    WHERE ev.id = $1 AND ($4 OR d.customer_id = $3)),
  known AS (
    SELECT endpoint_id AS id FROM sent
    UNION SELECT id FROM ${visible('e.deleted_at IS NULL ORDER BY e.id')} AS present
    UNION SELECT id FROM ${visible('e.deleted_at IS NOT NULL ORDER BY e.deleted_at DESC')} AS gone)
  SELECT e.id AS "endpointId", e.customer_id AS "customerId", e.status AS "endpointStatus", e.disabled_reason AS "disabledReason",
    e.status_since AS since, e.status_by AS by, e.status_reason AS reason, e.created_at AS "createdAt", e.deleted_at AS "deletedAt",
    (h.breaker ->> 'probeAt')::float8 AS "probeAt", coalesce(h.state, 'closed') AS "breakerState",
    e.rate_limit AS "rateLimit", e.max_concurrency AS "maxConcurrency", e.batch, e.ordered,
    CASE WHEN v.endpoint_id IS NOT NULL THEN json_build_object('url', v.url, 'events', v.events, 'filter', v.filter,
      'status', v.status, 'disabledReason', v.disabled_reason, 'since', v.status_since, 'by', v.status_by,
      'reason', v.status_reason, 'breakerState', v.breaker_state, 'isDeleted', v.is_deleted) END AS "endpointThen",
    d.id AS "deliveryId", d.status AS "deliveryStatus", d.attempts_made AS "attemptsMade", d.last_error_code AS "lastErrorCode",
    d.dead_reason AS "deadReason", d.due_at AS "dueAt", d.finished_at AS "finishedAt", d.batch_id AS "batchId",
    coalesce(d.due_at > now(), false) AS "isEarly", CASE WHEN d.status = 'held' THEN ${FIRST_PREDECESSOR} END AS behind
  FROM known k JOIN endpoints e ON e.id = k.id LEFT JOIN sent d ON d.endpoint_id = e.id
  LEFT JOIN endpoint_health h ON h.endpoint_id = e.id
  LEFT JOIN LATERAL (
    SELECT * FROM endpoint_versions w
    WHERE w.endpoint_id = e.id AND w.at <= CASE d.status WHEN 'skipped' THEN d.finished_at ELSE $2 END
    ORDER BY w.number DESC LIMIT 1) v ON true
  ORDER BY d.id IS NULL, d.id, e.deleted_at IS NOT NULL, e.id LIMIT ${MAX_EXPLAINED + 1}`;
