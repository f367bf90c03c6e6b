import type { Client } from 'pg';
import { leastIdAt } from '../../src/new-id.ts';

/** What the history is of, and how it is told that it grows. */
export interface History {
  /** Delivered events, each with a job of its own: `K-1`, `K-2`, … */
  readonly events: number;
  /** Whose they are, one after the other; each has one endpoint. */
  readonly owners: readonly { readonly customer: string; readonly endpoint: string }[];
  readonly signal: AbortSignal;
  readonly onProgress: (line: string) => void;
}

const ROWS_PER_STATEMENT = 50_000;
const ROWS_PER_LINE = 1_000_000;
/** Less than anything is kept by default, so that nothing of it is swept away. */
const SPAN_MS = 28 * 86_400_000;

/**
 * Writes delivered events, each found by its job, as if they had been published over the last four weeks. What they are
 * found by is random: written as it comes, it would touch all of a large index again and again, so it comes sorted.
 * @throws where the signal is aborted
 */
export async function fillHistory(
  postgres: Client,
  { events, owners, signal, onProgress }: History,
): Promise<void> {
  const customers = owners.map(({ customer }) => customer);
  const endpoints = owners.map(({ endpoint }) => endpoint);
  const began = Date.now() - SPAN_MS;
  await postgres.query(PREPARE_SQL);
  for (let from = 0; from < events; from += ROWS_PER_STATEMENT) {
    signal.throwIfAborted();
    if (from % ROWS_PER_LINE === 0) onProgress(`filling in ${events} events: ${from} are there`);
    const to = Math.min(from + ROWS_PER_STATEMENT, events);
    const at = began + Math.floor((SPAN_MS * from) / events);
    const ids = [leastIdAt('evt', at), leastIdAt('del', at)];
    await postgres.query(FILL_SQL, [endpoints, from + 1, to, customers, new Date(at), ...ids]);
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

/** An id is that of its time, and then a number. */
const FILL_SQL = `
  WITH made AS (
    SELECT $6::text || to_char(i, 'FM0000000000000000') AS id,
      $7::text || to_char(i, 'FM0000000000000000') AS delivery_id, decode(md5(i::text), 'hex') AS key,
        json_build_object('job_id', 'K-' || i)::text AS data,
      ($1::text[])[1 + i % cardinality($1::text[])] AS endpoint,
        ($4::text[])[1 + i % cardinality($4::text[])] AS customer
    FROM generate_series($2::integer, $3::integer) AS i),
  new_events AS (
    INSERT INTO events (id, event, customer_id, data, deliveries, customer_deliveries, delivery_ids, search_keys,
      created_at)
    SELECT id, 'job.completed', customer, data, 1, 1, ARRAY[delivery_id], ARRAY[key], $5::timestamptz FROM made),
  new_keys AS (INSERT INTO filled_keys (key, event_id, customer_id) SELECT key, id, customer FROM made)
  INSERT INTO ended_deliveries (id, event_id, endpoint_id, customer_id, event, status, attempts_made, created_at,
    finished_at)
  SELECT delivery_id, id, endpoint, customer, 'job.completed', 'delivered', 1, $5::timestamptz, $5::timestamptz
  FROM made`;

const FILL_KEYS_SQL = `
  INSERT INTO search_keys (key, event_id, customer_id) SELECT key, event_id, customer_id FROM filled_keys ORDER BY key;
  DROP TABLE filled_keys;
  RESET work_mem`;
