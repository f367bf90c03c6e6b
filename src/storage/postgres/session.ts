import type { ClientBase } from 'pg';
import { SCHEMA } from './schema-state.ts';

/** Longer than any statement of ours should take; frees a connection whose server has silently gone. */
export const STATEMENT_TIMEOUT_MS = 30_000;

/** A session's settings by their names in Postgres. */
export type SessionSettings = Readonly<Record<string, string>>;

/**
 * What our statements rely on, whatever server, database or role have otherwise: how values are read and written, how
 * transactions begin, how long anything may take, and that a commit is on disk before it is answered.
 */
const SETTINGS: SessionSettings = {
  search_path: SCHEMA,
  datestyle: 'ISO, MDY',
  intervalstyle: 'postgres',
  timezone: 'UTC',
  bytea_output: 'hex',
  extra_float_digits: '1',
  standard_conforming_strings: 'on',
  array_nulls: 'on',
  transform_null_equals: 'off',
  quote_all_identifiers: 'off',
  row_security: 'on',
  default_transaction_isolation: 'read committed',
  default_transaction_read_only: 'off',
  default_transaction_deferrable: 'off',
  statement_timeout: String(STATEMENT_TIMEOUT_MS),
  lock_timeout: '0',
  idle_in_transaction_session_timeout: '0',
  idle_session_timeout: '0',
  transaction_timeout: '0',
  plan_cache_mode: 'auto',
};

/**
 * For a process that repeats a few statements: planning these takes as long as running them, so they are planned once.
 */
export const PLANS_ONCE: SessionSettings = { plan_cache_mode: 'force_generic_plan', enable_seqscan: 'off' };

/** A migration takes as long as it takes. */
export const WITHOUT_TIME_LIMIT: SessionSettings = { statement_timeout: '0' };

const SESSION_TIMEOUT_MS = 5_000;

/**
 * Statements are short: compiling one takes longer than running it, and a stock server compiles whatever looks
 * expensive. Sent first and by itself, so that not even the next statement is compiled.
 */
const NEVER_COMPILE = { text: 'SET jit = off', query_timeout: SESSION_TIMEOUT_MS };

/**
 * Gives a new connection our settings; those that its server does not know yet are left out. Nothing is sent
 * as a startup parameter, which poolers of connections refuse.
 */
export async function prepareSession(client: ClientBase, further: SessionSettings = {}): Promise<void> {
  const settings = { ...SETTINGS, ...further };
  const query = {
    text: PREPARE_SQL,
    values: [Object.keys(settings), Object.values(settings)],
    query_timeout: SESSION_TIMEOUT_MS,
  };
  await client.query(NEVER_COMPILE);
  await client.query(query);
}

/** What makes commits wait less than for the disk is turned back on; what makes them wait for more is left. */
const PREPARE_SQL = `
  SELECT set_config(name, value, false) FROM unnest($1::text[], $2::text[]) AS setting (name, value)
  WHERE current_setting(name, true) IS NOT NULL
  UNION ALL SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'`;
