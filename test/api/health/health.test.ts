import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLogger } from '../../../src/logger.ts';
import { newKeyText } from '../../../src/settings/api-key-text.ts';
import { NetworkSuspicions } from '../../../src/storage/operator/network-suspicions.ts';
import { openDatabase } from '../../../src/storage/postgres/database.ts';
import type { DeliveryRuns } from '../../../src/temporal/delivery-runs.ts';
import { type ApiUnderTest, startApi } from '../../support/api/api.ts';

const logger = createLogger('silent');

describe('GET /v1/health', () => {
  it('is live and ready with everything there', async () => {
    const api = await startApi();
    expect((await api.operator('GET', '/v1/health/live')).body).toEqual({ status: 'ok', version: '0.0.0' });
    const { status, body } = await api.operator('GET', '/v1/health/ready');
    expect([status, body]).toEqual([200, { status: 'ready', reasons: [] }]);
    await api.close();
  });

  it('is degraded while workers suspect their own network, and says since when', async () => {
    const api = await startApi();
    const suspicions = new NetworkSuspicions(api.database);
    await suspicions.note('one', new Date('2030-01-31T09:00:30Z'));
    await suspicions.note('two', new Date('2030-01-31T09:00:00Z'));
    await suspicions.note('two', new Date('2030-01-31T09:00:00Z'));
    const { status, body } = await api.operator('GET', '/v1/health/ready');
    expect([status, body.status]).toEqual([200, 'degraded']);
    const message = expect.stringMatching(/^2 workers reach none of many hosts since 2030-01-31T09:00:00/);
    expect(body.reasons).toEqual([{ part: 'network', code: 'network_suspected', message }]);
    await api.database.pool.query("UPDATE network_suspicions SET seen_at = now() - interval '31 seconds'");
    expect((await api.operator('GET', '/v1/health/ready')).body.status).toBe('ready');
    await api.close();
  });

  it('is degraded without Temporal', async () => {
    const runs = { isReachable: () => false } as unknown as DeliveryRuns;
    const api = await startApi({ instead: { runs } });
    const { status, body } = await api.operator('GET', '/v1/health/ready');
    expect([status, body.status]).toEqual([200, 'degraded']);
    expect(body.reasons).toEqual([
      expect.objectContaining({ part: 'temporal', code: 'temporal_unreachable' }),
    ]);
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
      expect.objectContaining({ part: 'postgres', code: 'postgres_unreachable' }),
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
