import { readFileSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import getPort from 'get-port';
import { ensureDataDirectory } from '../../settings/data-directory.ts';
import { requireFreePort } from './choose-ports.ts';
import { CLUSTER_USER, createCluster, PASSWORD_FILE } from './create-cluster.ts';
import { endOrphan } from './end-orphan.ts';
import { lockForThisProcess } from './instance-lock.ts';
import { keepRunning } from './keep-running.ts';
import { preparePostgresBinaries } from './postgres-binaries.ts';
import { ensureDatabase, startUntilReady } from './postgres-readiness.ts';
import { commandLineOf } from './process-identity.ts';
import type { OnProgress } from './progress.ts';
import { type ServerProcess, type StopStep, startServerProcess } from './server-process.ts';
import { SYSTEM_PATH, type UnprivilegedCommand, unprivilegedCommand } from './unprivileged-command.ts';

export interface EmbeddedPostgresOptions {
  /** Posthorn's data directory; the cluster lies in `postgres` below it. */
  readonly dataDir: string;
  /** Any free port where absent. */
  readonly port?: number;
  /** Further server settings, such as `fsync=off`; they win over ours. */
  readonly settings?: readonly string[];
  /** Whether to start the server again when it ends by itself; true where absent. */
  readonly restart?: boolean;
  readonly onProgress?: OnProgress;
}

/** A Postgres server of our own, on loopback only. */
export interface EmbeddedPostgres {
  /** Connection URL of the database `posthorn`, with the password. */
  readonly url: string;
  /** The server's process id at this moment. */
  pid(): number;
  stop(): Promise<void>;
}

/** Smart defaults for one machine: everything that matters for durability stays on. */
const SETTINGS: readonly string[] = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'max_connections=200',
  'shared_buffers=256MB',
  'fsync=on',
  'synchronous_commit=on',
  'full_page_writes=on',
  // Fewer checkpoints under load; recovery replays at most this much.
  'max_wal_size=2GB',
  'checkpoint_timeout=10min',
  // Short statements only: compiling them costs more than it saves.
  'jit=off',
  'random_page_cost=1.1',
  // Deliveries are updated several times each: vacuum has to keep up.
  'autovacuum_naptime=15s',
  'autovacuum_vacuum_cost_limit=2000',
  'timezone=UTC',
  'log_timezone=UTC',
];

/** Fast shutdown (sessions are cut, a checkpoint is written), then immediate, then the hard way. */
const STOP_STEPS: readonly StopStep[] = [
  { signal: 'SIGINT', graceMs: 30_000 },
  { signal: 'SIGQUIT', graceMs: 5_000 },
  { signal: 'SIGKILL', graceMs: 5_000 },
];

/**
 * Starts the Postgres server kept in a data directory, making it first where there is none, and a database `posthorn`.
 * A server left over from a killed Posthorn is stopped first; crash recovery is Postgres's own.
 * @throws AlreadyRunningError while another Posthorn runs there
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  ensureDataDirectory(options.dataDir);
  const dataDir = realpathSync(options.dataDir);
  const lock = lockForThisProcess(join(dataDir, 'postgres.lock'), 'Postgres');
  try {
    const port = options.port ?? (await getPort({ host: '127.0.0.1' }));
    const cluster = await prepareCluster(dataDir, options.onProgress);
    const url = urlOf(cluster.directory, port);
    const start = (): Promise<ServerProcess> =>
      launch(cluster, { port, url, settings: options.settings ?? [] });
    const server = await keepRunning(start, {
      what: 'Postgres',
      restart: options.restart ?? true,
      onProgress: options.onProgress,
    });
    const stop = (): Promise<void> => server.stop().finally(() => lock.release());
    await ensureDatabase(url).catch(async (error) => {
      await stop();
      throw error;
    });
    return { url, pid: server.pid, stop };
  } catch (error) {
    lock.release();
    throw error;
  }
}

interface Cluster {
  readonly directory: string;
  readonly logFile: string;
  readonly postgres: string;
  readonly as: UnprivilegedCommand;
}

async function prepareCluster(dataDir: string, onProgress: OnProgress | undefined): Promise<Cluster> {
  const directory = join(dataDir, 'postgres');
  const { postgres, initdb } = await preparePostgresBinaries();
  const as = unprivilegedCommand([directory, postgres]);
  await endLeftOver(directory, onProgress);
  await createCluster(directory, initdb, as);
  return { directory, logFile: join(dataDir, 'postgres.log'), postgres, as };
}

/** Ends a server that outlived its Posthorn, and what it left to say that it runs. */
async function endLeftOver(directory: string, onProgress: OnProgress | undefined): Promise<void> {
  const pidFile = join(directory, 'postmaster.pid');
  const pid = Number.parseInt(readOrEmpty(pidFile), 10);
  if (Number.isNaN(pid)) return;
  const isOurs = (orphan: number): boolean => commandLineOf(orphan).includes(directory);
  await endOrphan(pid, { isOurs, stopSteps: STOP_STEPS, onProgress, what: 'Postgres' });
  // Postgres takes any process with this id for a rival, be it a stranger or its own unreaped corpse. Without the file
  // it still refuses to start while an old backend is attached to the shared memory.
  rmSync(pidFile, { force: true });
}

async function launch(
  { directory, logFile, postgres, as }: Cluster,
  { port, url, settings }: { port: number; url: string; settings: readonly string[] },
): Promise<ServerProcess> {
  await requireFreePort(port, 'Postgres');
  const flags = [...SETTINGS, ...settings].flatMap((setting) => ['-c', setting]);
  const [command = postgres, ...args] = [
    ...as.prefix,
    postgres,
    '-D',
    directory,
    '-p',
    String(port),
    ...flags,
  ];
  const ids = as.prefix.length === 0 ? as.user : null;
  const env = { LC_ALL: 'C', TZ: 'UTC', PATH: SYSTEM_PATH };
  return startUntilReady(url, {
    logFile,
    start: () =>
      startServerProcess(command, args, { logFile, stopSteps: STOP_STEPS, spawn: { ...ids, env } }),
  });
}

function urlOf(directory: string, port: number): string {
  const password = readOrEmpty(join(directory, PASSWORD_FILE)).trim();
  if (password === '')
    throw new Error(`${join(directory, PASSWORD_FILE)} is missing: the embedded Postgres cannot be opened`);
  return `postgres://${CLUSTER_USER}:${password}@127.0.0.1:${port}/posthorn`;
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
