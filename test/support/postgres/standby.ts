import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EmbeddedPostgres } from '../../../src/main/servers/embedded-postgres.ts';
import { type StockPostgresOptions, startStockPostgres } from '../processes/stock-postgres.ts';

/** A primary whose commits wait for its standby, which goes on where the primary has died. */
export interface Pair {
  readonly primary: EmbeddedPostgres;
  readonly standby: EmbeddedPostgres;
}

export interface PairOptions extends Pick<StockPostgresOptions, 'programs'> {
  readonly primaryDir: string;
  readonly standbyDir: string;
  /** What is done to the database before it is copied. */
  readonly prepare: (url: string) => Promise<void>;
}

const STANDBY = 'posthorn_standby';

/** Starts both. The standby is a copy of the primary's files at rest, as a base backup is. */
export async function startPair({ programs, primaryDir, standbyDir, prepare }: PairOptions): Promise<Pair> {
  const first = await startStockPostgres({ programs, dataDir: primaryDir });
  await prepare(first.url);
  await first.stop();
  execFileSync('cp', ['-a', join(primaryDir, 'postgres'), join(standbyDir, 'postgres')]);
  writeFileSync(join(standbyDir, 'postgres', 'standby.signal'), '');
  const primary = await startStockPostgres({
    programs,
    dataDir: primaryDir,
    settings: [`synchronous_standby_names=${STANDBY}`],
  });
  const { username, password, port } = new URL(primary.url);
  const source = `host=127.0.0.1 port=${port} user=${username} password=${password} application_name=${STANDBY}`;
  const standby = await startStockPostgres({
    programs,
    dataDir: standbyDir,
    settings: [`primary_conninfo=${source}`],
  });
  return { primary, standby };
}
