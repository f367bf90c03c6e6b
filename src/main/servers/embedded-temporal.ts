import { readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import getPort from 'get-port';
import { ensureDataDirectory } from '../../settings/data-directory.ts';
import { requireFreePort } from './choose-ports.ts';
import { endOrphan } from './end-orphan.ts';
import { lockForThisProcess } from './instance-lock.ts';
import { keepRunning } from './keep-running.ts';
import { listeningPorts } from './listening-ports.ts';
import { startTimeOf } from './process-identity.ts';
import type { OnProgress } from './progress.ts';
import { type ServerProcess, type StopStep, startServerProcess, tailOf } from './server-process.ts';
import { waitForTemporal } from './temporal-readiness.ts';

export interface EmbeddedTemporalOptions {
  /** The `temporal` program, from `findTemporalCli`. */
  readonly binary: string;
  /** Directory of the database file, the log and the lock: one server each. */
  readonly dataDir: string;
  /** Keep nothing after the end; false where absent. */
  readonly inMemory?: boolean;
  /** Any free port where absent. */
  readonly port?: number;
  /** Null: no UI. Any free port where absent. */
  readonly uiPort?: number | null;
  /** Made at start beside `default`. */
  readonly namespaces?: readonly string[];
  /** Name to type (`Keyword`, `Int`, `Datetime`, …), registered in every namespace at start. */
  readonly searchAttributes?: Readonly<Record<string, string>>;
  /** Further settings of the server's dynamic configuration. */
  readonly dynamicConfig?: Readonly<Record<string, unknown>>;
  /** Whether to start the server again when it ends by itself; true where absent. */
  readonly restart?: boolean;
  readonly onProgress?: OnProgress | undefined;
}

/** A Temporal development server of our own, on loopback only. */
export interface EmbeddedTemporal {
  /** `host:port` of the frontend. */
  readonly address: string;
  readonly uiUrl: string | null;
  /** The server's process id at this moment. */
  pid(): number;
  /**
   * Every port it listens on, those of its services and of its own HTTP interface too; none where the system does not
   * tell.
   */
  ports(): readonly number[];
  stop(): Promise<void>;
}

/** What a single machine of our own needs not limit, and what makes fresh settings usable at once. */
const DYNAMIC_CONFIG: Readonly<Record<string, unknown>> = {
  'system.forceSearchAttributesCacheRefreshOnRead': true,
  'frontend.rps': 100_000,
  'frontend.namespaceRPS': 100_000,
  'frontend.namespaceRPS.visibility': 1_000,
  'frontend.namespaceCount': 10_000,
  'frontend.persistenceMaxQPS': 100_000,
  'history.rps': 100_000,
  'history.persistenceMaxQPS': 100_000,
  'matching.rps': 100_000,
  'matching.persistenceMaxQPS': 100_000,
  // One process serves every partition, so more of them only forward tasks to each other.
  'matching.numTaskqueueReadPartitions': 1,
  'matching.numTaskqueueWritePartitions': 1,
};

/** Write-ahead log, synced at checkpoints: losing the last moments to a power cut is harmless, for Postgres decides. */
const SQLITE_PRAGMAS: readonly string[] = ['journal_mode=wal', 'synchronous=normal'];

const STOP_STEPS: readonly StopStep[] = [
  { signal: 'SIGTERM', graceMs: 10_000 },
  { signal: 'SIGKILL', graceMs: 5_000 },
];

const DAMAGED = /malformed|file is not a database/;

/**
 * Starts a Temporal development server and waits until it answers. One left over from a killed Posthorn is stopped
 * first; a damaged database file is set aside, since everything in it can be started again from Postgres.
 * @throws AlreadyRunningError while another Posthorn runs there
 */
export async function startTemporal(options: EmbeddedTemporalOptions): Promise<EmbeddedTemporal> {
  ensureDataDirectory(options.dataDir);
  const dataDir = realpathSync(options.dataDir);
  const lock = lockForThisProcess(join(dataDir, 'temporal.lock'), 'Temporal');
  try {
    const plan = await planServer(dataDir, options);
    await endLeftOver(plan.pidFile, options.onProgress);
    let ports: readonly number[] = [];
    const start = async (): Promise<ServerProcess> => {
      const started = await launchOrStartAfresh(plan, options.onProgress);
      ports = listeningPorts(started.pid);
      return started;
    };
    const server = await keepRunning(start, {
      what: 'Temporal',
      restart: options.restart ?? true,
      onProgress: options.onProgress,
    });
    const stop = async (): Promise<void> => {
      await server.stop();
      rmSync(plan.pidFile, { force: true });
      lock.release();
    };
    return { address: plan.address, uiUrl: plan.uiUrl, pid: server.pid, ports: () => ports, stop };
  } catch (error) {
    lock.release();
    throw error;
  }
}

interface Plan {
  readonly binary: string;
  readonly args: readonly string[];
  readonly port: number;
  readonly address: string;
  readonly uiUrl: string | null;
  readonly namespaces: readonly string[];
  readonly dbFile: string | null;
  readonly logFile: string;
  readonly pidFile: string;
}

async function planServer(dataDir: string, options: EmbeddedTemporalOptions): Promise<Plan> {
  const port = options.port ?? (await getPort({ host: '127.0.0.1' }));
  const uiPort =
    options.uiPort === undefined ? await getPort({ host: '127.0.0.1', exclude: [port] }) : options.uiPort;
  const dbFile = options.inMemory ? null : join(dataDir, 'temporal.db');
  const namespaces = options.namespaces ?? [];
  return {
    binary: options.binary,
    args: [
      ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port), '--log-level', 'warn'],
      ...(uiPort === null ? ['--headless'] : ['--ui-port', String(uiPort), '--ui-disable-news-fetch']),
      ...(dbFile === null ? [] : ['--db-filename', dbFile, ...repeat('--sqlite-pragma', SQLITE_PRAGMAS)]),
      ...repeat('--namespace', namespaces),
      ...repeat('--search-attribute', pairs(options.searchAttributes ?? {}, String)),
      ...repeat(
        '--dynamic-config-value',
        pairs({ ...DYNAMIC_CONFIG, ...options.dynamicConfig }, JSON.stringify),
      ),
    ],
    port,
    address: `127.0.0.1:${port}`,
    uiUrl: uiPort === null ? null : `http://127.0.0.1:${uiPort}`,
    namespaces: ['default', ...namespaces],
    dbFile,
    logFile: join(dataDir, 'temporal.log'),
    pidFile: join(dataDir, 'temporal.pid'),
  };
}

