import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLogger } from '../../../src/logger.ts';
import { RunClaims } from '../../../src/storage/claims/run-claims.ts';
import { Publisher } from '../../../src/storage/events/publisher.ts';
import { type Database, openDatabase } from '../../../src/storage/postgres/database.ts';
import { list, scansOf } from '../../support/storage/plans.ts';
import { insertDue } from '../../support/storage/rows.ts';
import { newEvent, openStorage, request, type StorageUnderTest } from '../../support/storage/storage.ts';

const CUSTOMERS = 200;
const DRAFTS = 20;
/** Of the index and of the table, with some to spare. */
const BLOCKS_A_LOOKUP = 4;
const ENDPOINTS = /^endpoints$/;
const NOBODY = { onDue: () => {}, onHeld: () => {}, onLater: () => {} };

/** Statistics of the table, which come a minute later, would mend the plans. */
describe('processes that planned their statements while there was one endpoint', () => {
  let storage: StorageUnderTest;
  let api: Database;
  let worker: Database;

  beforeAll(async () => {
    storage = await openStorage();
    await storage.database.pool.query('ALTER TABLE endpoints SET (autovacuum_enabled = off)');
    await storage.endpoint();
    const logger = createLogger('silent');
    api = openDatabase(storage.databaseUrl, { logger, maxConnections: 1 });
    worker = openDatabase(storage.databaseUrl, { logger, plansOnce: true, maxConnections: 1 });
    await new Publisher(api, NOBODY).publish(newEvent());
    await new RunClaims(worker, storage.secretBox).claim(request('del_none'));
    // Together, or the connection that has planned would be idle for so long that it is closed.
    await Promise.all(
      Array.from({ length: CUSTOMERS }, async (_, customer) => {
        await storage.endpoint({ customerId: `customer_${customer}` });
      }),
    );
  });
  afterAll(async () => {
    await api.close();
    await worker.close();
    await storage.close();
  });

  it('finds the endpoints of each event by its customer', async () => {
    const drafts = Array.from({ length: DRAFTS }, (_, position) => ({
      position,
      customer_id: `customer_${position}`,
      selecting: 'job.completed *',
    }));
    const scans = await scansOf(api, `"match-endpoints"('${JSON.stringify(drafts)}')`, ENDPOINTS);
    expect(scans.reduce((sum, { rows }) => sum + rows, 0)).toBe(DRAFTS);
    expect(Math.max(...scans.map(({ blocks }) => blocks))).toBeLessThanOrEqual(DRAFTS * BLOCKS_A_LOOKUP);
  });

  it('claims single deliveries without reading other endpoints', async () => {
    const { pool } = storage.database;
    const ids = await insertDue(pool, { endpointId: await storage.endpoint(), count: DRAFTS });
    const some = list(ids, 'text');
    const marks = `array_fill(NULL::text, ARRAY[${DRAFTS}])`;
    const scans = await scansOf(
      worker,
      `"claim"(${some}, ${marks}, ${some}, ${some}, ${some}, 15000)`,
      ENDPOINTS,
    );
    expect(new Set(scans.map(({ by }) => by))).toEqual(new Set(['endpoints_pkey']));
  });
});
