import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { readHostPaths } from '../../src/config.ts';
import { findTemporalCli } from '../../src/main/servers/download/find-server.ts';
import { createRunDirectory } from '../../test/support/processes/test-run.ts';
import { removeDirectory } from '../../test/support/remove-directory.ts';
import { type PostgresControl, startControlledPostgres } from '../stage/postgres-control.ts';
import { startControlledTemporal, type TemporalControl } from '../stage/temporal-control.ts';

/** The servers below a scene. */
export interface StageServers {
  readonly postgres: PostgresControl;
  readonly temporal: TemporalControl;
  /** Where Postgres keeps its files. */
  readonly postgresDir: string;
  /** What every process of the installation is started with; nothing where absent. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Makes a standby what the primary was, which has died by then. @returns its URL */
  readonly promote?: () => Promise<string>;
  stop(): Promise<void>;
}

/** Starts a Postgres that keeps its files below a directory. */
export type StartPostgres = (dataDir: string) => Promise<Pick<StageServers, 'postgres' | 'promote'>>;

/**
 * Starts the servers of `npm start` with the settings that they have there, all durability on.
 * @param options where Postgres keeps its files, if not in the run's directory, and which Postgres, if another
 */
export async function startStageServers({
  postgresDir,
  startPostgres = usualPostgres,
}: {
  readonly postgresDir?: string;
  readonly startPostgres?: StartPostgres;
} = {}): Promise<StageServers> {
  const directory = createRunDirectory();
  const dataDir = join(directory, 'servers');
  const ownDir = postgresDir ?? dataDir;
  mkdirSync(ownDir, { recursive: true });
  const binary = await findTemporalCli({ named: process.env.TEMPORAL_CLI ?? null, ...readHostPaths() });
  const started = await startPostgres(ownDir);
  const temporal = await startControlledTemporal({ binary, dataDir });
  return {
    ...started,
    temporal,
    postgresDir: ownDir,
    async stop() {
      await temporal.stop();
      await started.postgres.stop();
      removeDirectory(directory);
    },
  };
}

async function usualPostgres(dataDir: string): Promise<Pick<StageServers, 'postgres'>> {
  return { postgres: await startControlledPostgres({ dataDir }) };
}
