import { describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { createLogger } from '../../../src/logger.ts';
import { Publisher } from '../../../src/storage/events/publisher.ts';
import { openDatabase } from '../../../src/storage/postgres/database.ts';
import { migrate } from '../../../src/storage/postgres/migrate.ts';
import { startApi } from '../../support/api/api.ts';
import { eventually } from '../../support/eventually.ts';
import { createDatabase, createEmptyDatabase, type TestDatabase } from '../../support/storage/database.ts';

const EVENT = { event: 'job.completed', customer_id: 'acme', data: {} };

interface Unusable {
  readonly own: TestDatabase;
  readonly url: string;
  /** Puts it right; absent where that is not for us. */
  readonly mend?: () => Promise<void>;
}

async function withChange(sql: string, backSql: string): Promise<Unusable> {
  const own = await createDatabase();
  const run = async (statement: string): Promise<void> => {
    const client = new Client({ connectionString: own.url });
    await client.connect();
    await client.query(statement);
    await client.end();
  };
  await run(sql);
  return { own, url: own.url, mend: async () => await run(backSql) };
}

async function withUrl(change: (url: URL) => void): Promise<Unusable> {
  const own = await createDatabase();
  const url = new URL(own.url);
  change(url);
  return { own, url: url.href };
}

const cases: readonly (readonly [string, () => Promise<Unusable>, code: string, reason: RegExp])[] = [
  [
    'without schema',
    async () => {
      const own = await createEmptyDatabase();
      return { own, url: own.url, mend: async () => await migrate(own.url) };
    },
    'schema_outdated',
    /no schema yet: run "posthorn migrate"/,
  ],
  [
    'with a newer schema',
    async () =>
      await withChange(
        "INSERT INTO schema_migrations (name, run_on) VALUES ('0999_cells', now())",
        "DELETE FROM schema_migrations WHERE name = '0999_cells'",
      ),
    'schema_outdated',
    /newer schema .*0999_cells/,
  ],
  [
    'that another program uses',
    async () => {
      const own = await createEmptyDatabase();
      const client = new Client({ connectionString: own.url });
      await client.connect();
      await client.query('CREATE TABLE deliveries ()');
      await client.end();
      return { own, url: own.url };
    },
    'schema_outdated',
    /table deliveries that this version of Posthorn did not make/,
  ],
  [
    'that refuses the password',
    async () =>
      await withUrl((url) => {
        url.password = 'wrong';
      }),
    'database_unavailable',
    /password authentication failed/,
  ],
  [
    'that does not exist',
    async () =>
      await withUrl((url) => {
        url.pathname = '/nowhere';
      }),
    'database_unavailable',
    /database "nowhere" does not exist/,
  ],
];

describe.each(cases)('an API over a database %s', (_, create, code, reason) => {
  it('is not ready, accepts nothing, and says why once', async () => {
    const { own, url, mend } = await create();
    const lines: string[] = [];
    const logger = createLogger('info', { write: (line) => void lines.push(line) });
    const database = openDatabase(url, { logger });
    const publisher = new Publisher(database, { onDue: () => {}, onLater: () => {}, onHeld: () => {} });
    const api = await startApi({ instead: { database, publisher } });
    for (const _time of [1, 2]) {
      const { status, body } = await api.operator('GET', '/v1/health/ready');
      expect([status, body.status]).toEqual([503, 'unavailable']);
      expect(body.reasons).toEqual([expect.objectContaining({ part: 'postgres', code })]);
    }
    const refused = await api.operator('POST', '/v1/events', EVENT);
    expect([refused.status, refused.body.code]).toEqual([503, 'database_unavailable']);
    const told = lines.map((line) => JSON.parse(line) as unknown);
    expect(told).toEqual([
      expect.objectContaining({
        level: 50,
        code,
        reason: expect.stringMatching(reason),
        msg: 'DATABASE_URL: the database cannot be used',
      }),
    ]);
    if (mend !== undefined) {
      await mend();
      await eventually(async () => (await api.operator('GET', '/v1/health/ready')).status === 200);
      expect((await api.operator('POST', '/v1/events', EVENT)).status).toBe(202);
      expect(lines.slice(1).join('')).toContain('DATABASE_URL: the database can be used now');
    }
    await api.close();
    await database.close();
    await own.drop();
  });
});
