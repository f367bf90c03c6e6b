import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '../../../src/new-id.ts';
import { ReplayReleases } from '../../../src/storage/replays/replay-releases.ts';
import { type ApiCall, type ApiUnderTest, startApi } from '../../support/api/api.ts';
import { forgetReplays } from '../../support/rows/empty.ts';
import { firstDelivery } from '../../support/rows/standing.ts';
import { endDelivery, insertDelivery } from '../../support/storage/rows.ts';

const AN_HOUR_AGO = new Date(Date.now() - 3_600_000);

describe('ReplaysController', () => {
  let api: ApiUnderTest;
  let acme: ApiCall;
  let zeta: ApiCall;
  let endpointId: string;

  beforeAll(async () => {
    api = await startApi();
    acme = await api.customer('acme');
    zeta = await api.customer('zeta');
    const endpoint = { url: 'https://example.com', customer_id: 'acme' };
    endpointId = (await api.operator('POST', '/v1/endpoints', endpoint)).body.id;
  });
  afterAll(() => api.close());
  beforeEach(async () => {
    await forgetReplays(api.database.pool);
  });

  async function insertDead(count: number): Promise<void> {
    const ended = { created_at: AN_HOUR_AGO, finished_at: AN_HOUR_AGO };
    for (let index = 0; index < count; index += 1)
      await insertDelivery(api.database.pool, {
        endpoint_id: endpointId,
        status: 'dead',
        last_error_code: 'http_503',
        ...ended,
      });
  }

  async function retryAll(call = acme): Promise<string> {
    return String((await call('POST', '/v1/dead-letters/retry', { all: true })).body.replay_id);
  }

  it('tells how far a replay has come, and what it was asked for', async () => {
    await insertDead(3);
    const filter = { endpoint_id: endpointId, error_code: 'http_503', after: '2020-01-01T00:00:00.000Z' };
    const { body } = await api.operator('POST', '/v1/dead-letters/retry', { filter });
    expect(body).toEqual({ count: 3, capped: false, replay_id: expect.stringMatching(/^rpl_/) });
    await new ReplayReleases(api.database).step(String(body.replay_id));
    await endDelivery(api.database.pool, await firstDelivery(api.database.pool), 'delivered');
    expect((await acme('GET', `/v1/replays/${body.replay_id}`)).body).toEqual({
      id: body.replay_id,
      kind: 'dead_letters',
      status: 'running',
      customer_id: 'acme',
      endpoint_id: endpointId,
      selection: filter,
      to_endpoint_id: null,
      new_delivery: false,
      counted: true,
      total: 3,
      released: 3,
      delivered: 1,
      dead: 0,
      cancelled: 0,
      passed_over: 0,
      remaining: 2,
      requested_by: 'operator',
      created_at: expect.stringMatching(/Z$/),
      finished_at: null,
      temporal_url: null,
    });
    const { body: seen } = await api.operator('GET', `/v1/replays/${body.replay_id}`);
    expect(seen.temporal_url).toMatch(/^http:\/\/temporal\.test\/rpl_/);
    expect(api.told).toContain(`start ${body.replay_id}`);
  });

  it('shows each delivery which replay it belongs to', async () => {
    await insertDead(1);
    const replayId = await retryAll();
    await new ReplayReleases(api.database).step(replayId);
    const { body } = await acme('GET', '/v1/deliveries');
    expect(body.items).toMatchObject([{ status: 'queued', replay_id: replayId, dead_reason: null }]);
  });

  it('lists newest first, by status, endpoint and customer, page by page', async () => {
    await insertDead(1);
    const first = await retryAll();
    const second = await retryAll();
    await acme('POST', `/v1/replays/${first}/cancel`);
    const ids = async (query: string, call = api.operator) =>
      (await call('GET', `/v1/replays?${query}`)).body.items.map(({ id }) => id);
    expect(await ids('')).toEqual([second, first]);
    expect(await ids('status=cancelled')).toEqual([first]);
    expect(await ids('customer_id=acme')).toEqual([second, first]);
    expect(await ids('customer_id=zeta')).toEqual([]);
    expect(await ids('', zeta)).toEqual([]);
    expect(await ids(`endpoint_id=${endpointId}`)).toEqual([]);
    const { body } = await acme('GET', '/v1/replays?limit=1');
    expect(body.items.map(({ id }) => id)).toEqual([second]);
    expect(await ids(`limit=1&cursor=${body.next_cursor}`, acme)).toEqual([first]);
  });

  it('cancels, and again, and tells the run', async () => {
    await insertDead(2);
    const replayId = await retryAll();
    for (let time = 0; time < 2; time += 1)
      expect(await acme('POST', `/v1/replays/${replayId}/cancel`)).toMatchObject({
        status: 202,
        body: { id: replayId, status: 'cancelled', total: 2, released: 0, remaining: 0 },
      });
    expect(api.told).toContain(`cancel ${replayId}`);
    const { body } = await api.operator('GET', `/v1/audit?subject_id=${replayId}`);
    expect(body.items).toMatchObject([
      { action: 'replay.cancel', customer_id: 'acme' },
      { action: 'replay.cancel', customer_id: 'acme' },
    ]);
  });

  it('refuses to cancel what is completed, such as a replay of nothing', async () => {
    const replayId = await retryAll();
    expect((await acme('GET', `/v1/replays/${replayId}`)).body).toMatchObject({
      status: 'completed',
      total: 0,
      finished_at: expect.stringMatching(/Z$/),
    });
    expect(await acme('POST', `/v1/replays/${replayId}/cancel`)).toMatchObject({
      status: 409,
      body: { code: 'replay_completed' },
    });
    expect(api.told).not.toContain(`start ${replayId}`);
  });

  it('knows nothing of ids of another kind, of others, or of nobody', async () => {
    await insertDead(1);
    const replayId = await retryAll();
    const everybodys = String(
      (await api.operator('POST', '/v1/dead-letters/retry', { all: true })).body.replay_id,
    );
    const unknown: readonly (readonly [string, ApiCall])[] = [
      [replayId, zeta],
      [everybodys, acme],
      [newId('rpl'), acme],
      [endpointId, acme],
      ['rpl_1', acme],
      ['%00', acme],
    ];
    for (const [id, call] of unknown) {
      expect([id, (await call('GET', `/v1/replays/${id}`)).status]).toEqual([id, 404]);
      expect([id, (await call('POST', `/v1/replays/${id}/cancel`)).status]).toEqual([id, 404]);
    }
    expect((await api.operator('GET', `/v1/replays/${replayId}`)).body.status).toBe('running');
  });

  it.each([
    ['status=paused', 'status'],
    ['endpoint_id=x', 'endpoint_id'],
    ['customer_id=', 'customer_id'],
    ['limit=0', 'limit'],
    ['cursor=forged', 'cursor'],
    ['colour=red', 'colour'],
  ])('refuses to list by %s', async (query, parameter) => {
    const { status, body } = await api.operator('GET', `/v1/replays?${query}`);
    expect({ status, errors: body.errors }).toMatchObject({ status: 422, errors: [{ parameter }] });
  });

  it('lets a customer name no other', async () => {
    expect((await acme('GET', '/v1/replays?customer_id=zeta')).status).toBe(403);
  });
});
