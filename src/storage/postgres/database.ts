import { isNativeError } from 'node:util/types';
import pg from 'pg';
import { PRODUCTION_TIMING, type Timing } from '../../domain/timing.ts';
import type { Logger } from '../../logger.ts';
import { ConnectionWatch } from './connection-watch.ts';
import { openReads, type Reads } from './read-pool.ts';

/** An open connection pool, and a watch over how steady it is. */
export interface Database {
  readonly pool: pg.Pool;
  /** For lists, counts and figures, which may have to read much. */
  readonly reads: Reads;
  readonly watch: ConnectionWatch;
  /** What leases and looks at what makes no progress are timed by. */
  readonly timing: Timing;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  readonly logger: Logger;
  readonly maxConnections?: number;
  /**
   * For a process that repeats a few statements and finds rows by their keys: they are planned once and always use indexes,
   * whatever the statistics said when tables were small.
   */
  readonly plansOnce?: boolean;
  /** Those of production where absent. */
  readonly timing?: Timing;
}

const CONNECT_TIMEOUT_MS = 5_000;
/** Longer than any statement of ours should take; frees a connection whose server has silently gone. */
const STATEMENT_TIMEOUT_MS = 30_000;

/** Statements are short: compiling one takes longer than running it, and a stock server compiles whatever looks expensive. */
const NEVER_COMPILE = '-c jit=off';
/** Planning the hot statements takes as long as running them. */
const PLAN_ONCE = `${NEVER_COMPILE} -c plan_cache_mode=force_generic_plan -c enable_seqscan=off`;

/** Given up early, so that a connection that hangs does not hide for long that another would work. */
const PING = { text: 'SELECT 1', query_timeout: 4_000 };

/** Opens a pool. Connections are made on demand, so this succeeds while Postgres is away. */
export function openDatabase(
  databaseUrl: string,
  { logger, maxConnections = 20, plansOnce = false, timing = PRODUCTION_TIMING }: DatabaseOptions,
): Database {
  const usual = {
    connectionString: databaseUrl,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    query_timeout: STATEMENT_TIMEOUT_MS + CONNECT_TIMEOUT_MS,
    keepAlive: true,
    application_name: 'posthorn',
    options: plansOnce ? PLAN_ONCE : NEVER_COMPILE,
  };
  const pool = new pg.Pool({ ...usual, max: maxConnections });
  const reads = openReads(usual);
  const watch = new ConnectionWatch(async () => {
    await pool.query(PING);
  });
  // A connection that breaks between two statements of a transaction tells its client only; unheard, that ends the process.
  pool.on('connect', (client) => client.on('error', () => watch.reportLoss()));
  pool.on('error', (error) => {
    watch.reportLoss();
    logger.warn({ error: error.message }, 'an idle connection to Postgres was lost');
  });
  return {
    pool,
    reads,
    watch,
    timing,
    close: async () => {
      watch.stop();
      await Promise.all([pool.end(), reads.end()]);
    },
  };
}

/**
 * Runs a function inside one transaction on one connection; rolls back and rethrows where it throws.
 * @param first SQL that goes out together with BEGIN, such as taking a lock
 */
export async function inTransaction<T>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<T>,
  { first = '' }: { readonly first?: string } = {},
): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query(`BEGIN; ${first}`);
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch((cause: unknown) => {
      broken = cause instanceof Error ? cause : new Error(String(cause));
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

/** Whether an error means that Postgres cannot be reached or is shutting down, rather than that it refused a statement. */
export function isDatabaseUnavailable(error: unknown): boolean {
  // Errors of sockets belong to Node's own realm, for which `instanceof` fails inside another (as tests are).
  if (!isNativeError(error)) return false;
  if (error.cause !== undefined && isDatabaseUnavailable(error.cause)) return true;
  const code = 'code' in error ? String(error.code) : '';
  if (/^(08|57P|53)/.test(code) || /^E(CONN|PIPE|HOST|NET|TIMEDOUT|NOENT)/.test(code)) return true;
  return /connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|not queryable|Query read timeout/i.test(
    error.message,
  );
}
