import type { Database } from '../postgres/database.ts';
import { milliseconds } from '../postgres/time-sql.ts';

/** A signed request for whoever listens at an endpoint. */
export interface RelayRequest {
  readonly id: string;
  readonly endpointId: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** How long an answer is waited for. */
  readonly timeoutMs: number;
}

/** What the program at somebody's desk answered, or why it did not. */
export interface RelayAnswer {
  readonly statusCode: number | null;
  /** A code of a failed attempt; null where something answered. */
  readonly errorCode: string | null;
  readonly errorDetail: string | null;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly bodyBase64: string;
  readonly isTruncated: boolean;
  readonly durationMs: number;
}

/** How far a request has come. */
export interface RelayState {
  readonly id: string;
  readonly state: 'waiting' | 'taken' | 'answered';
  readonly answer: RelayAnswer | null;
}

/** The most that is handed out at a time. */
const TAKEN_AT_ONCE = 20;

/** Signed requests on their way to whoever listens, and answers on their way back. */
export class RelayStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Puts a request where a stream finds it. @returns false where nobody can listen at the endpoint any more */
  async offer({ id, endpointId, headers, body, timeoutMs }: RelayRequest): Promise<boolean> {
    const { rowCount } = await this.#database.pool.query(
      `INSERT INTO relays (id, endpoint_id, headers, body, timeout_ms)
       SELECT $1, l.endpoint_id, $3, $4, $5 FROM listeners l WHERE l.endpoint_id = $2 AND l.swept_at IS NULL
       ON CONFLICT (id) DO NOTHING`,
      [id, endpointId, JSON.stringify(headers), body, timeoutMs],
    );
    return rowCount === 1;
  }

  /** How far requests have come; those that are gone are left out. */
  async look(ids: readonly string[]): Promise<readonly RelayState[]> {
    const { rows } = await this.#database.pool.query<RelayState>(
      'SELECT id, state, answer FROM relays WHERE id = ANY($1)',
      [ids],
    );
    return rows;
  }

  /** Takes back a request that nobody has taken. @returns whether nobody had */
  async withdraw(id: string): Promise<boolean> {
    const { rowCount } = await this.#database.pool.query(
      "DELETE FROM relays WHERE id = $1 AND state = 'waiting'",
      [id],
    );
    return rowCount === 1;
  }

  /** Removes a request of which nothing is waited for any more. */
  async remove(id: string): Promise<void> {
    await this.#database.pool.query('DELETE FROM relays WHERE id = $1', [id]);
  }

  /** Hands what waits to the stream that has the listener, the oldest first. */
  async take(endpointId: string, stream: string): Promise<readonly RelayRequest[]> {
    const { rows } = await this.#database.pool.query<RelayRequest>(
      `WITH next AS (
         SELECT r.id FROM listeners l JOIN relays r ON r.endpoint_id = l.endpoint_id
         WHERE l.endpoint_id = $1 AND l.stream = $2 AND r.state = 'waiting'
         ORDER BY r.made_at LIMIT ${TAKEN_AT_ONCE} FOR UPDATE OF r SKIP LOCKED),
       taken AS (
         UPDATE relays r SET state = 'taken' FROM next n WHERE r.id = n.id
         RETURNING r.id, r.endpoint_id, r.headers, r.body, r.timeout_ms, r.made_at)
       SELECT id, endpoint_id AS "endpointId", headers, body, timeout_ms AS "timeoutMs" FROM taken ORDER BY made_at`,
      [endpointId, stream],
    );
    return rows;
  }

  /** Takes an answer, the first one only. @returns false where none is waited for */
  async answer(id: string, endpointId: string, answer: RelayAnswer): Promise<boolean> {
    const { rowCount } = await this.#database.pool.query(
      `UPDATE relays SET state = 'answered', answer = $3 WHERE id = $1 AND endpoint_id = $2 AND state = 'taken'`,
      [id, endpointId, JSON.stringify(answer)],
    );
    return rowCount === 1;
  }

  /** Removes what workers that are gone have left behind. */
  async removeOlderThan(ms: number): Promise<void> {
    await this.#database.pool.query(`DELETE FROM relays WHERE made_at < now() - ${milliseconds('$1')}`, [ms]);
  }
}
