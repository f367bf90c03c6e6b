import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLogger } from '../../../src/logger.ts';
import { VERSION } from '../../../src/main/version.ts';
import { newKeyText } from '../../../src/settings/api-key-text.ts';
import { NetworkSuspicions } from '../../../src/storage/operator/network-suspicions.ts';
import { openDatabase } from '../../../src/storage/postgres/database.ts';
import { MasterKeyHolders } from '../../../src/storage/sealed/master-key-holders.ts';
import { HistoryDays } from '../../../src/storage/upkeep/history-days.ts';
import type { DeliveryRuns } from '../../../src/temporal/delivery-runs.ts';
import { type ApiUnderTest, type ApiUnderTestOptions, startApi } from '../../support/api/api.ts';
import { ageHolders, ageSuspicions } from '../../support/rows/clock.ts';

const logger = createLogger('silent');

/** An API beside a worker that was heard of just now. */
async function startBesideWorker(options: ApiUnderTestOptions = {}): Promise<ApiUnderTest> {
  const api = await startApi(options);
  await new MasterKeyHolders(api.database).announce('w', { name: 'worker 7 on host', keyIds: [] });
  return api;
}

describe('GET /v1/health', () => {
  it('is live and ready with everything there', async () => {
    const api = await startBesideWorker();
    expect((await api.operator('GET', '/v1/health/live')).body).toEqual({ status: 'ok', version: VERSION });
    const { status, body } = await api.operator('GET', '/v1/health/ready');
    expect([status, body]).toEqual([200, { status: 'ready', reasons: [] }]);
    await api.close();
  });

  it('is degraded while workers suspect their own network, and says since when', async () => {
    const api = await startBesideWorker();
    const suspicions = new NetworkSuspicions(api.database);
    await suspicions.note('one', new Date('2030-01-31T09:00:30Z'));
    await suspicions.note('two', new Date('2030-01-31T09:00:00Z'));
    await suspicions.note('two', new Date('2030-01-31T09:00:00Z'));
    const { status, body } = await api.operator('GET', '/v1/health/ready');
    expect([status, body.status]).toEqual([200, 'degraded']);
    const message = expect.stringMatching(/^2 workers reach none of many hosts since 2030-01-31T09:00:00/);
    expect(body.reasons).toEqual([{ part: 'network', code: 'network_suspected', message }]);
    await ageSuspicions(api.database.pool, 31);
    expect((await api.operator('GET', '/v1/health/ready')).body.status).toBe('ready');
    await api.close();
  });

  it('is degraded without Temporal', async () => {
    const runs = { isReachable: () => false } as unknown as DeliveryRuns;
    const api = await startBesideWorker({ instead: { runs } });
    const { status, body } = await api.operator('GET', '/v1/health/ready');
    expect([status, body.status]).toEqual([200, 'degraded']);
    expect(body.reasons).toEqual([
      expect.objectContaining({ part: 'temporal', code: 'temporal_unreachable' }),
    ]);
    await api.close();
  });
});

describe('GET /v1/health/ready', () => {
  it('is degraded while no worker is heard of', async () => {
    const api = await startApi();
    const holders = new MasterKeyHolders(api.database);
    const reasons = [expect.objectContaining({ part: 'worker', code: 'no_worker' })];
    const readiness = async () => (await api.operator('GET', '/v1/health/ready')).body;
    expect(await readiness()).toEqual({ status: 'degraded', reasons });
    await holders.announce('a', { name: 'api 1 on host', keyIds: [] });
    expect((await readiness()).status).toBe('degraded');
    await holders.announce('w', { name: 'worker 7 on host', keyIds: [] });
    expect((await readiness()).status).toBe('ready');
    await ageHolders(api.database.pool, 16);
    expect(await readiness()).toEqual({ status: 'degraded', reasons });
    await api.close();
  });

  it('is degraded while history has a place for few days to come', async () => {
    const api = await startBesideWorker();
    const days = new HistoryDays(api.database);
    const readiness = async () => (await api.operator('GET', '/v1/health/ready')).body;
    await days.makeAhead(new Date(Date.now() - 6 * 86_400_000));
    expect(await readiness()).toEqual({
      status: 'degraded',
      reasons: [expect.objectContaining({ part: 'postgres', code: 'history_days_few' })],
    });
    await days.makeAhead();
    expect((await readiness()).status).toBe('ready');
    await api.close();
  });

  it('says 503 before the API closes, while everything else is answered', async () => {
    const api = await startBesideWorker();
    const leaving = api.leave(500);
    const { status, body } = await api.operator('GET', '/v1/health/ready');
    expect([status, body.status]).toEqual([503, 'unavailable']);
    expect(body.reasons).toEqual([expect.objectContaining({ part: 'process', code: 'shutting_down' })]);
    const before = await api.operator('GET', '/v1/events');
    expect([before.status, before.headers.get('connection')]).toEqual([200, 'keep-alive']);
    await leaving;
    const after = await api.operator('GET', '/v1/events');
    expect([after.status, after.headers.get('connection')]).toEqual([200, 'close']);
    await api.close();
  });
});

describe('the API without Postgres', () => {
  const away = openDatabase('postgres://nobody@127.0.0.1:1/none', { logger });
  let api: ApiUnderTest;
  beforeAll(async () => {
    api = await startApi({ instead: { database: away } });
  });
  afterAll(async () => {
    await api.close();
    await away.close();
  });

  it('is live and not ready, and says why', async () => {
    expect((await api.operator('GET', '/v1/health/live')).status).toBe(200);
    const { status, body } = await api.operator('GET', '/v1/health/ready');
    expect([status, body.status]).toEqual([503, 'unavailable']);
    expect(body.reasons).toEqual([
      expect.objectContaining({ part: 'postgres', code: 'database_unavailable' }),
    ]);
  });

  it.each(['/v1/events', '/v1/endpoints', '/v1/deliveries', '/v1/dead-letters', '/v1/stats', '/v1/api-keys'])(
    'answers %s with 503 and asks to come again',
    async (path) => {
      const { status, headers, body } = await api.operator('GET', path);
      expect([status, body.code]).toEqual([503, 'database_unavailable']);
      expect(headers.get('retry-after')).toBe('2');
    },
  );

  it('cannot tell whether a key is known', async () => {
    const headers = { Authorization: `Bearer ${newKeyText()}` };
    expect((await fetch(`${api.url}/v1/events`, { headers })).status).toBe(503);
  });
});
