import { Context } from '@temporalio/activity';
import type { TurnWait } from '../src/domain/manual-turn.ts';
import type { Timing } from '../src/domain/timing.ts';
import { claimsReturned, claimsTaken, requestsInFlight } from '../src/metrics/worker-metrics.ts';
import { countFirstAttempt } from '../src/sending/count-attempt.ts';
import {
  type SendingDependencies,
  type Sent,
  sendAndRecord,
  summaryOf,
} from '../src/sending/send-and-record.ts';
import type { Claim } from '../src/storage/claims/claim.ts';
import type { RunClaims, Standing } from '../src/storage/claims/run-claims.ts';
import type { DeliveryActions } from '../src/storage/open/delivery-actions.ts';
import type { ExpiredSends } from '../src/storage/upkeep/expired-sends.ts';
import type { AttemptResult } from './attempt-result.ts';
import { nextStepOf } from './next-step.ts';
import { whileHeartbeating } from './run-slice.ts';

export interface AttemptInput {
  readonly deliveryId: string;
  /** Set for a manual attempt: the mark in Postgres that entitles to it. */
  readonly mark: string | null;
}

export interface AttemptDependencies extends SendingDependencies {
  readonly claims: RunClaims;
  readonly expiredSends: ExpiredSends;
  readonly actions: DeliveryActions;
  readonly timing: Timing;
}

/**
 * One attempt of one delivery: claim it, sign it, send it, record what came of it. Safe to repeat: without a claim
 * nothing is sent, and what was sent is recorded again and again without a second POST for as long as the process
 * lives.
 */
export function createAttempt(
  dependencies: AttemptDependencies,
): (input: AttemptInput) => Promise<AttemptResult> {
  const { claims, timing, logger } = dependencies;

  return async function attempt(input) {
    const asked = performance.now();
    const claim = await claimFor(input, claims);
    if (claim === null) return await lookWhy(input.deliveryId, dependencies);
    if ('why' in claim) return { kind: 'turn', ...claim };
    claimsTaken.inc({ drain: input.mark === null ? 'deliver' : 'manual' });
    if (performance.now() - asked > timing.claimToPostMs) {
      await claims.release(claim);
      claimsReturned.inc({ drain: 'deliver' });
      logger.warn(
        { delivery_id: claim.deliveryId, attempt: claim.attempt },
        'a claim came too late and was given back',
      );
      return { kind: 'wait', attempt: claim.attempt - 1, summary: 'the claim came too late', waitMs: 0 };
    }
    const { outcome, recorded } = await whileHeartbeating(
      { everyMs: timing.attemptHeartbeatMs },
      async () => await sendNow(claim, dependencies),
    );
    return nextStepOf({ ...recorded, attempt: claim.attempt, summary: summaryOf(outcome) });
  };
}

async function sendNow(claim: Claim, dependencies: AttemptDependencies): Promise<Sent> {
  countFirstAttempt(claim, 'deliver');
  requestsInFlight.inc({ kind: 'deliver' });
  try {
    return await sendAndRecord([claim], dependencies, () => 'run');
  } finally {
    requestsInFlight.dec({ kind: 'deliver' });
  }
}

async function claimFor(
  { deliveryId, mark }: AttemptInput,
  claims: RunClaims,
): Promise<Claim | TurnWait | null> {
  const { activityId, workflowExecution } = Context.current().info;
  const owner = `${workflowExecution?.workflowId}/${activityId}`;
  const request = { deliveryId, owner, runId: workflowExecution?.runId ?? '' };
  return mark === null
    ? await claims.claim({ ...request, mark })
    : await claims.claimByHand({ ...request, mark });
}

async function lookWhy(deliveryId: string, dependencies: AttemptDependencies): Promise<AttemptResult> {
  const standing = await dependencies.claims.standingOf(deliveryId);
  if (standing === null) return { kind: 'missing' };
  if (standing.status === 'sending' && (standing.waitMs ?? 0) <= 0)
    await dependencies.expiredSends.closeExpired([deliveryId]);
  const open = standing.status === 'queued' || standing.status === 'retrying';
  if (open && standing.endpointIsDeleted) {
    await dependencies.actions.cancel(deliveryId);
    return { kind: 'cancelled', attempt: standing.attemptsMade };
  }
  if (open && !standing.gateIsOpen) {
    await dependencies.claims.hold(deliveryId);
    return { kind: 'parked', attempt: standing.attemptsMade, status: 'held' };
  }
  return nextStepOf({ ...standing, attempt: standing.attemptsMade, summary: describe(standing) });
}

function describe(standing: Standing): string {
  if (standing.status === 'sending') return 'an attempt is under way elsewhere';
  return standing.lastErrorCode ?? standing.status;
}
