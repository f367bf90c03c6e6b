import { spawnSync } from 'node:child_process';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { Client } from 'pg';
import { VERSION } from '../src/main/version.ts';
import { createTemporalClient } from '../src/temporal/connection.ts';
import type { Row } from './benchmark.ts';
import type { Installation } from './stage/installation.ts';
import type { Stage } from './stage/stage.ts';

export interface Circumstances {
  /** Of before anything was started. */
  readonly loadAverage: number;
  readonly stage: Stage;
}

/** What of a server's settings shows in figures. */
const TELLING_SETTINGS = [
  'shared_buffers',
  'max_wal_size',
  'checkpoint_timeout',
  'fsync',
  'synchronous_commit',
  'full_page_writes',
  'wal_compression',
  'random_page_cost',
  'autovacuum_naptime',
  'autovacuum_vacuum_cost_limit',
  'jit',
];

/** Asks machine and servers what they are. */
export async function readConditions(
  installation: Installation,
  { loadAverage, stage }: Circumstances,
): Promise<Row> {
  const postgres = await postgresOf(installation.databaseUrl);
  return {
    date: new Date().toISOString(),
    commit: commitOf(stage.checkout ?? '.'),
    stage: `${stage.postgres} Postgres, processes ${stage.processes}`,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memory_gb: Math.round(totalmem() / 2 ** 30),
    load_average_before: Number(loadAverage.toFixed(2)),
    node: process.versions.node,
    posthorn: VERSION,
    postgres: postgres.version,
    postgres_settings: postgres.settings,
    temporal: await temporalVersion(installation.temporalAddress),
  };
}

/** Load average of the last minute: what the machine is busy with. */
export function loadAverageNow(): number {
  return loadavg()[0] ?? 0;
}

/** With a plus where files differ from it. */
function commitOf(directory: string): string {
  const git = (...args: string[]): string =>
    spawnSync('git', args, { cwd: directory, encoding: 'utf8' }).stdout ?? '';
  const commit = git('rev-parse', '--short', 'HEAD').trim();
  if (commit === '') return 'unknown';
  return git('status', '--porcelain', '--untracked-files=no') === '' ? commit : `${commit}+`;
}

async function postgresOf(
  connectionString: string,
): Promise<{ readonly version: string; readonly settings: string }> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    const { rows } = await client.query<{ version: string; settings: string }>(
      `SELECT current_setting('server_version') AS version,
         string_agg(name || '=' || current_setting(name), ' ' ORDER BY name) AS settings
       FROM pg_settings WHERE name = ANY($1)`,
      [TELLING_SETTINGS],
    );
    return rows[0] ?? { version: 'unknown', settings: 'unknown' };
  } finally {
    await client.end();
  }
}

async function temporalVersion(address: string): Promise<string> {
  const client = createTemporalClient({ address, namespace: 'default' });
  try {
    const { serverVersion } = await client.workflowService.getSystemInfo({});
    return serverVersion || 'unknown';
  } finally {
    await client.connection.close();
  }
}
