import { Counter, Gauge, Histogram } from 'prom-client';
import { ENDPOINT_DISABLED_REASONS } from '../domain/operational-event.ts';
import { SERVER_SECONDS } from './buckets.ts';
import { OF_POSTHORN } from './registry.ts';

export const requestsInFlight = new Gauge({
  name: 'posthorn_requests_in_flight',
  help:
    'Calls under way in this worker: of drains (wave; one with more than 128 KiB of payload counts once for each), ' +
    'or of runs of their own (deliver).',
  labelNames: ['kind'] as const,
  ...OF_POSTHORN,
});

export const requestSlots = new Gauge({
  name: 'posthorn_request_slots',
  help: 'Calls that this worker may have under way at a time.',
  labelNames: ['kind'] as const,
  ...OF_POSTHORN,
});

export const claimsTaken = new Counter({
  name: 'posthorn_claims_total',
  help: 'Deliveries taken for an attempt.',
  labelNames: ['drain'] as const,
  ...OF_POSTHORN,
});

export const claimsReturned = new Counter({
  name: 'posthorn_claims_returned_total',
  help: 'Deliveries given back unsent, since the claim came too late.',
  labelNames: ['drain'] as const,
  ...OF_POSTHORN,
});

export const recordsPending = new Gauge({
  name: 'posthorn_records_pending',
  help: 'Calls that have ended and are not recorded yet.',
  ...OF_POSTHORN,
});

export const recordDuration = new Histogram({
  name: 'posthorn_record_duration_seconds',
  help: 'From the end of a call to its commit in Postgres.',
  buckets: SERVER_SECONDS,
  ...OF_POSTHORN,
});

export const recordsFenced = new Counter({
  name: 'posthorn_records_fenced_total',
  help: 'Outcomes that changed nothing of their delivery, since it had moved on or ended meanwhile.',
  ...OF_POSTHORN,
});

export const breakerTransitions = new Counter({
  name: 'posthorn_breaker_transitions_total',
  help: 'Changes of circuit breakers.',
  labelNames: ['to'] as const,
  ...OF_POSTHORN,
});

export const endpointsDisabled = new Counter({
  name: 'posthorn_endpoints_disabled_total',
  help: 'Endpoints that were switched off, by why.',
  labelNames: ['reason'] as const,
  ...OF_POSTHORN,
});

// Where a series begins with its first event, no alert on its increase can see that one.
for (const reason of ENDPOINT_DISABLED_REASONS) endpointsDisabled.inc({ reason }, 0);

export const networkSuspected = new Gauge({
  name: 'posthorn_network_suspected',
  help: '1 while this worker suspects its own network: many hosts fail and none is reached.',
  ...OF_POSTHORN,
});
