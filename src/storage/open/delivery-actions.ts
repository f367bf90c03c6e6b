import { DomainError } from '../../domain/errors.ts';
import { UNVERIFIED, VERIFICATION_EVENT } from '../../domain/ownership.ts';
import type { ProblemCode } from '../../domain/problems/problem-code.ts';
import { deliveriesFinished } from '../../metrics/attempt-metrics.ts';
import type { Database } from '../postgres/database.ts';
import { OPEN, UNRETRYABLE } from '../postgres/statuses.ts';
import { IS_BEHIND } from './line.ts';
import { CANCEL } from './transitions/ends.ts';
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

type MarkedRow =
  | { readonly marked: string; readonly obstacle: null }
  | { readonly marked: null; readonly obstacle: string };

/** The manual actions on deliveries. Each is committed before it returns, so that it holds whatever crashes afterwards. */
export class DeliveryActions {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Marks one delivery for a manual attempt. A mark that is already waiting is kept, so that asking twice sends once.
   * @throws DomainError `conflict` where it is being sent, cancelled, scheduled, a challenge, not its turn in an order, or its
   * endpoint is deleted or unverified
   */
  async markRetry(deliveryId: string, mark: string): Promise<MarkedRetry> {
    const { rows } = await this.#database.pool.query<MarkedRow>(
      `WITH target AS (
         SELECT d.id, CASE WHEN e.deleted_at IS NOT NULL THEN 'deleted' WHEN d.event = '${VERIFICATION_EVENT}' THEN 'verification'
           WHEN e.disabled_reason = '${UNVERIFIED}' THEN 'unverified' WHEN ${IS_BEHIND} THEN 'behind'
           WHEN d.status IN (${UNRETRYABLE}) THEN d.status END AS obstacle
         FROM deliveries d JOIN endpoints e ON e.id = d.endpoint_id WHERE d.id = $1 FOR UPDATE OF d),
       marked AS (
         ${MARK}
         FROM target t WHERE d.id = t.id AND t.obstacle IS NULL
         RETURNING d.retry_mark)
       SELECT (SELECT retry_mark FROM marked) AS marked, obstacle FROM target`,
      [deliveryId, mark, this.#database.timing.askedMs],
    );
    const row = rows[0];
    if (row === undefined)
      throw new DomainError('not_found', 'not_found', { message: `No delivery ${deliveryId}.` });
    if (row.obstacle !== null) throw conflictOf(row.obstacle);
    return { deliveryId, mark: row.marked };
  }

  /**
   * Cancels an open delivery; one that is being sent is cancelled unless its answer is 2xx. One that was delivered stays
   * so, also while it is being sent once more.
   * @returns whether this call cancelled it, false where it was cancelled before
   * @throws DomainError `conflict` where it ended otherwise
   */
  async cancel(deliveryId: string): Promise<boolean> {
    const { rows } = await this.#database.pool.query<{ status: string; cancelled: boolean }>(
      `WITH target AS (
         SELECT id, CASE WHEN status = 'sending' AND prior_status = 'delivered' THEN 'delivered' ELSE status END AS status
         FROM deliveries WHERE id = $1 FOR UPDATE),
       cancelled AS (
         ${CANCEL}
         FROM target t WHERE d.id = t.id AND t.status IN (${OPEN}) RETURNING d.id)
       SELECT status, EXISTS (SELECT FROM cancelled) AS cancelled FROM target`,
      [deliveryId],
    );
    const row = rows[0];
    if (row === undefined)
      throw new DomainError('not_found', 'not_found', { message: `No delivery ${deliveryId}.` });
    if (row.cancelled) {
      deliveriesFinished.inc({ status: 'cancelled', reason: '' });
      return true;
    }
    if (row.status === 'cancelled') return false;
    throw new DomainError('conflict', 'delivery_ended', {
      message: `The delivery is already ${row.status}; only an open one can be cancelled.`,
    });
  }
}

/** @param obstacle one of `MARK_CONFLICTS`, or a status that cannot be retried */
function conflictOf(obstacle: string): DomainError {
  const [code, message] = MARK_CONFLICTS[obstacle] ?? [
    'not_retryable',
    `A delivery that is ${obstacle} cannot be retried.`,
  ];
  return new DomainError('conflict', code, { message });
}
