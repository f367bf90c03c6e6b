import type { Client } from 'pg';
import { DELIVERY_STATUSES } from '../../../src/domain/delivery.ts';
import type { CallApi } from '../call-api.ts';
import type { Owner } from './fill-history.ts';
import { AUDIT_ACTIONS } from './fill-records.ts';
import type { ReadValues } from './reads.ts';

/** How many events are made that can be found by what their producer calls them. */
const NAMED = 3;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const SOME = 3;

/** Publishes events that are found by their job, their uid and the key of their request; see `readValues`. */
export async function publishNamed(call: CallApi<unknown>, customer: string): Promise<void> {
  for (let number = 0; number < NAMED; number += 1) {
    const body = {
      event: 'job.completed',
      customer_id: customer,
      uid: `order-${number}`,
      data: { job_id: `J-${number}` },
    };
    await call('POST', '/v1/events', { body, headers: { 'Idempotency-Key': `key-${number}` } });
  }
}

/** What to ask for where a history was filled in: some of what there is much of, and something that there is not. */
export async function readValues(postgres: Client, owners: readonly Owner[]): Promise<ReadValues> {
  const endpoints = someOf(owners.map(({ endpoint }) => endpoint));
  return {
    customer_id: [...someOf(owners.map(({ customer }) => customer)), 'nobody'],
    endpoint_id: endpoints,
    endpoint_ids: [...endpoints, endpoints.join(',')],
    event: [...someOf(owners.map(({ event = 'job.completed' }) => event)), 'job.cancelled'],
    event_id: await idsOf(postgres, 'SELECT id FROM events ORDER BY id'),
    delivery_id: await idsOf(postgres, `SELECT id FROM ended_deliveries WHERE status = 'dead' ORDER BY id`),
    error_code: ['http_503', 'timeout', 'http_599'],
    status: [...DELIVERY_STATUSES, 'retrying,held', 'delivered,dead'],
    after: [HOUR_MS, 7 * DAY_MS, 27 * DAY_MS].map(timeBefore),
    before: [0, HOUR_MS / 2, 26 * DAY_MS].map(timeBefore),
    data: ['job_id=J-0', 'job_id=J-1', 'job_id=none'],
    uid: ['order-0', 'order-1', 'none'],
    idempotency_key: ['key-0', 'key-1', 'none'],
    url: ['127.0.0.1', 'nowhere.example'],
    subject_id: [...endpoints, 'ep_none'],
    action: [...AUDIT_ACTIONS, 'event.erase'],
    measures: ['attempts,failed,success_rate', 'latency_p50,latency_p99', 'delivered,dead', 'published'],
  };
}

/** The first, one of the middle and the last, or as many as there are. */
function someOf(all: readonly string[]): readonly string[] {
  const places = Array.from({ length: SOME }, (_, step) =>
    Math.floor((step * (all.length - 1)) / (SOME - 1)),
  );
  return [...new Set(places.flatMap((place) => all[place] ?? []))];
}

/** The earliest and the latest of a list of ids. */
async function idsOf(postgres: Client, list: string): Promise<readonly string[]> {
  const { rows } = await postgres.query<{ id: string }>(`(${list} LIMIT 2) UNION ALL (${list} DESC LIMIT 2)`);
  return rows.map(({ id }) => id);
}

function timeBefore(ms: number): string {
  return new Date(Date.now() - ms).toISOString();
}
