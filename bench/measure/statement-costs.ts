import type { Client } from 'pg';
import type { Row } from '../benchmark.ts';
import { UsageError } from '../options.ts';

/** More rows would be of what costs nearly nothing. */
const SHOWN = 12;
const MICROSECONDS = 1_000;

interface StatementCost {
  readonly query: string;
  readonly calls: number;
  readonly ms: number;
  readonly wal: number;
}

/**
 * Begins to count what statements cost anew.
 * @throws UsageError where the server has not loaded pg_stat_statements
 */
export async function startCounting(postgres: Client): Promise<void> {
  try {
    await postgres.query('CREATE EXTENSION IF NOT EXISTS pg_stat_statements');
    await postgres.query('SELECT pg_stat_statements_reset()');
  } catch (cause) {
    const wanted = 'choose --postgres stock, 16, 17 or 18, or a server with it in shared_preload_libraries';
    throw new UsageError(`This Postgres does not count statements (pg_stat_statements): ${wanted}.`, {
      cause,
    });
  }
}

/**
 * What statements of the database cost since `startCounting`, the costliest first, then all together: time in the
 * server, which on a busy machine is more than its CPU, and bytes of WAL.
 */
export async function statementCosts(postgres: Client, deliveries: number): Promise<readonly Row[]> {
  const { rows } = await postgres.query<StatementCost>(COSTS_SQL);
  const all = sumOf('all', rows);
  const shown = rows.slice(0, SHOWN);
  const others = sumOf('all others', rows.slice(SHOWN));
  return [...shown.map((row) => ({ ...row, query: subjectOf(row.query) })), others, all].map(
    ({ query, calls, ms, wal }) => ({
      statement: query,
      calls,
      us_per_delivery: (ms * MICROSECONDS) / deliveries,
      share: ms / all.ms,
      wal_bytes_per_delivery: Math.round(wal / deliveries),
    }),
  );
}

/** What a statement is about: the tables that it writes, or else those that it reads. */
export function subjectOf(query: string): string {
  const written = namesIn(
    query,
    /\b(?:INSERT INTO|(?<!\b(?:FOR|DO)\s+)UPDATE|DELETE FROM)\s+(?:ONLY\s+)?(\w+)/g,
  );
  if (written.length > 0) return `writes ${written.join(', ')}`;
  const made = new Set(
    namesIn(query, /(?:\bWITH(?: RECURSIVE)?|,)\s*(\w+)(?:\([^)]*\))?\s+AS\s*(?:MATERIALIZED\s*)?\(/g),
  );
  const read = namesIn(query, /\b(?:FROM|JOIN)\s+(\w{2,})\b(?!\s*\()/g).filter((name) => !made.has(name));
  return read.length > 0 ? `reads ${read.join(', ')}` : query.replace(/\s+/g, ' ').slice(0, 40);
}

function namesIn(query: string, pattern: RegExp): readonly string[] {
  return [...new Set([...query.matchAll(pattern)].map(([, name = '']) => name))];
}

function sumOf(query: string, rows: readonly StatementCost[]): StatementCost {
  const add = (of: 'calls' | 'ms' | 'wal') => rows.reduce((sum, row) => sum + row[of], 0);
  return { query, calls: add('calls'), ms: add('ms'), wal: add('wal') };
}

const COSTS_SQL = `
  SELECT query, sum(calls)::float8 AS calls, sum(total_exec_time) AS ms, sum(wal_bytes)::float8 AS wal
  FROM pg_stat_statements WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) AND toplevel
  GROUP BY query ORDER BY ms DESC`;
