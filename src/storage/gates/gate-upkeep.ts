import type { Database } from '../postgres/database.ts';
import { withDispatchLocked } from '../postgres/locks.ts';
import { milliseconds } from '../postgres/time-sql.ts';
import type { GateDrain } from './gate-drain.ts';
import { IS_ALWAYS_SHUT, openIfFewAreHeld } from './gate-rules.ts';
import { type DueRules, HAS_FROZEN, nextDueOf } from './next-due.ts';

/** What a gate does once its drain has nothing more to let go. */
export type DrainEnd =
  /** Something came meanwhile, or another drain has the gate. */
  | { readonly kind: 'not_yet' }
  /** It is open: publish and waves do the rest; so many held deliveries were left to them. */
  | { readonly kind: 'opened'; readonly released: number }
  /**
   * It stays shut and its drain rests: whoever holds something back wakes its workflow. The next retry or batch is due
   * after so long.
   */
  | { readonly kind: 'resting'; readonly nextDueInMs: number | null };

/** The ends of drains, and what the reconciling loop needs to know of gates. */
export class GateUpkeep {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Endpoints whose pause is over by now. */
  async listPausesOver(): Promise<readonly string[]> {
    const { rows } = await this.#database.pool.query<{ id: string }>(
      `SELECT id FROM endpoints WHERE paused_until <= now() AND status = 'paused' AND deleted_at IS NULL
       ORDER BY paused_until LIMIT 100`,
    );
    return rows.map(({ id }) => id);
  }

  /**
   * Ends a drain. While it does, nothing is published: what a publish held back before is seen, what comes after wakes
   * the gate.
   */
  async endDrain({ endpointId, token }: GateDrain): Promise<DrainEnd> {
    return await withDispatchLocked(this.#database, async (client) => {
      const { rows } = await client.query<DueRules>(
        `SELECT e.ordered, e.batch, ${HAS_FROZEN} AS "hasFrozen" FROM endpoints e JOIN gate_drains d
          ON d.endpoint_id = e.id WHERE e.id = $1 AND d.token = $2`,
        [endpointId, token],
      );
      const [gate] = rows;
      if (gate === undefined) return { kind: 'not_yet' };
      const nextDueInMs = await nextDueOf(client, endpointId, gate);
      if (nextDueInMs === 0) return { kind: 'not_yet' };
      const released = await openIfFewAreHeld(client, endpointId);
      if (released !== null) return { kind: 'opened', released };
      await client.query('UPDATE gates SET needs_wake = true WHERE endpoint_id = $1', [endpointId]);
      return { kind: 'resting', nextDueInMs };
    });
  }

  /** Says that the gate's workflow looks after it for so long, sleeping. */
  async careFor(endpointId: string, forMs: number): Promise<void> {
    await this.#database.pool.query(
      `INSERT INTO gate_drains (endpoint_id, token, lease_until)
       SELECT id, '', now() + ${milliseconds('$2')} FROM endpoints WHERE id = $1
       ON CONFLICT (endpoint_id) DO UPDATE SET lease_until = excluded.lease_until`,
      [endpointId, forMs + this.#database.timing.sleepMarginMs],
    );
  }

  /** Endpoints whose gate should be looked after by a workflow and is not. */
  async listStray(limit: number): Promise<readonly string[]> {
    const { rows } = await this.#database.pool.query<{ endpointId: string }>(STRAY_SQL, [
      limit,
      this.#database.timing.patienceMs,
    ]);
    return rows.map((row) => row.endpointId);
  }

  /** Endpoints whose gate is open although their breaker or their rules want it shut: whoever was to shut it died. */
  async listUnshut(): Promise<readonly string[]> {
    const { rows } = await this.#database.pool.query<{ endpointId: string }>(
      `SELECT h.endpoint_id AS "endpointId" FROM endpoint_health h JOIN gates g ON g.endpoint_id = h.endpoint_id
       WHERE h.state <> 'closed' AND g.is_open
       UNION
       SELECT e.id FROM endpoints e JOIN gates g ON g.endpoint_id = e.id
       WHERE ${IS_ALWAYS_SHUT} AND e.deleted_at IS NULL AND g.is_open`,
    );
    return rows.map((row) => row.endpointId);
  }
}

/** What waits for its batch is not overdue. */
const BATCH_WAIT = "make_interval(secs => coalesce((e.batch ->> 'maxWaitMs')::float8, 0) / 1000)";
const HAS_STATE = "coalesce(h.state, 'closed')";

/**
 * A gate that should be open, that waits for a person or a probe, or that holds something, and that nobody drains or
 * cares for. One whose workflow sleeps until a retry is stray, too, where something else has come due meanwhile: a
 * retry of a run, a send that was lost with its worker. A half-open gate without deliveries needs none until one
 * arrives.
 */
const STRAY_SQL = `
  SELECT g.endpoint_id AS "endpointId"
  FROM gates g JOIN endpoints e ON e.id = g.endpoint_id
  LEFT JOIN gate_drains c ON c.endpoint_id = g.endpoint_id LEFT JOIN endpoint_health h ON h.endpoint_id = g.endpoint_id
  WHERE NOT g.is_open AND e.deleted_at IS NULL AND e.status <> 'disabled' AND CASE
    WHEN c.lease_until IS NULL OR c.lease_until < now() THEN e.status = 'paused' OR ${HAS_STATE} = 'open'
      OR (${HAS_STATE} = 'closed' AND NOT ${IS_ALWAYS_SHUT})
      OR EXISTS (SELECT FROM open_deliveries d WHERE d.endpoint_id = g.endpoint_id AND d.status = 'held')
    ELSE g.needs_wake AND e.status = 'enabled' AND ${HAS_STATE} <> 'open' AND EXISTS (
      SELECT FROM open_deliveries d WHERE d.endpoint_id = g.endpoint_id AND d.status = 'held'
        AND d.due_at < now() - ${milliseconds('$2')} - CASE WHEN d.batch_id IS NULL THEN ${BATCH_WAIT} ELSE '0' END)
    END
  ORDER BY g.endpoint_id LIMIT $1`;
