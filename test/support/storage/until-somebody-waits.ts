import type { Database } from '../../../src/storage/postgres/database.ts';

/** Until a statement waits for something that somebody else has locked. */
export async function untilSomebodyWaits({ pool }: Database): Promise<void> {
  for (;;) {
    const { rows } = await pool.query(
      `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    if (rows.length > 0) return;
  }
}
