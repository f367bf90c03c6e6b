import { Counter, Histogram } from 'prom-client';
import { AGE_SECONDS, ATTEMPT_SECONDS, DELAY_SECONDS } from './buckets.ts';
import { OF_POSTHORN } from './registry.ts';

export const deliveryAttempts = new Counter({
  name: 'posthorn_delivery_attempts_total',
  help:
    'Attempts that were recorded, one a delivery, by what came of ' +
    'them; `unknown`: the sender died before it recorded.',
  labelNames: ['outcome', 'class', 'trigger'] as const,
  ...OF_POSTHORN,
});

export const relayedAttempts = new Counter({
  name: 'posthorn_relayed_attempts_total',
  help:
    'Attempts for listeners (`posthorn listen`), by what the program at a ' +
    'desk answered; no other figure of attempts has them.',
  labelNames: ['outcome'] as const,
  ...OF_POSTHORN,
});

export const attemptErrors = new Counter({
  name: 'posthorn_delivery_attempt_errors_total',
  help:
    'Failed attempts by error code, the same as in API and console; ' +
    'unlisted statuses count as `http_4xx` and `http_5xx`.',
  labelNames: ['error_code'] as const,
  ...OF_POSTHORN,
});

export const attemptDuration = new Histogram({
  name: 'posthorn_delivery_attempt_duration_seconds',
  help: 'Calls to receivers from DNS to the end of the answer.',
  labelNames: ['outcome'] as const,
  buckets: ATTEMPT_SECONDS,
  ...OF_POSTHORN,
});

export const attemptPhases = new Histogram({
  name: 'posthorn_delivery_attempt_phase_seconds',
  help: 'Phases of calls to receivers, of those that were reached and needed.',
  labelNames: ['phase'] as const,
  buckets: ATTEMPT_SECONDS,
  ...OF_POSTHORN,
});

export const firstAttemptDelay = new Histogram({
  name: 'posthorn_first_attempt_delay_seconds',
  help:
    'From a delivery that was due, by the clock of Postgres, to the first ' +
    'POST of it, by that of the worker; not of what a gate held.',
  labelNames: ['path'] as const,
  buckets: DELAY_SECONDS,
  ...OF_POSTHORN,
});

export const deliveryAge = new Histogram({
  name: 'posthorn_delivery_age_seconds',
  help: 'From acceptance to delivery, by whether the first attempt did it.',
  labelNames: ['first_try'] as const,
  buckets: AGE_SECONDS,
  ...OF_POSTHORN,
});

export const deliveriesFinished = new Counter({
  name: 'posthorn_deliveries_finished_total',
  help: 'Deliveries that ended by an attempt, by a cancellation or by age, by status and, where they are dead, why.',
  labelNames: ['status', 'reason'] as const,
  ...OF_POSTHORN,
});

export const destinationsRefused = new Counter({
  name: 'posthorn_destinations_refused_total',
  help: 'Destinations that deliveries may not reach, refused when an endpoint was set or when an attempt resolved it.',
  labelNames: ['stage'] as const,
  ...OF_POSTHORN,
});

// Where a series begins with its first event, no alert on its increase can see that one.
for (const code of ['outcome_unknown', 'internal_error']) attemptErrors.inc({ error_code: code }, 0);
for (const status of ['delivered', 'cancelled']) deliveriesFinished.inc({ status, reason: '' }, 0);
deliveriesFinished.inc({ status: 'dead', reason: 'retries_exhausted' }, 0);
