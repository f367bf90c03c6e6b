import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { Client } from 'pg';
import { VERSION } from '../../src/main/version.ts';
import { createTemporalClient } from '../../src/temporal/connection.ts';
import type { Installation } from './installation.ts';

/** On what a figure was measured; without it the figure means nothing. */
export interface Conditions {
  readonly cpu: string;
  readonly cores: number;
  readonly memory_gb: number;
  /** Of the last minute, before anything was started: what else the machine was busy with. */
  readonly load_average: number;
  readonly node: string;
  readonly posthorn: string;
  readonly postgres: string;
  readonly temporal: string;
  readonly processes: string;
}

/** Asks machine and servers what they are; call it before the load begins. */
export async function readConditions(installation: Installation, loadAverage: number): Promise<Conditions> {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memory_gb: Math.round(totalmem() / 2 ** 30),
    load_average: Number(loadAverage.toFixed(2)),
    node: process.versions.node,
    posthorn: VERSION,
    postgres: await postgresVersion(installation.databaseUrl),
    temporal: await temporalVersion(installation.temporalAddress),
    processes: 'API, worker, Postgres, Temporal, and publisher with receiver, one each on this machine',
  };
}

/** Load average of the last minute. */
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
