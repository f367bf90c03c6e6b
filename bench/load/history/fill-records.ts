import type { Client } from 'pg';
import { leastIdAt } from '../../../src/new-id.ts';
import { HISTORY_MS, type Owner } from './fill-history.ts';

/** Actions that the audit log tells of, by turns. */
export const AUDIT_ACTIONS = [
  'endpoint.update',
  'endpoint.pause',
  'endpoint.resume',
  'delivery.retry',
] as const;

/** How many of each to write, and about whose endpoints. */
export interface Records {
  readonly auditEntries: number;
  readonly replays: number;
  readonly owners: readonly Owner[];
}

/** So many times are told apart. */
const STEPS = 100;

/** Writes entries of the audit log and replays that are over, of the last four weeks. */
export async function fillRecords(
  postgres: Client,
  { auditEntries, replays, owners }: Records,
): Promise<void> {
  const customers = owners.map(({ customer }) => customer);
  const endpoints = owners.map(({ endpoint }) => endpoint);
  for (let step = 0; step < STEPS; step += 1) {
    const at = Date.now() - HISTORY_MS + Math.floor((HISTORY_MS * step) / STEPS);
    const values = [new Date(at), customers, endpoints];
    const part = (count: number) => [0, 1].map((further) => Math.round((count * (step + further)) / STEPS));
    await postgres.query(AUDIT_SQL, [...values, leastIdAt('aud', at), ...part(auditEntries), AUDIT_ACTIONS]);
    await postgres.query(REPLAYS_SQL, [...values, leastIdAt('rpl', at), ...part(replays)]);
  }
  await postgres.query('VACUUM ANALYZE audit_entries, replays');
}

/** SQL: the rows to be written at one time, each of another owner, with its id. */
const MADE = `(SELECT i, $4::text || to_char(i, 'FM0000000000000000') AS id,
    ($2::text[])[1 + i % cardinality($2::text[])] AS customer,
    ($3::text[])[1 + i % cardinality($3::text[])] AS endpoint
  FROM generate_series($5::integer + 1, $6::integer) AS i) AS made`;

const AUDIT_SQL = `
  INSERT INTO audit_entries (id, created_at, action, subject_id, customer_id, actor)
  SELECT id, $1::timestamptz, ($7::text[])[1 + i % cardinality($7::text[])], endpoint, customer, 'operator'
  FROM ${MADE}`;

const REPLAYS_SQL = `
  INSERT INTO replays (id, kind, customer_id, endpoint_id, selection, status, total, released, delivered, cancelled,
    requested_by, recheck_at, created_at, finished_at)
  SELECT id, 'dead_letters', customer, endpoint, json_build_object('endpointId', endpoint),
    CASE WHEN i % 7 = 0 THEN 'cancelled' ELSE 'completed' END, 100, 100, 100, 0, 'operator', $1::timestamptz,
    $1::timestamptz, $1::timestamptz
  FROM ${MADE}`;
