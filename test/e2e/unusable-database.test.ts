import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import getPort from 'get-port';
import { migrate } from '../../src/storage/postgres/migrate.ts';
import { eventually } from '../support/eventually.ts';
import { createProcessGroup } from '../support/processes/processes.ts';
import { removeDirectory } from '../support/remove-directory.ts';
import { takeNamespace, temporalAddress } from '../support/runs/temporal.ts';
import { createEmptyDatabase } from '../support/storage/database.ts';

const processes = createProcessGroup();
afterAll(async () => await processes.stopAll());

const KEYS = { POSTHORN_ADMIN_KEY: 'k'.repeat(32), POSTHORN_MASTER_KEY: Buffer.alloc(32).toString('base64') };

describe('posthorn api and worker over a database without schema', () => {
  it('are ready once it is migrated, and not before', async () => {
    const database = await createEmptyDatabase();
    const port = String(await getPort());
    const environment = {
      ...KEYS,
      DATABASE_URL: database.url,
      TEMPORAL_ADDRESS: temporalAddress(),
      TEMPORAL_NAMESPACE: takeNamespace(),
      PORT: port,
    };
    const api = processes.startRole('api', environment);
    const worker = processes.startRole('worker', environment);
    const cannot =
      /"code":"schema_outdated","reason":"The database has no schema yet: run \\"posthorn migrate\\"/;
    await Promise.all([api.waitForOutput(cannot), worker.waitForOutput(cannot)]);
    const readiness = async (): Promise<number> =>
      (await fetch(`http://127.0.0.1:${port}/v1/health/ready`)).status;
    expect(await eventually(async () => await readiness().catch(() => null))).toBe(503);
    expect(api.output() + worker.output()).not.toMatch(/(api|worker) ready/);
    await migrate(database.url);
    await Promise.all([api.waitForOutput(/"msg":"api ready"/), worker.waitForOutput(/"msg":"worker ready"/)]);
    expect(await readiness()).toBe(200);
    await Promise.all([api.stop(), worker.stop()]);
    await database.drop();
  }, 90_000);
});

describe('posthorn migrate', () => {
  it('answers a wrong password with one sentence', async () => {
    const database = await createEmptyDatabase();
    const url = new URL(database.url);
    url.password = 'wrong';
    const migrating = processes.startRole('migrate', { DATABASE_URL: url.href });
    expect(await migrating.ended).toBe('code 1');
    expect(migrating.output()).toMatch(
      /^Postgres cannot be used \(DATABASE_URL\): password authentication failed for user "\w+"\n$/,
    );
    await database.drop();
  });
});

describe('posthorn dev', () => {
  it('answers a data directory that cannot be written with a sentence', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'posthorn-data-'));
    const file = join(directory, 'file');
    writeFileSync(file, '');
    const dev = processes.startRole('dev', { POSTHORN_DATA_DIR: join(file, 'data') });
    expect(await dev.ended).toBe('code 1');
    expect(dev.output()).toMatch(/^The data directory cannot be used \(POSTHORN_DATA_DIR\): ENOTDIR: .*\n$/);
    removeDirectory(directory);
  });
});
