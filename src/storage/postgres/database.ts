import pg from 'pg';
import { PRODUCTION_TIMING, type Timing } from '../../domain/timing.ts';
import type { Logger } from '../../logger.ts';
import { ConnectionWatch } from './connection-watch.ts';
import { DatabaseCheck } from './database-check.ts';
import { DatabaseStanding } from './database-standing.ts';
import { PostgresClient, readDatabaseUrl } from './postgres-client.ts';
import { openReads, READING, type Reads } from './read-pool.ts';
import { PLANS_ONCE, prepareSession, type SessionSettings, STATEMENT_TIMEOUT_MS } from './session.ts';

/** An open connection pool, a watch over how steady it is, and why the database cannot be used where that is so. */
export interface Database {
  readonly pool: pg.Pool;
  /** For lists, counts and figures, which may have to read much. */
  readonly reads: Reads;
  readonly watch: ConnectionWatch;
  /** What leases and looks at what makes no progress are timed by. */
  readonly timing: Timing;
  readonly standing: DatabaseStanding;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  readonly logger: Logger;
  readonly maxConnections?: number;
  /**
   * For a process that repeats a few statements and finds rows by their keys: they are planned once and always use
   * indexes, whatever the statistics said when tables were small.
   */
  readonly plansOnce?: boolean;
  /** Those of production where absent. */
  readonly timing?: Timing;
}

const CONNECT_TIMEOUT_MS = 5_000;

/** Given up early, so that a connection that hangs does not hide for long that another would work. */
const PING = { text: 'SELECT 1', query_timeout: 4_000 };

/**
 * Opens a pool. Connections are made on demand, so this succeeds while Postgres is away. None is handed out before the
 * database was found to have the schema of this program.
 * @throws DatabaseUnavailable where the URL cannot be used at all
 */
export function openDatabase(
  databaseUrl: string,
  { logger, maxConnections = 20, plansOnce = false, timing = PRODUCTION_TIMING }: DatabaseOptions,
): Database {
  const address = readDatabaseUrl(databaseUrl);
  const check = new DatabaseCheck(address);
  const withSettings = (settings: SessionSettings): pg.PoolConfig => ({
    Client: PostgresClient,
    ...address,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: STATEMENT_TIMEOUT_MS + CONNECT_TIMEOUT_MS,
    keepAlive: true,
    application_name: 'posthorn',
    onConnect: async (client) => {
      await prepareSession(client, { ...(plansOnce ? PLANS_ONCE : {}), ...settings });
      await check.pass(client);
    },
  });
  const pool = new pg.Pool({ ...withSettings({}), max: maxConnections });
  const reads = openReads(withSettings(READING));
  const standing = new DatabaseStanding(logger);
  const watch = new ConnectionWatch(async () => await standing.observe(pool.query(PING)));
  // A connection that breaks between two statements of a transaction tells its client only.
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
    standing,
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
