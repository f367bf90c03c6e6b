import { preparePostgresBinaries } from '../../../src/main/servers/postgres-binaries.ts';
import { migrate } from '../../../src/storage/postgres/migrate.ts';
import { debianPostgres } from '../processes/stock-postgres.ts';
import { newDataDirectory } from '../runs/temporal.ts';
import { type Pair, type PairOptions, startPair } from './standby.ts';

const VERSION = 15;

/** A primary with Posthorn's schema and its standby, of Debian's Postgres where that is installed. */
export async function startPairOfTest(options: Pick<PairOptions, 'asynchronousBy'> = {}): Promise<Pair> {
  return await startPair({
    programs: debianPostgres(VERSION) ?? (await preparePostgresBinaries()),
    primaryDir: newDataDirectory(),
    standbyDir: newDataDirectory(),
    prepare: migrate,
    ...options,
  });
}
