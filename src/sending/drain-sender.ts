import type { AttemptOutcome } from '../domain/attempt.ts';
import type { DeliveryStart } from '../domain/delivery-start.ts';
import { payStart } from '../domain/start-budget.ts';
import type { Claim, Outgoing } from '../storage/claims/claim.ts';
import { type SendingDependencies, sendAndRecord, subjectOf } from './send-and-record.ts';
import type { OnAnswered } from './sends-under-way.ts';

/** Makes a call that a drain claimed, and records it; tells before that whether the receiver took it. Never rejects. */
export type DrainSender = (outgoing: Outgoing, onAnswered: OnAnswered) => Promise<void>;

export interface DrainSenderDependencies extends SendingDependencies {
  /** Starts a run of the delivery's own that begins with waiting. */
  readonly startRun: (start: DeliveryStart) => Promise<void>;
  /** Leaves a delivery whose run could not be started after this attempt to waves again. */
  readonly returnToWaves: (claim: Claim) => Promise<void>;
  /** Called where a retry waits for a wave, which may not roll any more. */
  readonly onLeft: () => void;
}

/** A million failures must not become a million workflows: two a second, and some more after a quiet time. */
const START_PRICE = { costMs: 500, burst: 20 };

/**
 * Sends what a drain claimed. A first failure gets its own workflow while the start budget lasts, so that it can be
 * inspected; the rest wait for a wave. Batches are retried by their gate.
 */
export function createDrainSender(dependencies: DrainSenderDependencies): DrainSender {
  let paidUntil = 0;
  return async function sendClaimed(outgoing, onAnswered) {
    const [lead] = outgoing;
    try {
      const means = {
        ...dependencies,
        onAnswered: ({ errorCode }: AttemptOutcome): void => onAnswered(errorCode === null),
      };
      const { recorded } = await sendAndRecord(outgoing, means, (verdict) =>
        verdict.kind === 'retry' && lead.batch === undefined && affordsRun() ? 'run' : 'wave',
      );
      if (recorded.next === 'run') await startRun(lead, recorded.waitMs ?? 0);
      else if (recorded.next === 'wave') dependencies.onLeft();
    } catch (error) {
      dependencies.logger.error(
        { ...subjectOf(lead), error: String(error) },
        'an attempt broke off; it is made again once its lease has ended',
      );
    }
  };

  function affordsRun(): boolean {
    const paid = payStart(paidUntil, performance.now(), START_PRICE);
    if (paid !== null) paidUntil = paid;
    return paid !== null;
  }

  /** What cannot be told to anybody is found by the reconciling loop once it is due. */
  async function startRun(claim: Claim, dueInMs: number): Promise<void> {
    try {
      await dependencies.startRun(startOf(claim, dueInMs)).catch(() => dependencies.returnToWaves(claim));
    } catch (error) {
      dependencies.logger.warn(
        { ...subjectOf(claim), error: String(error) },
        'nobody could be told of a retry yet',
      );
    }
  }
}

function startOf(claim: Claim, dueInMs: number): DeliveryStart {
  return {
    deliveryId: claim.deliveryId,
    eventId: claim.eventId,
    event: claim.event,
    endpointId: claim.endpointId,
    customerId: claim.customerId,
    host: new URL(claim.url).host,
    attemptsMade: claim.attempt,
    dueInMs,
    mark: null,
  };
}
