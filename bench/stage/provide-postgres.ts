import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Client } from 'pg';
import { startEmbeddedPostgres } from '../../src/main/servers/embedded-postgres.ts';
import {
  type PostgresBinaries,
  packageOfPostgres,
  preparePostgresBinaries,
} from '../../src/main/servers/postgres-binaries.ts';
import { debianPostgres, startStockPostgres } from '../../test/support/processes/stock-postgres.ts';
import { UsageError } from '../options.ts';

/**
 * Whose Postgres: that of `npm start` with its settings, Debian's 15 or another major version with the settings that it
 * comes with, or the server that DATABASE_URL names.
 */
export const POSTGRES_CHOICES = ['embedded', 'stock', '16', '17', '18', 'named'] as const;
export type PostgresChoice = (typeof POSTGRES_CHOICES)[number];

/** A server with an empty database for a run. */
export interface ProvidedPostgres {
  readonly url: string;
  /** Null where the server is not ours to watch. */
  pid(): number | null;
  stop(): Promise<void>;
}

export interface ProvidePostgresOptions {
  /** Has the server load the extension that counts what statements cost, where the server is ours to start. */
  readonly countsStatements: boolean;
  readonly dataDir: string;
  readonly onProgress: (line: string) => void;
}

const STOCK_VERSION = 15;
/** The newest packages of each major version when this was written. */
const PACKAGES = { '16': '16.14.0-beta.17', '17': '17.10.0-beta.17', '18': '18.4.0-beta.17' } as const;

/**
 * Starts the server, or makes a database of the run's own on the one that is named; `stop` leaves nothing of either.
 */
export async function providePostgres(
  choice: PostgresChoice,
  { dataDir, countsStatements, onProgress }: ProvidePostgresOptions,
): Promise<ProvidedPostgres> {
  if (choice === 'embedded') return await startEmbeddedPostgres({ dataDir });
  if (choice === 'named') return await createOwnDatabase(process.env.DATABASE_URL ?? '');
  const programs = choice === 'stock' ? stockPrograms() : await installedPrograms(choice, onProgress);
  mkdirSync(dataDir, { recursive: true });
  const settings = countsStatements ? ['shared_preload_libraries=pg_stat_statements'] : [];
  return await startStockPostgres({ programs, dataDir, settings });
}

function stockPrograms(): PostgresBinaries {
  const programs = debianPostgres(STOCK_VERSION);
  if (programs === null) {
    throw new UsageError(`--postgres=stock needs Debian's package postgresql-${STOCK_VERSION}`);
  }
  return programs;
}

/** Programs of the package for this platform, kept beside other downloads. @throws UsageError where npm has none */
async function installedPrograms(
  version: keyof typeof PACKAGES,
  onProgress: (line: string) => void,
): Promise<PostgresBinaries> {
  const name = packageOfPostgres();
  const directory = join(homedir(), '.cache', 'posthorn', `postgres-${PACKAGES[version]}`);
  mkdirSync(directory, { recursive: true });
  onProgress(`installing ${name} ${PACKAGES[version]}, unless it is there`);
  const what = [
    'install',
    '--prefix',
    directory,
    '--no-save',
    '--prefer-offline',
    `${name}@${PACKAGES[version]}`,
  ];
  const { status, stderr } = spawnSync('npm', what, { cwd: directory, encoding: 'utf8' });
  if (status !== 0) throw new UsageError(`npm could not install ${name} ${PACKAGES[version]}:\n${stderr}`);
  const entry = createRequire(join(directory, 'package.json')).resolve(name);
  return await preparePostgresBinaries(pathToFileURL(entry).href);
}

async function createOwnDatabase(serverUrl: string): Promise<ProvidedPostgres> {
  if (serverUrl === '') throw new UsageError('--postgres=named needs DATABASE_URL in the environment');
  const name = `posthorn_bench_${randomBytes(4).toString('hex')}`;
  await onServer(serverUrl, `CREATE DATABASE ${name}`);
  return {
    url: Object.assign(new URL(serverUrl), { pathname: `/${name}` }).href,
    pid: () => null,
    stop: async () => await onServer(serverUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

async function onServer(connectionString: string, sql: string): Promise<void> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
