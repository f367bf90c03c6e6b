import { Context } from '@temporalio/activity';
import type { AttemptOutcome } from '../src/domain/attempt.ts';
import { decide, disablesEndpoint } from '../src/domain/delivery.ts';
import type { Logger } from '../src/logger.ts';
import { signDelivery } from '../src/signature/index.ts';
import type { Claim, Claims, Standing } from '../src/storage/claims.ts';
import type { DeliveryActions } from '../src/storage/delivery-actions.ts';
import type { EndpointGate } from '../src/storage/endpoint-gate.ts';
import type { Leases } from '../src/storage/leases.ts';
import type { AttemptRecord, Recorded, Records } from '../src/storage/records.ts';
import type { AttemptResult } from './attempt-result.ts';
import { requestHeaders } from './request-headers.ts';
import { resultOfStanding } from './standing-result.ts';

export interface AttemptInput {
  readonly deliveryId: string;
  /** Set for a manual attempt: the mark in Postgres that entitles to it. */
  readonly mark: string | null;
}

export interface AttemptDependencies {
  readonly claims: Claims;
  readonly records: Records;
  readonly leases: Leases;
  readonly actions: DeliveryActions;
  readonly gate: EndpointGate;
  readonly send: (
    request: OutgoingRequest,
    options: { readonly timeoutMs: number },
  ) => Promise<AttemptOutcome>;
  readonly logger: Logger;
  readonly userAgent: string;
}

export interface OutgoingRequest {
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}

/** A claim that was not POSTed by then is given back: its lease would no longer cover the whole request. */
const CLAIM_TO_POST_MS = 5_000;
const HEARTBEAT_INTERVAL_MS = 3_000;
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 5_000;

/**
 * One attempt of one delivery: claim it, sign it, send it, record what came of it. Safe to repeat: without a claim nothing is
 * sent, and what was sent is recorded again and again without a second POST for as long as the process lives.
 */
export function createAttempt(
  dependencies: AttemptDependencies,
): (input: AttemptInput) => Promise<AttemptResult> {
  const { claims, logger } = dependencies;

  return async function attempt(input) {
    const { activityId, workflowExecution } = Context.current().info;
    const asked = performance.now();
    const claim = await claims.claim({
      deliveryId: input.deliveryId,
      mark: input.mark,
      owner: `${workflowExecution?.workflowId}/${activityId}`,
      runId: workflowExecution?.runId ?? '',
    });
    if (claim === null) return await lookWhy(input.deliveryId, dependencies);
    if (performance.now() - asked > CLAIM_TO_POST_MS) {
      await claims.release(claim);
      logger.warn(
        { delivery_id: claim.deliveryId, attempt: claim.attempt },
        'a claim came too late and was given back',
      );
      return { kind: 'wait', attempt: claim.attempt - 1, summary: 'the claim came too late', waitMs: 0 };
    }
    return await whileHeartbeating(async () => await sendAndRecord(claim, dependencies));
  };
}

async function sendAndRecord(claim: Claim, dependencies: AttemptDependencies): Promise<AttemptResult> {
  const startedAt = new Date();
  const [primary = '', ...additional] = claim.secrets;
  const signed = signDelivery({
    event: claim.event,
    deliveryId: claim.deliveryId,
    attempt: claim.attempt,
    dataText: claim.dataText,
    timestamp: startedAt,
    secrets: { primary, additional },
  });
  const headers = requestHeaders(claim, { signed: signed.headers, userAgent: dependencies.userAgent });
  const outcome = await dependencies.send(
    { url: claim.url, headers, body: signed.body },
    { timeoutMs: claim.timeoutMs },
  );
  const verdict = decide(claim, outcome, { now: Date.now(), random: Math.random() });
  const record = {
    claim,
    startedAt,
    signedAt: startedAt,
    signature: signed.bodySignature,
    requestHeaders: headers,
    outcome,
    verdict,
  };
  const recorded = await untilDone(
    async () => await dependencies.records.record(record),
    claim,
    dependencies,
  );
  if (disablesEndpoint(outcome.errorCode)) {
    await untilDone(
      async () => await dependencies.gate.disable(claim.endpointId, 'gone'),
      claim,
      dependencies,
    );
  }
  logAttempt(record, recorded, dependencies.logger);
  return resultOfStanding({ ...recorded, attempt: claim.attempt, summary: summaryOf(outcome) });
}

/** Repeats what follows from a request that was sent for as long as the process lives: the request is not repeated for it. */
async function untilDone<T>(
  work: () => Promise<T>,
  claim: Claim,
  { logger }: AttemptDependencies,
): Promise<T> {
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    try {
      return await work();
    } catch (error) {
      logger.warn(
        { delivery_id: claim.deliveryId, attempt: claim.attempt, error: String(error) },
        'what came of an attempt could not be written down; trying again',
      );
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}

async function lookWhy(deliveryId: string, dependencies: AttemptDependencies): Promise<AttemptResult> {
  const standing = await dependencies.claims.standingOf(deliveryId);
  if (standing === null) return { kind: 'missing' };
  if (standing.status === 'sending' && (standing.waitMs ?? 0) <= 0)
    await dependencies.leases.closeExpired([deliveryId]);
  const open = standing.status === 'queued' || standing.status === 'retrying';
  if (open && standing.endpointIsDeleted) {
    await dependencies.actions.cancel(deliveryId);
    return { kind: 'cancelled', attempt: standing.attemptsMade };
  }
  if (open && !standing.gateIsOpen) {
    await dependencies.claims.hold(deliveryId);
    return { kind: 'parked', attempt: standing.attemptsMade, status: 'held' };
  }
  return resultOfStanding({ ...standing, attempt: standing.attemptsMade, summary: describe(standing) });
}

function describe(standing: Standing): string {
  if (standing.status === 'sending') return 'an attempt is under way elsewhere';
  return standing.lastErrorCode ?? standing.status;
}

async function whileHeartbeating<T>(work: () => Promise<T>): Promise<T> {
  const context = Context.current();
  const timer = setInterval(() => context.heartbeat(), HEARTBEAT_INTERVAL_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}

function summaryOf(outcome: AttemptOutcome): string {
  const what = outcome.statusCode ?? outcome.errorCode ?? 'nothing';
  return `${what} in ${Math.round(outcome.timings.totalMs)} ms`;
}

function logAttempt({ claim, outcome }: AttemptRecord, recorded: Recorded, logger: Logger): void {
  logger.info(
    {
      delivery_id: claim.deliveryId,
      event_id: claim.eventId,
      event: claim.event,
      endpoint_id: claim.endpointId,
      customer_id: claim.customerId,
      attempt: claim.attempt,
      trigger: claim.trigger,
      status_code: outcome.statusCode,
      error_code: outcome.errorCode,
      duration_ms: Math.round(outcome.timings.totalMs),
      status: recorded.status,
      next_attempt_in_ms: recorded.waitMs === null ? null : Math.round(recorded.waitMs),
    },
    'attempt',
  );
}
