import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLogger } from '../../src/logger.ts';
import { type Database, openDatabase } from '../../src/storage/postgres/database.ts';
import { eventually } from '../support/eventually.ts';
import { type Posthorn, startPosthorn } from '../support/processes/posthorn.ts';
import { copyEndpoint } from '../support/storage/copy-endpoint.ts';

const ENDPOINTS = 7_500;
const SLOW = 60_000;

let posthorn: Posthorn;
let database: Database;

beforeAll(async () => {
  posthorn = await startPosthorn();
  const { DATABASE_URL = '' } = posthorn.environment;
  database = openDatabase(DATABASE_URL, { logger: createLogger('silent'), maxConnections: 2 });
});
afterAll(async () => {
  await database.close();
  await posthorn.stop();
});

/** How many deliveries there are, and to how many endpoints. */
async function counts(): Promise<{ readonly deliveries: number; readonly endpoints: number }> {
  const { rows } = await database.pool.query(
    'SELECT count(*)::integer AS deliveries, count(DISTINCT endpoint_id)::integer AS endpoints FROM deliveries',
  );
  return rows[0];
}

describe('an event to very many endpoints', () => {
  it('comes to each of them once, although the API is killed as soon as it has accepted it', async () => {
    const endpoint = await posthorn.endpoint({ url: 'http://127.0.0.1:9/' });
    await posthorn.call('POST', `/v1/endpoints/${endpoint.id}/pause`);
    await copyEndpoint(database.pool, endpoint.id, ENDPOINTS - 1);
    const event = { event: 'job.completed', customer_id: endpoint.customerId, data: {} };
    const accepted = await posthorn.call('POST', '/v1/events', event);
    const api = posthorn.api();
    api.kill('SIGKILL');
    await api.ended;
    expect(accepted).toMatchObject({ status: 202, body: { deliveries: ENDPOINTS } });
    await posthorn.startApi();
    await eventually(async () => (await counts()).deliveries >= ENDPOINTS, { timeoutMs: SLOW });
    expect(await counts()).toEqual({ deliveries: ENDPOINTS, endpoints: ENDPOINTS });
  });
});
