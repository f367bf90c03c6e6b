import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '../../../src/new-id.ts';
import { ReplayReleases } from '../../../src/storage/replays/replay-releases.ts';
import { type ApiCall, type ApiUnderTest, startApi } from '../../support/api/api.ts';
import { insertDelivery } from '../../support/storage/rows.ts';

const URL = 'https://receiver.example/';
const AN_HOUR_AGO = new Date(Date.now() - 3_600_000);

describe('POST /v1/replays', () => {
  let api: ApiUnderTest;
  let acme: ApiCall;
  let endpointId: string;
  let other: string;

  beforeAll(async () => {
    api = await startApi();
    acme = await api.customer('acme');
    endpointId = (await acme('POST', '/v1/endpoints', { url: URL })).body.id;
    other = (await acme('POST', '/v1/endpoints', { url: URL, events: ['job.failed'] })).body.id;
    const ended = { endpoint_id: endpointId, created_at: AN_HOUR_AGO, finished_at: AN_HOUR_AGO };
    for (const status of ['delivered', 'delivered', 'dead', 'skipped', 'cancelled'])
      await insertDelivery(api.database.pool, { ...ended, status });
  });
  afterAll(() => api.close());

  const replay = async (body: object, call = acme) => await call('POST', '/v1/replays', body);

  it('counts first, and does nothing', async () => {
    const preview = { filter: { endpoint_id: endpointId }, dry_run: true };
    const answer = await replay(preview);
    expect([answer.status, answer.body]).toEqual([200, { count: 4, capped: false }]);
    const delivered = { filter: { status: ['delivered'] }, dry_run: true };
    expect((await replay(delivered)).body.count).toBe(2);
    expect((await replay({ all: true, dry_run: true }, await api.customer('zeta'))).body.count).toBe(0);
    expect((await acme('GET', '/v1/replays')).body.items).toEqual([]);
  });

  it('begins one, audited, and says what it selects and where it goes', async () => {
    const filter = { endpoint_id: endpointId, status: ['delivered'] };
    const { status, body } = await replay({ filter, to_endpoint_id: other });
    expect([status, body]).toEqual([
      202,
      expect.objectContaining({
        kind: 'deliveries',
        status: 'running',
        customer_id: 'acme',
        selection: { ...filter, customer_id: 'acme' },
        to_endpoint_id: other,
        new_delivery: true,
        counted: true,
        total: 2,
      }),
    ]);
    expect(api.told).toContain(`start ${body.id}`);
    const { items } = (await acme('GET', `/v1/audit?subject_id=${body.id}`)).body;
    expect(items).toEqual([expect.objectContaining({ action: 'replay.create', affected: 2 })]);
  });

  it('continues a cancelled one', async () => {
    const { id } = (await replay({ filter: { status: ['dead'] } })).body;
    expect((await acme('POST', `/v1/replays/${id}/continue`)).body).toMatchObject({ id, status: 'running' });
    await acme('POST', `/v1/replays/${id}/cancel`);
    const early = await acme('POST', `/v1/replays/${id}/continue`);
    expect([early.status, early.body.code]).toEqual([409, 'replay_being_cancelled']);
    await new ReplayReleases(api.database).step(id);
    const told = api.told.length;
    const { status, body } = await acme('POST', `/v1/replays/${id}/continue`);
    expect([status, body]).toEqual([202, expect.objectContaining({ status: 'running', finished_at: null })]);
    expect(api.told.slice(told)).toEqual([`start ${id}`]);
  });

  it("sends nothing of a customer to another's endpoint", async () => {
    const theirs = (await api.operator('POST', '/v1/endpoints', { url: URL, customer_id: 'zeta' })).body.id;
    const filter = { customer_id: 'acme' };
    expect((await replay({ filter, to_endpoint_id: theirs })).status).toBe(404);
    const refused = await replay({ filter, to_endpoint_id: theirs }, api.operator);
    expect([refused.status, refused.body.errors[0]?.pointer]).toEqual([422, '#/to_endpoint_id']);
    const all = await replay({ all: true, to_endpoint_id: theirs, dry_run: true }, api.operator);
    expect(all.body.count).toBe(0);
  });

  it('refuses a disabled endpoint', async () => {
    const { id } = (await acme('POST', '/v1/endpoints', { url: URL })).body;
    await acme('POST', `/v1/endpoints/${id}/disable`);
    expect((await replay({ all: true, to_endpoint_id: id })).body.code).toBe('endpoint_disabled');
  });

  it.each([
    [{}, ''],
    [{ filter: {} }, ''],
    [{ filter: { status: ['queued'] } }, '/filter/status/0'],
    [{ filter: { status: 'dead' } }, '/filter/status'],
    [{ filter: { data: { colour: 'red' } } }, '/filter/data'],
    [{ all: true, to_endpoint_id: 'ep' }, '/to_endpoint_id'],
    [{ all: true, endpoint_id: newId('ep') }, '/endpoint_id'],
  ])('refuses %j', async (body, pointer) => {
    const answer = await replay(body);
    expect([answer.status, answer.body.errors.map((error) => error.pointer)]).toEqual([422, [`#${pointer}`]]);
  });
});
