import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type ApiAnswer, type ApiCall, type ApiUnderTest, startApi } from '../../support/api/api.ts';
import { insertDelivery } from '../../support/storage/rows.ts';

const HOUR_MS = 3_600_000;
const hoursAgo = (hours: number) => new Date(Date.now() - hours * HOUR_MS);

describe('EndpointRecoveryController', () => {
  let api: ApiUnderTest;
  let acme: ApiCall;
  let id: string;

  beforeAll(async () => {
    api = await startApi();
    acme = await api.customer('acme');
  });
  afterAll(() => api.close());
  beforeEach(async () => {
    const body = { url: 'https://example.com/hook', customer_id: 'acme' };
    id = (await api.operator('POST', '/v1/endpoints', body)).body.id;
    for (const hours of [5, 3, 1]) {
      const at = hoursAgo(hours);
      const row = { status: 'skipped', attempts_made: 0, created_at: at, finished_at: at };
      await insertDelivery(api.database.pool, { endpoint_id: id, ...row });
    }
  });

  async function recover(body?: unknown, call = acme): Promise<ApiAnswer> {
    return await call('POST', `/v1/endpoints/${id}/recover`, body);
  }

  it('begins a replay of all that was missed, without a body too', async () => {
    for (const body of [undefined, null, {}]) {
      const answer = await recover(body);
      expect(answer).toMatchObject({
        status: 202,
        body: { kind: 'missed', status: 'running', endpoint_id: id, customer_id: 'acme', total: 3 },
      });
      expect(answer.body.selection).toEqual({ endpoint_id: id });
      expect(answer.body.requested_by).toMatch(/^key_/);
      expect(api.told).toContain(`start ${answer.body.id}`);
    }
  });

  it('takes a span, and counts only when asked to', async () => {
    const after = hoursAgo(4).toISOString();
    const before = hoursAgo(2).toISOString();
    const counts = [{ after }, { before }, { after, before }, {}].map(
      async (filter) => await recover({ filter, dry_run: true }),
    );
    expect((await Promise.all(counts)).map(({ status, body }) => [status, body])).toEqual([
      [200, { count: 2, capped: false }],
      [200, { count: 2, capped: false }],
      [200, { count: 1, capped: false }],
      [200, { count: 3, capped: false }],
    ]);
    expect((await acme('GET', `/v1/replays?endpoint_id=${id}`)).body.items).toEqual([]);
    const { body } = await recover({ filter: { after, before } });
    expect(body).toMatchObject({ total: 1, selection: { endpoint_id: id, after, before } });
  });

  it('is audited with how many it is, but for previews', async () => {
    await recover({ dry_run: true });
    await recover({ filter: { before: hoursAgo(2).toISOString() } }, api.operator);
    const { body } = await api.operator('GET', `/v1/audit?subject_id=${id}&action=endpoint.recover`);
    expect(body.items).toMatchObject([{ customer_id: 'acme', affected: 2, changed: ['filter'] }]);
  });

  it('asks for an endpoint that is enabled, or paused, and says how many a disabled one missed', async () => {
    await acme('POST', `/v1/endpoints/${id}/disable`);
    expect(await recover()).toMatchObject({ status: 409, body: { code: 'endpoint_disabled' } });
    expect(await recover({ dry_run: true })).toMatchObject({ status: 200, body: { count: 3 } });
    await acme('POST', `/v1/endpoints/${id}/enable`);
    await acme('POST', `/v1/endpoints/${id}/pause`);
    expect((await recover()).status).toBe(202);
  });

  it('knows no endpoint of another customer’s, and none that was deleted', async () => {
    expect((await recover({}, await api.customer('zeta'))).status).toBe(404);
    await acme('DELETE', `/v1/endpoints/${id}`);
    expect((await recover()).status).toBe(404);
  });

  it.each([
    [{ filter: { after: 'yesterday' } }, ['/filter/after']],
    [{ filter: { after: 1_700_000_000 } }, ['/filter/after']],
    [{ filter: { before: '2023-02-30T00:00:00Z' } }, ['/filter/before']],
    [{ filter: { after: '9999-01-01T00:00:00Z' } }, ['/filter/after']],
    [
      { filter: { after: '2999-01-01T00:00:00Z', before: '2998-01-01T00:00:00Z' } },
      ['/filter/after', '/filter/before', '/filter/before'],
    ],
    [{ filter: { after: '2024-01-01T00:00:00Z', before: '2024-01-01T00:00:00Z' } }, ['/filter/before']],
    [{ filter: { endpoint_id: 'ep_1' } }, ['/filter/endpoint_id']],
    [{ filter: { status: ['dead'] } }, ['/filter/status']],
    [{ filter: { data: { colour: 'red' } } }, ['/filter/data']],
    [{ dry_run: 'yes' }, ['/dry_run']],
    [{ colour: 'red' }, ['/colour']],
    [[], ['']],
    ['text', ['']],
  ])('refuses %j', async (body, pointers) => {
    const answer = await recover(JSON.stringify(body));
    expect(answer.status).toBe(422);
    expect(answer.body.errors.map(({ pointer }) => pointer)).toEqual(
      pointers.map((pointer) => `#${pointer}`),
    );
    expect((await acme('GET', `/v1/replays?endpoint_id=${id}`)).body.items).toEqual([]);
  });

  it('refuses what is no JSON', async () => {
    expect((await recover('{"filter":')).status).toBe(400);
  });
});
