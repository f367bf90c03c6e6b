import { Counter, Histogram } from 'prom-client';
import { SERVER_SECONDS } from './buckets.ts';
import { OF_POSTHORN } from './registry.ts';

export const eventsPublished = new Counter({
  name: 'posthorn_events_published_total',
  help: 'Events that producers published: accepted, known already by their idempotency key, or rejected.',
  labelNames: ['event', 'result'] as const,
  ...OF_POSTHORN,
});

export const publishDuration = new Histogram({
  name: 'posthorn_publish_duration_seconds',
  help: 'From an event that was read and checked to its commit in Postgres.',
  buckets: SERVER_SECONDS,
  ...OF_POSTHORN,
});

export const publishGroupSize = new Histogram({
  name: 'posthorn_publish_group_size',
  help: 'Requests that shared one commit.',
  buckets: [1, 2, 5, 10, 20, 50, 100, 200],
  ...OF_POSTHORN,
});

const deliveriesCreated = new Counter({
  name: 'posthorn_deliveries_created_total',
  help: 'Deliveries that were written with their event, by the state that they began in.',
  labelNames: ['state'] as const,
  ...OF_POSTHORN,
});

/** Counts deliveries that were committed. @param states how many began in which state */
export function countCreated(states: Readonly<Record<string, number>>): void {
  for (const [state, count] of Object.entries(states)) deliveriesCreated.inc({ state }, count);
}
