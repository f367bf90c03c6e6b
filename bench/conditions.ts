import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { Client } from 'pg';
import { VERSION } from '../src/main/version.ts';
import { createTemporalClient } from '../src/temporal/connection.ts';
import type { Row } from './benchmark.ts';
import type { Installation } from './stage/installation.ts';

/** Asks machine and servers what they are. `loadAverage` is that of before anything was started. */
export async function readConditions(installation: Installation, loadAverage: number): Promise<Row> {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memory_gb: Math.round(totalmem() / 2 ** 30),
    load_average_before: Number(loadAverage.toFixed(2)),
    node: process.versions.node,
    posthorn: VERSION,
    postgres: await postgresVersion(installation.databaseUrl),
    temporal: await temporalVersion(installation.temporalAddress),
  };
}

/** Load average of the last minute: what the machine is busy with. */
export function loadAverageNow(): number {
  return loadavg()[0] ?? 0;
}

async function postgresVersion(connectionString: string): Promise<string> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
    return rows[0]?.server_version ?? 'unknown';
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
