import type { Client } from 'pg';

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

/** Writes delivered events, each found by its job, as if they had been published. */
export async function fillHistory(
  postgres: Client,
  { events, owners, signal, onProgress }: History,
): Promise<void> {
  onProgress(`filling in ${events} events`);
  const customers = owners.map(({ customer }) => customer);
  const endpoints = owners.map(({ endpoint }) => endpoint);
  for (let from = 0; from < events && !signal.aborted; from += ROWS_PER_STATEMENT) {
    const to = Math.min(from + ROWS_PER_STATEMENT, events);
    await postgres.query(FILL_SQL, [endpoints, from + 1, to, customers]);
  }
  await postgres.query('ANALYZE');
}

const FILL_SQL = `
  WITH made AS (
    SELECT 'evt_' || to_char(i, 'FM00000000000000000000000000') AS id,
      'del_' || to_char(i, 'FM00000000000000000000000000') AS delivery_id, decode(md5(i::text), 'hex') AS key,
      json_build_object('job_id', 'K-' || i)::text AS data,
      ($1::text[])[1 + i % cardinality($1::text[])] AS endpoint, ($4::text[])[1 + i % cardinality($4::text[])] AS customer
    FROM generate_series($2::integer, $3::integer) AS i),
  new_events AS (
    INSERT INTO events (id, event, customer_id, data, deliveries, customer_deliveries, delivery_ids, search_keys, created_at)
    SELECT id, 'job.completed', customer, data, 1, 1, ARRAY[delivery_id], ARRAY[key], now() FROM made),
  new_keys AS (INSERT INTO search_keys (key, event_id, customer_id) SELECT key, id, customer FROM made)
  INSERT INTO ended_deliveries (id, event_id, endpoint_id, customer_id, event, status, attempts_made, created_at, finished_at)
  SELECT delivery_id, id, endpoint, customer, 'job.completed', 'delivered', 1, now(), now() FROM made`;
