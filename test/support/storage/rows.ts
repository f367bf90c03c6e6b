import type { Pool, PoolClient } from 'pg';
import { monotonicFactory } from 'ulid';
import { type DeliveryStatus, ENDED_STATUSES } from '../../../src/domain/delivery.ts';
import { newId } from '../../../src/new-id.ts';

type Row = Readonly<Record<string, unknown>>;

/** Inserts a delivery with its event as publish and recording would have left them; returns its id. */
export async function insertDelivery(
  pool: Pool,
  { data = '{}', ...given }: Row & { readonly endpoint_id: string; readonly data?: string },
): Promise<string> {
  const row = {
    id: idMadeAt('del', given.created_at),
    event_id: idMadeAt('evt', given.created_at),
    customer_id: 'acme',
    event: 'job.completed',
    status: 'delivered',
    attempts_made: 1,
    created_at: new Date(),
    ...given,
  };
  await insert(pool, 'events', {
    id: row.event_id,
    event: row.event,
    customer_id: row.customer_id,
    data,
    deliveries: 1,
    delivery_ids: [row.id],
    created_at: row.created_at,
  });
  if (isEnded(row)) await insert(pool, 'ended_deliveries', { finished_at: row.created_at, ...row });
  else await insert(pool, 'open_deliveries', row);
  return row.id;
}

const ulidsOfTimes = new Map<number, () => string>();

/** Lists look for times by ids; those of one time rise one by one. */
function idMadeAt(prefix: 'del' | 'evt', time: unknown): string {
  if (!(time instanceof Date)) return newId(prefix);
  const ms = time.getTime();
  const next = ulidsOfTimes.get(ms) ?? ulidsAt(ms);
  ulidsOfTimes.set(ms, next);
  return `${prefix}_${next()}`;
}

function ulidsAt(ms: number): () => string {
  const next = monotonicFactory();
  return () => next(ms);
}

function isEnded({ status, retry_mark }: Row): boolean {
  return ENDED_STATUSES.some((ended) => ended === status) && (retry_mark ?? null) === null;
}

/** Has an open delivery end so, as if it had had one attempt. */
export async function endDelivery(pool: Pool, id: string, status: DeliveryStatus): Promise<void> {
  await pool.query(
    `WITH gone AS (DELETE FROM open_deliveries WHERE id = $1 RETURNING *)
     INSERT INTO ended_deliveries (id, event_id, endpoint_id, customer_id, event, is_test, status, attempts_made,
       replay_id,
       created_at, finished_at)
     SELECT id, event_id, endpoint_id, customer_id, event, is_test, $2, 1, replay_id, created_at, now() FROM gone`,
    [id, status],
  );
}

/** Removes all trace of a delivery. */
export async function removeDelivery(pool: Pool, id: string): Promise<void> {
  await pool.query('DELETE FROM open_deliveries WHERE id = $1', [id]);
  await pool.query('DELETE FROM ended_deliveries WHERE id = $1', [id]);
}

/** Inserts so many deliveries of an endpoint that wait for a wave; returns their ids, the longest due first. */
export async function insertDue(
  pool: Pool,
  {
    endpointId,
    count,
    dueInMs = -3_600_000,
  }: { readonly endpointId: string; readonly count: number; readonly dueInMs?: number },
): Promise<readonly string[]> {
  const eventId = newId('evt');
  await insert(pool, 'events', {
    id: eventId,
    event: 'job.completed',
    data: '{}',
    deliveries: count,
    created_at: new Date(),
  });
  const { rows } = await pool.query<{ id: string }>(
    `INSERT INTO open_deliveries (id, event_id, endpoint_id, customer_id, event, status, due_at, wave_at, created_at)
     SELECT $1 || '-' || to_char(i, 'FM000000'), $2, $3, 'acme', 'job.completed', 'queued', at, at, now()
     FROM generate_series(1, $4::integer) AS i, LATERAL (SELECT now() + ($5::integer + i) * interval '1 ms' AS at) t
     RETURNING id`,
    [newId('del'), eventId, endpointId, count, dueInMs],
  );
  return rows.map((row) => row.id);
}

/** Inserts so many deliveries that died just now of too many attempts; their events are gone. */
export async function insertManyDead(
  pool: Pool,
  {
    endpointId,
    customerId,
    count,
  }: { readonly endpointId: string; readonly customerId: string; readonly count: number },
): Promise<void> {
  await pool.query(
    `INSERT INTO ended_deliveries (id, event_id, endpoint_id, customer_id, event, status, dead_reason, attempts_made,
       created_at, finished_at)
     SELECT 'del_' || lpad(n::text, 26, '0'), 'evt_' || lpad(n::text, 26, '0'), $1, $2, 'job.completed', 'dead',
       'retries_exhausted', 1, now(), now() FROM generate_series(1, $3::integer) AS n`,
    [endpointId, customerId, count],
  );
}

/** Has a delivery been created, and ended if it has, so many days earlier. */
export async function ageDelivery(pool: Pool, id: string, days: number): Promise<void> {
  for (const table of ['open_deliveries', 'ended_deliveries'])
    await pool.query(
      `UPDATE ${table} SET created_at = created_at - make_interval(days => $2),
         finished_at = finished_at - make_interval(days => $2) WHERE id = $1`,
      [id, days],
    );
}

/** Inserts an attempt of a delivery; a 200 that took 10 ms where nothing else is given. */
export async function insertAttempt(
  pool: Pool | PoolClient,
  given: Row & { readonly delivery_id: string; readonly endpoint_id: string },
): Promise<void> {
  await insert(pool, 'further_attempts', {
    number: 1,
    trigger: 'automatic',
    started_at: new Date(),
    duration_ms: 10,
    status_code: 200,
    ...given,
  });
}

async function insert(pool: Pool | PoolClient, table: string, row: Row): Promise<void> {
  const names = Object.keys(row);
  const places = names.map((_, index) => `$${index + 1}`);
  await pool.query(`INSERT INTO ${table} (${names.join(', ')}) VALUES (${places.join(', ')})`, [
    ...Object.values(row),
  ]);
}

/** Notes an attempt of a delivery, and how that ended by it, as recording does; says nothing of the rows themselves. */
export async function insertOutcome(
  pool: Pool,
  given: Row & { readonly endpoint_id: string; readonly delivery_id: string },
): Promise<void> {
  const row: Row = {
    customer_id: 'acme',
    event: 'job.completed',
    created_at: given.started_at ?? new Date(),
    count: 1,
    became: 'delivered',
    former: null,
    number: 1,
    trigger: 'automatic',
    started_at: new Date(),
    delay_ms: 5,
    duration_ms: 10,
    status_code: 200,
    error_code: null,
    ...given,
  };
  const columns = Object.keys(row).map((name) => OUTCOME_COLUMNS[name] ?? `${name}s`);
  const places = columns.map((_, index) => `$${index + 1}`);
  await pool.query(
    `INSERT INTO outcomes (${columns.join(', ')}) VALUES (${places.join(', ')})`,
    Object.values(row).map((value) => [value]),
  );
}

const OUTCOME_COLUMNS: Readonly<Record<string, string>> = {
  became: 'became',
  delay_ms: 'delays_ms',
  duration_ms: 'durations_ms',
};
