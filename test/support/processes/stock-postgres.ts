import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import getPort from 'get-port';
import { CLUSTER_USER, createCluster, PASSWORD_FILE } from '../../../src/main/servers/create-cluster.ts';
import type { EmbeddedPostgres } from '../../../src/main/servers/embedded-postgres.ts';
import type { PostgresBinaries } from '../../../src/main/servers/postgres-binaries.ts';
import { ensureDatabase, startUntilReady } from '../../../src/main/servers/postgres-readiness.ts';
import { startServerProcess } from '../../../src/main/servers/server-process.ts';
import { SYSTEM_PATH, unprivilegedCommand } from '../../../src/main/servers/unprivileged-command.ts';

export interface StockPostgresOptions {
  readonly programs: PostgresBinaries;
  readonly dataDir: string;
  /** Beside where it listens, the only settings that are not the server's own defaults. */
  readonly settings?: readonly string[];
  /** Further variables of the server's environment. */
  readonly environment?: Readonly<Record<string, string>>;
}

const STOP_STEPS = [
  { signal: 'SIGINT', graceMs: 30_000 },
  { signal: 'SIGKILL', graceMs: 5_000 },
] as const;

/** The programs of a major version where Debian's package `postgresql-<version>` puts them; null where they are not. */
export function debianPostgres(version: number): PostgresBinaries | null {
  const directory = `/usr/lib/postgresql/${version}/bin`;
  const programs = { postgres: join(directory, 'postgres'), initdb: join(directory, 'initdb') };
  return existsSync(programs.postgres) && existsSync(programs.initdb) ? programs : null;
}

/** Starts a new server with the settings that it comes with, on loopback, and a database `posthorn`. */
export async function startStockPostgres({
  programs,
  dataDir,
  settings = [],
  environment = {},
}: StockPostgresOptions): Promise<EmbeddedPostgres> {
  const directory = join(dataDir, 'postgres');
  const logFile = join(dataDir, 'postgres.log');
  const as = unprivilegedCommand([directory, programs.postgres]);
  await createCluster(directory, programs.initdb, as);
  const port = await getPort({ host: '127.0.0.1' });
  const password = readFileSync(join(directory, PASSWORD_FILE), 'utf8').trim();
  const url = `postgres://${CLUSTER_USER}:${password}@127.0.0.1:${port}/posthorn`;
  const where = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', `port=${port}`];
  const [command = programs.postgres, ...args] = [
    ...as.prefix,
    programs.postgres,
    '-D',
    directory,
    ...[...where, ...settings].flatMap((setting) => ['-c', setting]),
  ];
  const ids = as.prefix.length === 0 ? as.user : null;
  const spawn = { ...ids, env: { LC_ALL: 'C', PATH: SYSTEM_PATH, ...environment } };
  const start = () => startServerProcess(command, args, { logFile, stopSteps: STOP_STEPS, spawn });
  const server = await startUntilReady(url, { logFile, start });
  await ensureDatabase(url);
  return { url, pid: () => server.pid, stop: server.stop };
}
