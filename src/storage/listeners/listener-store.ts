import type { EndpointStatus } from '../../domain/endpoint.ts';
import { LISTENER_KEPT_MS } from '../../domain/listener.ts';
import type { Database } from '../postgres/database.ts';
import { milliseconds } from '../postgres/time-sql.ts';

/** How the endpoint of a listener stands, as the stream that has it looks after it. */
export interface ListenerStanding {
  readonly status: EndpointStatus;
  readonly statusBy: string | null;
}

const KEPT_UNTIL = `now() + ${milliseconds(String(LISTENER_KEPT_MS))}`;

/** Who listens at which endpoint. A listener has one stream at a time: the newest. */
export class ListenerStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Makes an endpoint a listener's, or keeps it for longer; tells until when.
   * @param follows the swept listener that a new one takes the place of
   */
  async keep(endpointId: string, follows: string | null = null): Promise<Date> {
    const { rows } = await this.#database.pool.query<{ expiresAt: Date }>(
      `INSERT INTO listeners (endpoint_id, expires_at, follows) VALUES ($1, ${KEPT_UNTIL}, $2)
       ON CONFLICT (endpoint_id) DO UPDATE SET expires_at = excluded.expires_at RETURNING expires_at AS "expiresAt"`,
      [endpointId, follows],
    );
    const [kept] = rows;
    if (kept === undefined) throw new Error(`the listener of ${endpointId} was not kept`);
    return kept.expiresAt;
  }

  /**
   * Gives the listener to a stream; what another took and never answered waits again.
   * @returns false where there is none
   */
  async attach(endpointId: string, stream: string): Promise<boolean> {
    const { rowCount } = await this.#database.pool.query(
      `WITH back AS (UPDATE relays SET state = 'waiting' WHERE endpoint_id = $1 AND state = 'taken')
       UPDATE listeners SET stream = $2, heard_at = now(), expires_at = ${KEPT_UNTIL}
       WHERE endpoint_id = $1 AND swept_at IS NULL`,
      [endpointId, stream],
    );
    return rowCount === 1;
  }

  /**
   * Says that its stream is alive.
   * @returns how its endpoint stands; null where another stream has it, or it is gone
   */
  async renew(endpointId: string, stream: string): Promise<ListenerStanding | null> {
    const { rows } = await this.#database.pool.query<ListenerStanding>(
      `UPDATE listeners l SET heard_at = now(), expires_at = ${KEPT_UNTIL} FROM endpoints e
       WHERE l.endpoint_id = $1 AND l.stream = $2 AND e.id = l.endpoint_id AND e.deleted_at IS NULL
       RETURNING e.status, e.status_by AS "statusBy"`,
      [endpointId, stream],
    );
    return rows[0] ?? null;
  }

  /** Takes the listener from a stream; what it took and never answered waits. @returns whether it had it */
  async detach(endpointId: string, stream: string): Promise<boolean> {
    const { rowCount } = await this.#database.pool.query(
      `WITH gone AS (UPDATE listeners SET stream = NULL WHERE endpoint_id = $1 AND stream = $2 RETURNING endpoint_id),
       back AS (UPDATE relays r SET state = 'waiting' FROM gone g WHERE r.endpoint_id = g.endpoint_id
         AND r.state = 'taken')
       SELECT FROM gone`,
      [endpointId, stream],
    );
    return rowCount === 1;
  }

  /** Takes the listeners from streams that have given no sign of life for so long; answers whose endpoints they are. */
  async detachSilent(forMs: number): Promise<readonly string[]> {
    const { rows } = await this.#database.pool.query<{ id: string }>(
      `UPDATE listeners SET stream = NULL WHERE stream IS NOT NULL AND heard_at < now() - ${milliseconds('$1')}
       RETURNING endpoint_id AS id`,
      [forMs],
    );
    return rows.map(({ id }) => id);
  }

  /** Endpoints of listeners that nobody came back to, and whether somebody has removed them before. */
  async listExpired(): Promise<readonly { readonly id: string; readonly isRemoved: boolean }[]> {
    const { rows } = await this.#database.pool.query<{ id: string; isRemoved: boolean }>(
      `SELECT l.endpoint_id AS id, e.deleted_at IS NOT NULL AS "isRemoved"
       FROM listeners l JOIN endpoints e ON e.id = l.endpoint_id
       WHERE l.expires_at < now() AND l.swept_at IS NULL ORDER BY l.expires_at LIMIT 100`,
    );
    return rows;
  }

  /** Says that the endpoint of a listener was removed since nobody came back; drops all that was on its way. */
  async markSwept(endpointId: string): Promise<void> {
    await this.#database.pool.query(
      `WITH dropped AS (DELETE FROM relays WHERE endpoint_id = $1)
       UPDATE listeners SET swept_at = now(), stream = NULL WHERE endpoint_id = $1`,
      [endpointId],
    );
  }

  /** The listener of this name that was swept last, while that was not told; null where there is none. */
  async findSwept(customerId: string | null, uid: string): Promise<string | null> {
    const { rows } = await this.#database.pool.query<{ id: string }>(
      `SELECT e.id FROM listeners l JOIN endpoints e ON e.id = l.endpoint_id
       WHERE coalesce(e.customer_id, '') = coalesce($1, '') AND e.uid = $2 AND l.swept_at IS NOT NULL
       ORDER BY l.swept_at DESC LIMIT 1`,
      [customerId, uid],
    );
    return rows[0]?.id ?? null;
  }

  /** Forgets listeners that were swept so long ago. */
  async forgetSwept(agoMs: number): Promise<void> {
    await this.#database.pool.query(`DELETE FROM listeners WHERE swept_at < now() - ${milliseconds('$1')}`, [
      agoMs,
    ]);
  }

  /** Forgets the swept listener that this one follows: it was told what went by. */
  async forgetFormer(endpointId: string): Promise<void> {
    await this.#database.pool.query(
      `WITH told AS (UPDATE listeners l SET follows = NULL FROM listeners b WHERE l.endpoint_id = $1
        AND b.endpoint_id = $1
         AND b.follows IS NOT NULL RETURNING b.follows)
       DELETE FROM listeners l USING told t WHERE l.endpoint_id = t.follows`,
      [endpointId],
    );
  }

  /** Forgets a listener whose endpoint is removed, with all that was on its way. */
  async forget(endpointId: string): Promise<void> {
    await this.#database.pool.query('DELETE FROM listeners WHERE endpoint_id = $1', [endpointId]);
  }
}
