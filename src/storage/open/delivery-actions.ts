import { DomainError } from '../../domain/errors.ts';
import { UNVERIFIED, VERIFICATION_EVENT } from '../../domain/ownership.ts';
import type { ProblemCode } from '../../domain/problems/problem-code.ts';
import { deliveriesFinished } from '../../metrics/attempt-metrics.ts';
import { type Database, inTransaction } from '../postgres/database.ts';
import { OPEN, UNRETRYABLE } from '../postgres/statuses.ts';
import { revive } from './ended.ts';
import { IS_BEHIND } from './line.ts';
import { cancel } from './transitions/ends.ts';
import { MARK } from './transitions/waiting.ts';

/** A delivery that a person wants sent again, marked in Postgres and ready to be signalled to its workflow. */
export interface MarkedRetry {
  readonly deliveryId: string;
  readonly mark: string;
}

const MARK_CONFLICTS: Readonly<Record<string, readonly [code: ProblemCode, message: string]>> = {
  sending: ['attempt_in_progress', 'An attempt of this delivery is under way; wait for its result.'],
  cancelled: ['delivery_cancelled', 'A cancelled delivery cannot be retried; publish the event again.'],
  scheduled: ['delivery_scheduled', 'This delivery is scheduled for later; cancel it or wait.'],
  unverified: ['endpoint_unverified', 'The endpoint has not shown yet that it answers for its URL.'],
  verification: ['verification_not_retryable', 'A challenge is sent once.'],
  deleted: ['endpoint_deleted', 'The endpoint of this delivery was deleted.'],
  behind: [
    'not_first_in_line',
    'The endpoint keeps the order, and another delivery comes before this one: retry or cancel that one, or wait.',
  ],
};

/** A delivery that ends or comes back just then is in neither place for the statement that looks there. */
const MOST_LOOKS = 5;

type MarkedRow =
  | { readonly marked: string; readonly obstacle: null }
  | { readonly marked: null; readonly obstacle: string };

/**
 * The manual actions on deliveries. Each is committed before it returns, so that it holds whatever crashes afterwards.
 */
export class DeliveryActions {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Marks one delivery for a manual attempt. A mark that is already waiting is kept, so that asking twice sends once.
   * @throws DomainError `conflict` where it is being sent, cancelled, scheduled, a challenge, not its turn in an order,
   * or its endpoint is deleted or unverified
   */
  async markRetry(deliveryId: string, mark: string): Promise<MarkedRetry> {
    for (let look = 0; look < MOST_LOOKS; look += 1) {
      const marked = await inTransaction(this.#database.pool, async (client) => {
        await revive(client, [deliveryId]);
        const { rows } = await client.query<MarkedRow>(MARK_SQL, [
          deliveryId,
          mark,
          this.#database.timing.askedMs,
        ]);
        const [row] = rows;
        if (row === undefined) return null;
        if (row.obstacle !== null) throw conflictOf(row.obstacle);
        return row.marked;
      });
      if (marked !== null) return { deliveryId, mark: marked };
      if ((await this.#statusOf(deliveryId)) === null) break;
    }
    throw new DomainError('not_found', 'not_found', { message: `No delivery ${deliveryId}.` });
  }

  /**
   * Cancels an open delivery; one that is being sent is cancelled unless its answer is 2xx. One that was delivered
   * stays so, also while it is being sent once more.
   * @returns whether this call cancelled it, false where it was cancelled before
   * @throws DomainError `conflict` where it ended otherwise
   */
  async cancel(deliveryId: string): Promise<boolean> {
    const { rows } = await this.#database.pool.query<{ status: string; cancelled: boolean }>(CANCEL_SQL, [
      deliveryId,
    ]);
    if (rows[0]?.cancelled === true) {
      deliveriesFinished.inc({ status: 'cancelled', reason: '' });
      return true;
    }
    const status = rows[0]?.status ?? (await this.#statusOf(deliveryId));
    if (status === null)
      throw new DomainError('not_found', 'not_found', { message: `No delivery ${deliveryId}.` });
    if (status === 'cancelled') return false;
    throw new DomainError('conflict', 'delivery_ended', {
      message: `The delivery is already ${status}; only an open one can be cancelled.`,
    });
  }

  async #statusOf(deliveryId: string): Promise<string | null> {
    const { rows } = await this.#database.pool.query<{ status: string }>(
      'SELECT status FROM deliveries WHERE id = $1',
      [deliveryId],
    );
    return rows[0]?.status ?? null;
  }
}

const MARK_SQL = `
  WITH target AS (
    SELECT d.id, CASE WHEN e.deleted_at IS NOT NULL THEN 'deleted' WHEN d.event = '${VERIFICATION_EVENT}'
      THEN 'verification'
      WHEN e.disabled_reason = '${UNVERIFIED}' THEN 'unverified' WHEN ${IS_BEHIND} THEN 'behind'
      WHEN d.status IN (${UNRETRYABLE}) THEN d.status END AS obstacle
    FROM open_deliveries d JOIN endpoints e ON e.id = d.endpoint_id WHERE d.id = $1 FOR UPDATE OF d),
  marked AS (
    ${MARK}
    FROM target t WHERE d.id = t.id AND t.obstacle IS NULL
    RETURNING d.retry_mark)
  SELECT (SELECT retry_mark FROM marked) AS marked, obstacle FROM target`;

const CANCEL_SQL = `
  WITH target AS (
    SELECT id, CASE WHEN status = 'sending' AND prior_status = 'delivered' THEN 'delivered' ELSE status END AS status
    FROM open_deliveries WHERE id = $1 FOR UPDATE),
  ${cancel(`USING target t WHERE d.id = t.id AND t.status IN (${OPEN})`)}
  SELECT status, EXISTS (SELECT FROM ended) AS cancelled FROM target`;

/** @param obstacle one of `MARK_CONFLICTS`, or a status that cannot be retried */
function conflictOf(obstacle: string): DomainError {
  const [code, message] = MARK_CONFLICTS[obstacle] ?? [
    'not_retryable',
    `A delivery that is ${obstacle} cannot be retried.`,
  ];
  return new DomainError('conflict', code, { message });
}
