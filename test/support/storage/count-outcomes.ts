import type { Database } from '../../../src/storage/postgres/database.ts';
import { OutcomeCounts } from '../../../src/storage/stats/outcome-counts.ts';
import { eventually } from '../eventually.ts';

/**
 * Counts all outcomes; transactions of other databases of the server, under way at this moment, put that off a little.
 */
export async function countAllOutcomes(database: Database): Promise<void> {
  const counts = new OutcomeCounts(database);
  await eventually(async () => {
    await counts.fold();
    const { rows } = await database.pool.query(
      'SELECT FROM outcomes WHERE xid >= (SELECT counted_to FROM rollup_progress) LIMIT 1',
    );
    return rows.length === 0;
  });
}
