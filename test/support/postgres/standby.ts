import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import type { Link } from '../../../bench/stage/link.ts';
import type { EmbeddedPostgres } from '../../../src/main/servers/embedded-postgres.ts';
import { type StockPostgresOptions, startStockPostgres } from '../processes/stock-postgres.ts';

/** A primary and its standby, which goes on where the primary has died. */
export interface Pair {
  readonly primary: EmbeddedPostgres;
  readonly standby: EmbeddedPostgres;
}

export interface PairOptions extends Pick<StockPostgresOptions, 'programs'> {
  readonly primaryDir: string;
  readonly standbyDir: string;
  /** What is done to the database before it is copied. */
  readonly prepare: (url: string) => Promise<void>;
  /** Commits do not wait for the standby, which reads from this port in the primary's stead. */
  readonly asynchronousBy?: (primaryPort: number) => Promise<number>;
}

const STANDBY = 'posthorn_standby';

/** Starts both. The standby is a copy of the primary's files at rest, as a base backup is. */
export async function startPair(options: PairOptions): Promise<Pair> {
  const { programs, primaryDir, standbyDir, prepare, asynchronousBy } = options;
  const first = await startStockPostgres({ programs, dataDir: primaryDir });
  await prepare(first.url);
  await first.stop();
  execFileSync('cp', ['-a', join(primaryDir, 'postgres'), join(standbyDir, 'postgres')]);
  writeFileSync(join(standbyDir, 'postgres', 'standby.signal'), '');
  const primary = await startStockPostgres({
    programs,
    dataDir: primaryDir,
    settings: asynchronousBy === undefined ? [`synchronous_standby_names=${STANDBY}`] : [],
  });
  const { username, password, port: own } = new URL(primary.url);
  const port = (await asynchronousBy?.(Number(own))) ?? own;
  const source = `host=127.0.0.1 port=${port} user=${username} password=${password} application_name=${STANDBY}`;
  const standby = await startStockPostgres({
    programs,
    dataDir: standbyDir,
    settings: [`primary_conninfo=${source}`],
  });
  return { primary, standby };
}

/** The primary dies as by a power cut; the standby becomes what it was, and whoever used the link comes to it. */
export async function failOver({ primary, standby }: Pair, link: Link): Promise<void> {
  process.kill(primary.pid(), 'SIGKILL');
  await promote(standby);
  link.leadTo(portOf(standby.url));
}

/** Makes a standby the primary. */
export async function promote(standby: EmbeddedPostgres): Promise<void> {
  const client = new pg.Client({ connectionString: standby.url });
  await client.connect();
  await client.query('SELECT pg_promote()');
  await client.end();
}

/** The port that a URL names. */
export function portOf(url: string): number {
  return Number(new URL(url).port);
}
