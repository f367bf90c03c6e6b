import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLogger } from '../../../src/logger.ts';
import { openDatabase } from '../../../src/storage/postgres/database.ts';
import { requireOwnSessions } from '../../../src/storage/postgres/database-check.ts';
import { createDatabase, type TestDatabase } from '../../support/storage/database.ts';

describe('openDatabase', () => {
  let own: TestDatabase;
  beforeAll(async () => {
    own = await createDatabase();
  });
  afterAll(async () => await own.drop());

  it.each([{ plansOnce: false }, { plansOnce: true }])(
    'has no statement compiled, whatever the server does by itself: %o',
    async (options) => {
      const database = openDatabase(own.url, { logger: createLogger('silent'), ...options });
      try {
        const name = new URL(own.url).pathname.slice(1);
        await database.pool.query(`ALTER DATABASE ${name} SET jit = on`);
        await database.pool.query(`ALTER DATABASE ${name} SET jit_above_cost = 0`);
        const fresh = openDatabase(own.url, { logger: createLogger('silent'), ...options });
        const { rows } = await fresh.pool.query('SHOW jit');
        await fresh.close();
        expect(rows).toEqual([{ jit: 'off' }]);
      } finally {
        await database.close();
      }
    },
  );
});

describe('requireOwnSessions', () => {
  it('refuses two connections that share a session, as behind a pooler that hands out transactions', async () => {
    const own = await createDatabase();
    const database = openDatabase(own.url, { logger: createLogger('silent') });
    const [one, other] = [await database.pool.connect(), await database.pool.connect()];
    await requireOwnSessions(one, other);
    await expect(requireOwnSessions(one, one)).rejects.toThrow(/pool_mode to session/);
    for (const client of [one, other]) client.release();
    await database.close();
    await own.drop();
  });
});
