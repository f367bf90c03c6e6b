import type { Client } from 'pg';
import { leastIdAt } from '../../../src/new-id.ts';
import { makePastDays } from './past-days.ts';

/** What the history is of, and how it is told that it grows. */
export interface History {
  /** Events, each with a job of its own: `K-1`, `K-2`, … */
  readonly events: number;
  /** Whose they are, one after the other; each has one endpoint. */
  readonly owners: readonly Owner[];
  /** Whether a few died after four attempts, were cancelled or skipped; all were delivered at once where absent. */
  readonly isVaried?: boolean;
  readonly signal: AbortSignal;
  readonly onProgress: (line: string) => void;
}

export interface Owner {
  readonly customer: string;
  readonly endpoint: string;
  /** What its events are; `job.completed` where absent. */
  readonly event?: string;
}

const ROWS_PER_STATEMENT = 10_000;
const ROWS_PER_LINE = 1_000_000;
/** Less than anything is kept by default, so that nothing of it is swept away. */
export const HISTORY_MS = 28 * 86_400_000;

/**
 * Writes events that ended, each found by its job, as if they had been published over the last four weeks. What they
 * are found by is random: written as it comes, it would touch all of a large index again and again, so it comes sorted.
 * @throws where the signal is aborted
 */
export async function fillHistory(
  postgres: Client,
  { events, owners, isVaried = false, signal, onProgress }: History,
): Promise<void> {
  const customers = owners.map(({ customer }) => customer);
  const endpoints = owners.map(({ endpoint }) => endpoint);
  const types = owners.map(({ event = 'job.completed' }) => event);
  const began = Date.now() - HISTORY_MS;
  await makePastDays(postgres, new Date(began));
  await postgres.query(PREPARE_SQL);
  for (let from = 0; from < events; from += ROWS_PER_STATEMENT) {
    signal.throwIfAborted();
    if (from % ROWS_PER_LINE === 0) onProgress(`filling in ${events} events: ${from} are there`);
    const to = Math.min(from + ROWS_PER_STATEMENT, events);
    const at = began + Math.floor((HISTORY_MS * from) / events);
    const ids = [leastIdAt('evt', at), leastIdAt('del', at)];
    const values = [endpoints, from + 1, to, customers, new Date(at), ...ids, types, isVaried];
    await postgres.query(FILL_SQL, values);
  }
  signal.throwIfAborted();
  onProgress('sorting what they are found by');
  await postgres.query(FILL_KEYS_SQL);
  signal.throwIfAborted();
  onProgress('vacuuming');
  await postgres.query('VACUUM ANALYZE');
}

const PREPARE_SQL = `
  SET work_mem = '256MB';
  CREATE TEMPORARY TABLE filled_keys (LIKE search_keys)`;

/** An id is that of its time, and then a number. One in five of those that died had no answer. */
const FILL_SQL = `
  WITH made AS (
    SELECT $6::text || to_char(i, 'FM0000000000000000') AS id,
      $7::text || to_char(i, 'FM0000000000000000') AS delivery_id, decode(md5(i::text), 'hex') AS key,
        json_build_object('job_id', 'K-' || i, 'note', repeat('x', 64))::text AS data,
      ($1::text[])[1 + i % cardinality($1::text[])] AS endpoint,
        ($4::text[])[1 + i % cardinality($4::text[])] AS customer,
      ($8::text[])[1 + i % cardinality($8::text[])] AS event, 20 + 10 * (i % 19) AS duration_ms,
      CASE WHEN NOT $9::boolean THEN 'delivered' WHEN i % 53 = 0 THEN 'dead' WHEN i % 211 = 0 THEN 'cancelled'
        WHEN i % 307 = 0 THEN 'skipped' ELSE 'delivered' END AS status,
      CASE WHEN i % 5 > 0 THEN 503 END AS refusal
    FROM generate_series($2::integer, $3::integer) AS i),
  new_events AS (
    INSERT INTO events (id, event, customer_id, data, deliveries, customer_deliveries, delivery_ids, search_keys,
      created_at)
    SELECT id, event, customer, data, 1, 1, ARRAY[delivery_id], ARRAY[key], $5::timestamptz FROM made),
  new_keys AS (INSERT INTO filled_keys (key, event_id, customer_id) SELECT key, id, customer FROM made),
  new_attempts AS (
    INSERT INTO further_attempts (delivery_id, number, endpoint_id, trigger, started_at, signed_at, duration_ms,
      status_code, error_code, request_url)
    SELECT delivery_id, number, endpoint, 'automatic', $5::timestamptz, $5::timestamptz, duration_ms, refusal,
      CASE WHEN refusal IS NULL THEN 'timeout' ELSE 'http_503' END, 'https://receiver.example/'
    FROM made, generate_series(1, 4) AS number WHERE status = 'dead')
  INSERT INTO ended_deliveries (id, event_id, endpoint_id, customer_id, event, status, attempts_made, created_at,
    finished_at, trigger, last_status_code, last_error_code, dead_reason, started_at, signed_at, duration_ms,
    request_url, response_truncated, resent)
  SELECT delivery_id, id, endpoint, customer, event, status,
    CASE status WHEN 'delivered' THEN 1 WHEN 'dead' THEN 4 ELSE 0 END, $5::timestamptz, $5::timestamptz,
    CASE WHEN status IN ('delivered', 'dead') THEN 'automatic' END,
    CASE status WHEN 'delivered' THEN 200 WHEN 'dead' THEN refusal END,
    CASE WHEN status = 'dead' THEN CASE WHEN refusal IS NULL THEN 'timeout' ELSE 'http_503' END END,
    CASE WHEN status = 'dead' THEN 'retries_exhausted' END, was.at, was.at,
    CASE WHEN was.at IS NOT NULL THEN duration_ms END,
    CASE WHEN was.at IS NOT NULL THEN 'https://receiver.example/' END, false, false
  FROM made, LATERAL (SELECT CASE WHEN status = 'delivered' THEN $5::timestamptz END AS at) was`;

const FILL_KEYS_SQL = `
  INSERT INTO search_keys (key, event_id, customer_id) SELECT key, event_id, customer_id FROM filled_keys ORDER BY key;
  DROP TABLE filled_keys;
  RESET work_mem`;
