import type { DeliveryStatus } from '../src/domain/delivery.ts';
import type { Recorded } from '../src/storage/claims/attempt-recorder.ts';
import type { AttemptResult } from './attempt-result.ts';

/** Between two looks at a delivery that somebody else is sending, beyond the end of their lease. */
const AFTER_LEASE_MS = 1_000;
/** Shortest pause before looking again, so that a disagreement between clocks cannot spin. */
const SHORTEST_WAIT_MS = 100;

export interface StandingDelivery {
  readonly status: DeliveryStatus;
  readonly waitMs: number | null;
  readonly deadReason: Recorded['deadReason'];
  readonly attempt: number;
  /** What happened last, for people. */
  readonly summary: string;
}

/** What a run has to do about a delivery that stands so in Postgres. */
export function nextStepOf({
  status,
  waitMs,
  deadReason,
  attempt,
  summary,
}: StandingDelivery): AttemptResult {
  switch (status) {
    case 'delivered':
      return { kind: 'delivered', attempt, summary };
    case 'dead':
      return { kind: 'dead', attempt, summary, reason: deadReason };
    case 'cancelled':
      return { kind: 'cancelled', attempt };
    case 'held':
    case 'skipped':
    case 'scheduled':
      return { kind: 'parked', attempt, status };
    case 'sending':
      return { kind: 'wait', attempt, summary, waitMs: Math.max(waitMs ?? 0, 0) + AFTER_LEASE_MS };
    case 'queued':
    case 'retrying':
      return { kind: 'wait', attempt, summary, waitMs: Math.max(waitMs ?? 0, SHORTEST_WAIT_MS) };
  }
}
