import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { readHostPaths } from '../../src/config.ts';
import { findTemporalCli } from '../../src/main/servers/download/find-server.ts';
import {
  createProcessGroup,
  type ProcessGroup,
  type RunningProcess,
} from '../../test/support/processes/processes.ts';
import { cleanUpDeadRuns, createRunDirectory } from '../../test/support/processes/test-run.ts';
import { removeDirectory } from '../../test/support/remove-directory.ts';
import type { ProcessIds } from '../measure/cpu-meter.ts';
import { type ProvidedPostgres, providePostgres } from './provide-postgres.ts';
import { programOf, type Stage } from './stage.ts';
import { startControlledTemporal, type TemporalControl } from './temporal-control.ts';

/** A whole Posthorn on loopback: servers, API and workers as its stage says. */
export interface Installation {
  readonly apiUrl: string;
  readonly adminKey: string;
  readonly databaseUrl: string;
  readonly temporalAddress: string;
  readonly temporal: Pick<TemporalControl, 'kill' | 'startAgain'>;
  readonly api: ApiControl;
  /**
   * Runs the API, and workers from now on, by the program of another built checkout (ours where null), after its
   * migrations.
   */
  changeTo(checkout: string | null, options?: { readonly migrating?: boolean }): Promise<void>;
  /** Runs a worker (further settings from the environment win) and waits until it is ready. */
  startWorker(environment?: Readonly<Record<string, string>>): Promise<RunningProcess>;
  /** Runs a program of Node's that ends with the installation. */
  startProgram(file: string, args: readonly string[]): RunningProcess;
  /** Everything that runs at this moment. */
  processIds(): ProcessIds;
  /** Ends everything and removes every file. */
  stop(): Promise<void>;
}

/** The API's process, which can be killed and come back at the same port. */
export interface ApiControl {
  /** Ends it by SIGKILL; it stays away. */
  kill(): Promise<void>;
  startAgain(): Promise<void>;
}

/** The servers of an installation, by the addresses at which its processes reach them. */
export interface Servers {
  readonly postgres: ProvidedPostgres;
  readonly temporal: Pick<TemporalControl, 'address' | 'kill' | 'startAgain' | 'pid'>;
}

export interface InstallationOptions {
  readonly stage: Stage;
  readonly signal: AbortSignal;
  readonly onProgress: (line: string) => void;
  /** Settings for API and worker beside those this needs. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Settings of Temporal's dynamic configuration; not of servers of the caller's. */
  readonly temporalConfig?: Readonly<Record<string, unknown>>;
  /** Servers of the caller's instead of own ones. */
  readonly servers?: Servers;
}

/** Starts servers and API in a temporary directory; nothing of it is left where that fails or is interrupted. */
export async function startInstallation(options: InstallationOptions): Promise<Installation> {
  await cleanUpDeadRuns();
  const directory = createRunDirectory();
  const opened: (() => Promise<void>)[] = [async () => removeDirectory(directory)];
  const stop = async (): Promise<void> => {
    for (const close of opened.splice(0).reverse()) await close();
  };
  try {
    return { ...(await startAll({ ...options, directory, opened })), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Starting extends InstallationOptions {
  readonly directory: string;
  readonly opened: (() => Promise<void>)[];
}

async function startAll(starting: Starting): Promise<Omit<Installation, 'stop'>> {
  const { directory, stage, signal, onProgress, opened, servers, temporalConfig = {} } = starting;
  if (servers !== undefined) return await startRoles(starting, servers);
  onProgress('starting Postgres and Temporal');
  const dataDir = join(directory, 'servers');
  const { countsStatements = false } = stage;
  const postgres = await providePostgres(stage.postgres, { dataDir, countsStatements, onProgress });
  opened.push(postgres.stop);
  signal.throwIfAborted();
  const named = process.env.TEMPORAL_CLI ?? null;
  const binary = await findTemporalCli({ named, ...readHostPaths(), onProgress });
  const temporal = await startControlledTemporal({ binary, dataDir, dynamicConfig: temporalConfig });
  opened.push(temporal.stop);
  return await startRoles(starting, { postgres, temporal });
}

async function startRoles(
  { environment: further, stage, signal, onProgress, opened }: Starting,
  { postgres, temporal }: Servers,
): Promise<Omit<Installation, 'stop'>> {
  const adminKey = `phk_${randomBytes(24).toString('base64url')}`;
  const environment = {
    DATABASE_URL: postgres.url,
    TEMPORAL_ADDRESS: temporal.address,
    POSTHORN_ADMIN_KEY: adminKey,
    POSTHORN_MASTER_KEY: randomBytes(32).toString('base64'),
    POSTHORN_ALLOWED_DESTINATIONS: '127.0.0.0/8',
    ...further,
  };
  const processes = createProcessGroup();
  opened.push(endingWithUs(processes));
  let program = programOf(stage);
  const migrate = async (): Promise<void> => {
    const migration = processes.startRole('migrate', environment, program);
    if ((await migration.ended) !== 'code 0') throw new Error(migration.output());
  };
  await migrate();
  signal.throwIfAborted();
  onProgress('starting the API');
  const isTogether = stage.processes === 'together';
  const startApi = async (port: string) => {
    const started = processes.startRole(isTogether ? 'dev' : 'api', { ...environment, PORT: port }, program);
    const [, taken = port] = await started.waitForOutput(/"port":(\d+)[^\n]*"api ready"/);
    return { process: started, port: taken };
  };
  let api = await startApi('0');
  signal.throwIfAborted();
  const workers: RunningProcess[] = [];
  let ownsWorker = isTogether;
  return {
    databaseUrl: postgres.url,
    temporalAddress: temporal.address,
    temporal,
    apiUrl: `http://127.0.0.1:${api.port}`,
    adminKey,
    api: {
      async kill() {
        api.process.kill('SIGKILL');
        await api.process.ended;
      },
      async startAgain() {
        api = await startApi(api.port);
      },
    },
    async changeTo(checkout, { migrating = true } = {}) {
      program = programOf({ checkout });
      if (migrating) await migrate();
      await api.process.stop();
      api = await startApi(api.port);
    },
    async startWorker(own = {}) {
      if (ownsWorker) {
        ownsWorker = false;
        await api.process.waitForOutput(/"worker ready"/);
        return api.process;
      }
      const worker = processes.startRole('worker', { ...environment, ...own }, program);
      workers.push(worker);
      void worker.ended.then(() => workers.splice(workers.indexOf(worker), 1));
      await worker.waitForOutput(/"worker ready"/);
      signal.throwIfAborted();
      return worker;
    },
    startProgram: (file, args) => processes.start(process.execPath, ['--enable-source-maps', file, ...args]),
    processIds: () => ({
      [isTogether ? 'api with worker' : 'api']: api.process.pid,
      ...Object.fromEntries(workers.map(({ pid }, index) => [`worker ${index + 1}`, pid])),
      ...watched(postgres.pid()),
      temporal: temporal.pid(),
    }),
  };
}

function watched(postgres: number | null): ProcessIds {
  return postgres === null ? {} : { postgres };
}

/** How to stop them all; should this process exit before, they are told so too. */
function endingWithUs(processes: ProcessGroup): () => Promise<void> {
  const abandon = (): void => void processes.stopAll();
  process.once('exit', abandon);
  return async () => {
    await processes.stopAll();
    process.off('exit', abandon);
  };
}
