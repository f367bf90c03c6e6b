import { isNativeError } from 'node:util/types';
import pg from 'pg';
import type { SessionSettings } from './session.ts';

/** Every connection for reading is busy, and has been for some seconds. */
export class ReadsBusyError extends Error {
  override readonly name = 'ReadsBusyError';
}

/** Runs one statement that changes nothing. */
export interface Reads {
  query<Row extends pg.QueryResultRow>(
    text: string,
    values?: readonly unknown[],
  ): Promise<{ readonly rows: Row[]; readonly rowCount: number | null }>;
  end(): Promise<void>;
}

/**
 * So few that whatever is asked for leaves the database to publishes and claims, which have connections of their own.
 */
const CONNECTIONS = 3;
/**
 * Shorter than a statement may take: a connection whose statement is broken off is gone, and would not count as busy.
 */
const LONGEST_READ_WAIT_MS = 3_000;

/**
 * What takes longer is broken off: whoever asks has given up by then, or asks for too much. One reader has one core of
 * the database's at most.
 */
export const READING: SessionSettings = {
  statement_timeout: '5000',
  max_parallel_workers_per_gather: '0',
  default_transaction_read_only: 'on',
};

/**
 * Opens connections for lists, counts and figures, which may have to read much. Forty people who look for what is not
 * there at the same time wait for each other, not publishes for them.
 * @param options of connections whose sessions have the settings `READING`
 */
export function openReads(options: pg.PoolConfig): Reads {
  const pool = new pg.Pool({
    ...options,
    max: CONNECTIONS,
    connectionTimeoutMillis: LONGEST_READ_WAIT_MS,
  });
  pool.on('error', () => {});
  return {
    query: async <Row extends pg.QueryResultRow>(text: string, values: readonly unknown[] = []) => {
      try {
        return await pool.query<Row>(text, [...values]);
      } catch (error) {
        if (pool.totalCount >= CONNECTIONS && isWaitOver(error))
          throw new ReadsBusyError('Every connection for reading is busy', { cause: error });
        throw error;
      }
    },
    end: async () => await pool.end(),
  };
}

function isWaitOver(error: unknown): boolean {
  // pg's errors may belong to another realm, as in tests.
  return isNativeError(error) && error.message === 'timeout exceeded when trying to connect';
}
