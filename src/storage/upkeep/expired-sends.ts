import type { AttemptTrigger } from '../../domain/attempt.ts';
import { attemptErrors, deliveryAttempts } from '../../metrics/attempt-metrics.ts';
import { leasesExpired } from '../../metrics/store-metrics.ts';
import { settleEnded } from '../open/ended.ts';
import { LOST_STARTED_AT, NOTE_UNKNOWN, OUTCOME_FACTS } from '../open/note-outcomes.ts';
import { LOSE_SENDER } from '../open/transitions/results.ts';
import { type Database, inTransaction } from '../postgres/database.ts';

const MAX_PER_STATEMENT = 500;

/** Closes the claims of senders that died: whoever sent may have reached the receiver, so nobody knows the outcome. */
export class ExpiredSends {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Ends expired claims as attempts with `outcome_unknown`; each takes its number, but no retry from the budget, and
   * its delivery is due again at once. Does nothing until the connection has been steady for a while.
   * @param deliveryIds only these; all where absent
   * @returns the ids of the deliveries that were freed
   */
  async closeExpired(deliveryIds?: readonly string[]): Promise<readonly string[]> {
    const { watch, timing } = this.#database;
    if (watch.steadyForMs() < timing.steadyMs) return [];
    const closed = await inTransaction(this.#database.pool, async (client) => {
      const { rows } = await client.query<ClosedSend>(CLOSE_SQL, [deliveryIds ?? null]);
      await settleEnded(
        client,
        rows.map(({ id }) => id),
      );
      return rows;
    });
    for (const row of closed) countUnknown(row);
    return closed.map((row) => row.id);
  }
}

interface ClosedSend {
  readonly id: string;
  readonly trigger: AttemptTrigger;
}

function countUnknown({ trigger }: ClosedSend): void {
  leasesExpired.inc();
  deliveryAttempts.inc({ outcome: 'unknown', class: 'other', trigger });
  attemptErrors.inc({ error_code: 'outcome_unknown' });
}

const CLOSE_SQL = `
  WITH expired AS (
    SELECT d.id, d.endpoint_id, d.attempts_made, d.trigger, d.claimed_at, d.prior_status, d.prior_due_at,
      d.run_id IS NULL AND d.trigger = 'automatic' AS in_wave, b.id AS batch_id, b.attempts_made AS batch_attempt,
      ${OUTCOME_FACTS}
    FROM open_deliveries d LEFT JOIN batches b ON b.id = d.batch_id AND d.trigger = 'automatic'
    WHERE d.status = 'sending' AND d.lease_until < clock_timestamp() AND d.recheck_at <= clock_timestamp()
      AND ($1::text[] IS NULL OR d.id = ANY($1))
    ORDER BY d.id LIMIT ${MAX_PER_STATEMENT} FOR UPDATE OF d SKIP LOCKED),
  saved AS (
    INSERT INTO further_attempts (delivery_id, number, endpoint_id, trigger, started_at, error_code, error_detail,
      batch_id,
      batch_attempt)
    SELECT id, attempts_made, endpoint_id, trigger, ${LOST_STARTED_AT}, 'outcome_unknown',
      'The sender stopped before it recorded the outcome of this attempt.', batch_id, batch_attempt FROM expired
    ON CONFLICT (delivery_id, number) DO NOTHING RETURNING delivery_id, number),
  freed AS (
    ${LOSE_SENDER}
    FROM expired x JOIN endpoints e ON e.id = x.endpoint_id JOIN gates g ON g.endpoint_id = x.endpoint_id
    WHERE d.id = x.id RETURNING d.id, d.status, x.trigger),
  noted AS (${NOTE_UNKNOWN})
  SELECT id, trigger FROM freed`;
