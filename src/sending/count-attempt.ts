import type { AttemptOutcome } from '../domain/attempt.ts';
import { attemptClassOf, errorLabelOf } from '../domain/attempt-class.ts';
import { isEnded } from '../domain/delivery.ts';
import { isListenerUrl } from '../domain/listener.ts';
import {
  attemptDuration,
  attemptErrors,
  attemptPhases,
  deliveriesFinished,
  deliveryAge,
  deliveryAttempts,
  destinationsRefused,
  firstAttemptDelay,
  relayedAttempts,
} from '../metrics/attempt-metrics.ts';
import { recordDuration, recordsFenced, recordsPending } from '../metrics/worker-metrics.ts';
import { createdAtOf } from '../new-id.ts';
import type { AttemptRecord, Recorded } from '../storage/claims/attempt-recorder.ts';
import type { Claim } from '../storage/claims/claim.ts';

/**
 * Counts what was recorded: an attempt of each delivery of the call, one call, and what ended by it. A program at a
 * desk is no receiver: how it fares says nothing of how deliveries do.
 */
export function countAttempt(
  { claim, outcome, verdict }: AttemptRecord,
  { recorded, count }: { readonly recorded: Recorded; readonly count: number },
): void {
  const result = outcome.errorCode === null ? 'delivered' : 'failed';
  if (isListenerUrl(claim.url)) relayedAttempts.inc({ outcome: result }, count);
  else countCall({ claim, outcome }, { result, count });
  if (!recorded.hasMoved) recordsFenced.inc(count);
  else if (verdict.kind !== 'restored' && isEnded(recorded.status)) countEnd(claim, recorded, count);
}

/** Counts how long a delivery waited for its first POST, which begins now, where nothing but us kept it waiting. */
export function countFirstAttempt(
  { dueAt, attempt, trigger }: Pick<Claim, 'dueAt' | 'attempt' | 'trigger'>,
  path: 'deliver' | 'wave',
): void {
  if (dueAt === undefined || attempt > 1 || trigger !== 'automatic') return;
  firstAttemptDelay.observe({ path }, Math.max(0, Date.now() - dueAt) / 1_000);
}

/** Counts a call as ended and not recorded for as long as this takes. */
export async function whileRecording<T>(record: () => Promise<T>): Promise<T> {
  const stop = recordDuration.startTimer();
  recordsPending.inc();
  try {
    return await record();
  } finally {
    recordsPending.dec();
    stop();
  }
}

function countCall(
  { claim: { trigger }, outcome }: Pick<AttemptRecord, 'claim' | 'outcome'>,
  { result, count }: { readonly result: 'delivered' | 'failed'; readonly count: number },
): void {
  deliveryAttempts.inc({ outcome: result, class: attemptClassOf(outcome), trigger }, count);
  if (outcome.errorCode !== null) attemptErrors.inc({ error_code: errorLabelOf(outcome.errorCode) }, count);
  if (outcome.errorCode === 'destination_not_allowed') destinationsRefused.inc({ stage: 'attempt' });
  countTimes(result, outcome);
}

function countTimes(outcome: 'delivered' | 'failed', { timings }: AttemptOutcome): void {
  const { dnsMs, connectMs, tlsMs, firstByteMs, totalMs } = timings;
  attemptDuration.observe({ outcome }, totalMs / 1_000);
  const phases = { dns: dnsMs, connect: connectMs, tls: tlsMs, first_byte: firstByteMs };
  for (const [phase, ms] of Object.entries(phases))
    if (ms !== null) attemptPhases.observe({ phase }, ms / 1_000);
}

function countEnd({ deliveryId, attempt }: Claim, { status, deadReason }: Recorded, count: number): void {
  deliveriesFinished.inc({ status, reason: deadReason ?? '' }, count);
  const createdAt = createdAtOf('del', deliveryId);
  if (status !== 'delivered' || createdAt === null) return;
  const seconds = Math.max(0, Date.now() - createdAt) / 1_000;
  deliveryAge.observe({ first_try: String(attempt === 1) }, seconds);
}
