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
    const since = hoursAgo(4).toISOString();
    const until = hoursAgo(2).toISOString();
    const counts = [{ since }, { until }, { since, until }, {}].map(
      async (span) => await recover({ ...span, dry_run: true }),
    );
    expect((await Promise.all(counts)).map(({ status, body }) => [status, body])).toEqual([
      [200, { count: 2 }],
      [200, { count: 2 }],
      [200, { count: 1 }],
      [200, { count: 3 }],
    ]);
    expect((await acme('GET', `/v1/replays?endpoint_id=${id}`)).body.items).toEqual([]);
    const { body } = await recover({ since, until });
    expect(body).toMatchObject({ total: 1, selection: { endpoint_id: id, since, until } });
  });

  it('is audited with how many it is, but for previews', async () => {
    await recover({ dry_run: true });
    await recover({ until: hoursAgo(2).toISOString() }, api.operator);
    const { body } = await api.operator('GET', `/v1/audit?subject_id=${id}&action=endpoint.recover`);
    expect(body.items).toMatchObject([{ customer_id: 'acme', affected: 2, changed: ['until'] }]);
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
    [{ since: 'yesterday' }, ['/since']],
    [{ since: 1_700_000_000 }, ['/since']],
    [{ until: '2023-02-30T00:00:00Z' }, ['/until']],
    [{ since: '9999-01-01T00:00:00Z' }, ['/since']],
    [{ since: '2999-01-01T00:00:00Z', until: '2998-01-01T00:00:00Z' }, ['/since', '/until', '/until']],
    [{ since: '2024-01-01T00:00:00Z', until: '2024-01-01T00:00:00Z' }, ['/until']],
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
    expect((await recover('{"since":')).status).toBe(400);
  });
});