function repeat(flag: string, values: readonly string[]): string[] {
  return values.flatMap((value) => [flag, value]);
}

function pairs<V>(record: Readonly<Record<string, V>>, write: (value: V) => string): string[] {
  return Object.entries(record).map(([key, value]) => `${key}=${write(value)}`);
}

async function endLeftOver(pidFile: string, onProgress: OnProgress | undefined): Promise<void> {
  const [pidText = '', startTime = ''] = readOrEmpty(pidFile).split(/ (.*)/);
  const pid = Number.parseInt(pidText, 10);
  if (Number.isNaN(pid)) return;
  const isOurs = (orphan: number): boolean => startTimeOf(orphan) === startTime;
  await endOrphan(pid, { isOurs, stopSteps: STOP_STEPS, what: 'Temporal', onProgress });
}

async function launchOrStartAfresh(plan: Plan, onProgress: OnProgress | undefined): Promise<ServerProcess> {
  try {
    return await launch(plan);
  } catch (error) {
    if (plan.dbFile === null || !DAMAGED.test(tailOf(plan.logFile))) throw error;
    const aside = `${plan.dbFile}.damaged`;
    onProgress?.(`Temporal's database is damaged: setting it aside as ${aside} and starting afresh`);
    renameSync(plan.dbFile, aside);
    for (const suffix of ['-wal', '-shm']) rmSync(`${plan.dbFile}${suffix}`, { force: true });
    return launch(plan);
  }
}

async function launch({
  binary,
  args,
  port,
  address,
  namespaces,
  logFile,
  pidFile,
}: Plan): Promise<ServerProcess> {
  await requireFreePort(port, 'Temporal');
  const server = await startServerProcess(binary, args, { logFile, stopSteps: STOP_STEPS });
  writeFileSync(pidFile, `${server.pid} ${startTimeOf(server.pid) ?? ''}`);
  await waitForTemporal(server, { address, namespaces, logFile });
  return server;
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
