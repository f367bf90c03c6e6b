import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { createLogger } from '../../../src/logger.ts';
import { AttemptStore } from '../../../src/storage/history/attempt-store.ts';
import { DeliveryStore } from '../../../src/storage/history/delivery-store.ts';
import { openDatabase } from '../../../src/storage/postgres/database.ts';
import { migrate } from '../../../src/storage/postgres/migrate.ts';
import { createDatabase, createEmptyDatabase, type TestDatabase } from '../../support/storage/database.ts';
import { openStorage, recordOf, request, type StorageUnderTest } from '../../support/storage/storage.ts';

/** What somebody may have set for a database or a role, and what our sessions have in its place. */
const SETTINGS: Readonly<Record<string, readonly [theirs: string, ours: string]>> = {
  search_path: ['pg_catalog', 'public'],
  datestyle: ['German, DMY', 'ISO, MDY'],
  intervalstyle: ['iso_8601', 'postgres'],
  timezone: ['Pacific/Chatham', 'UTC'],
  bytea_output: ['escape', 'hex'],
  extra_float_digits: ['-15', '1'],
  standard_conforming_strings: ['off', 'on'],
  array_nulls: ['off', 'on'],
  transform_null_equals: ['on', 'off'],
  quote_all_identifiers: ['on', 'off'],
  row_security: ['off', 'on'],
  default_transaction_isolation: ['serializable', 'read committed'],
  default_transaction_read_only: ['on', 'off'],
  default_transaction_deferrable: ['on', 'off'],
  statement_timeout: ['3s', '30s'],
  lock_timeout: ['3s', '0'],
  idle_in_transaction_session_timeout: ['3s', '0'],
  idle_session_timeout: ['3s', '0'],
  jit: ['on', 'off'],
  plan_cache_mode: ['force_custom_plan', 'auto'],
  synchronous_commit: ['off', 'on'],
};

async function run(url: string, statements: readonly string[]): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

function settingsOf(subject: string): readonly string[] {
  return Object.entries(SETTINGS).map(([name, [theirs]]) => {
    const value = name === 'search_path' || name === 'datestyle' ? theirs : `'${theirs}'`;
    return `ALTER ${subject} SET ${name} = ${value}`;
  });
}

/** A database with these settings, of its own or of the role that connects to it. */
async function createOdd(of: 'database' | 'role'): Promise<TestDatabase> {
  const database = await createDatabase();
  const url = new URL(database.url);
  if (of === 'database') {
    await run(database.url, settingsOf(`DATABASE ${url.pathname.slice(1)}`));
    return database;
  }
  const role = `odd_${randomBytes(6).toString('hex')}`;
  await run(database.url, [
    `CREATE ROLE ${role} LOGIN SUPERUSER PASSWORD 'odd'`,
    ...settingsOf(`ROLE ${role}`),
  ]);
  const plainUrl = database.url;
  url.username = role;
  url.password = 'odd';
  return {
    url: url.href,
    drop: async () => {
      await run(plainUrl, [`DROP ROLE ${role}`]);
      await database.drop();
    },
  };
}

describe.each(['database', 'role'] as const)('with other settings of the %s', (of) => {
  let storage: StorageUnderTest;
  beforeAll(async () => {
    storage = await openStorage({ testDatabase: await createOdd(of) });
  });
  afterAll(async () => await storage.close());

  it('a session has our settings', async () => {
    const plain = new Client({ connectionString: storage.databaseUrl });
    await plain.connect();
    for (const [name, [theirs, ours]] of Object.entries(SETTINGS)) {
      const { rows } = await storage.database.pool.query(`SELECT current_setting('${name}') AS value`);
      expect([name, rows[0].value]).toEqual([name, ours]);
      const other = await plain.query(`SELECT pg_catalog.current_setting('${name}') AS value`);
      expect([name, other.rows[0].value]).toEqual([name, theirs]);
    }
    await plain.end();
  });

  it('what is published is claimed, sent, recorded and listed as anywhere', async () => {
    const endpointId = await storage.endpoint({ url: 'https://receiver.example/a\\b', batch: null });
    const [id = ''] = await storage.publish({ dataText: '{"path":"C:\\\\tmp"}' });
    const claim = await storage.claims.claim(request(id));
    if (claim === null) throw new Error('nothing to claim');
    expect(claim).toMatchObject({ endpointId, dataText: '{"path":"C:\\\\tmp"}', attempt: 1 });
    const startedAt = new Date('2030-02-01T10:11:12.345Z');
    const record = { ...recordOf(claim, { kind: 'retry', delayMs: 60_000 }), startedAt };
    await storage.recorder.record({ ...record, outcome: { ...record.outcome, timings: TIMINGS } });
    const bounds = { beforeId: null, fetchLimit: 1 };
    const { rows: listed } = await new DeliveryStore(storage.database).list({}, bounds);
    const [delivery] = listed;
    expect(delivery).toMatchObject({ id, status: 'retrying', attemptsMade: 1, createdAt: expect.any(Date) });
    expect(Math.abs(Number(delivery?.createdAt) - Date.now())).toBeLessThan(3_600_000);
    const [attempt] = await new AttemptStore(storage.database).listOf(id, { fetchLimit: 1 });
    expect(attempt).toMatchObject({ startedAt, timings: TIMINGS, durationMs: TIMINGS.totalMs });
    expect(attempt?.responseBody).toEqual(Buffer.from([0, 0xff, 0x41]));
  });

  it('waves claim what is due', async () => {
    const endpointId = await storage.endpoint();
    const ids = await storage.publish();
    await storage.overdue.leaveToWaves(ids);
    const turns = [{ endpointId, priority: 0 as const, since: 0, most: 8 }];
    const { claims } = await storage.waveClaims.claim({ owner: 'w', turns });
    expect(claims.map((claim) => claim.endpointId)).toEqual([endpointId]);
  });
});

const TIMINGS = { dnsMs: null, connectMs: 1.0625, tlsMs: null, firstByteMs: 2.1, totalMs: 3.000001 };

describe('migrate', () => {
  it('makes the schema whatever the settings of its database', async () => {
    const database = await createEmptyDatabase();
    try {
      await run(database.url, settingsOf(`DATABASE ${new URL(database.url).pathname.slice(1)}`));
      await migrate(database.url);
      const opened = openDatabase(database.url, { logger: createLogger('silent') });
      const { rows } = await opened.pool.query("SELECT to_regclass('public.deliveries')::text AS found");
      await opened.close();
      expect(rows).toEqual([{ found: 'deliveries' }]);
    } finally {
      await database.drop();
    }
  });
});
