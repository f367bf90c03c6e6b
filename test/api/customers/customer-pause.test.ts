import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EndpointSwitch } from '../../../src/storage/gates/endpoint-switch.ts';
import { GateUpkeep } from '../../../src/storage/gates/gate-upkeep.ts';
import { type ApiUnderTest, startApi } from '../../support/api/api.ts';
import { endPause } from '../../support/rows/clock.ts';

const url = 'https://receiver.example/';
const LATER = '2099-01-31T09:00:00.000Z';

describe('a pause', () => {
  let api: ApiUnderTest;

  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.close());

  const create = async (customer_id: string) =>
    (await api.operator('POST', '/v1/endpoints', { url, customer_id })).body.id;
  const pause = async (path: string, body?: object) => await api.operator('POST', `${path}/pause`, body);
  const read = async (id: string) => (await api.operator('GET', `/v1/endpoints/${id}`)).body;

  it('tells until when it lasts, and a repeated one changes only that', async () => {
    const path = `/v1/endpoints/${await create('acme')}`;
    const first = (await pause(path, { reason: 'moving', until: LATER })).body;
    expect(first).toMatchObject({ status: 'paused', paused: { reason: 'moving', until: LATER } });
    const again = (await pause(path, { reason: 'other', until: '2099-02-01T09:00:00Z' })).body;
    expect(again.paused).toEqual({
      ...(first.paused as object),
      until: '2099-02-01T09:00:00.000Z',
    });
    expect((await pause(path)).body.paused).toEqual(again.paused);
    const resumed = await api.operator('POST', `${path}/resume`);
    expect(resumed.body).toMatchObject({ status: 'enabled', paused: null });
    expect((await pause(path)).body.paused).toMatchObject({ until: null });
  });

  it('ends by itself once its time has come, and not before', async () => {
    const [due, later] = [await create('acme'), await create('acme')];
    for (const id of [due, later]) await pause(`/v1/endpoints/${id}`, { until: LATER });
    const upkeep = new GateUpkeep(api.database);
    expect(await upkeep.listPausesOver()).toEqual([]);
    const { pool } = api.database;
    await endPause(pool, due);
    expect(await upkeep.listPausesOver()).toEqual([due]);
    await new EndpointSwitch(api.database).resume(due, { reason: 'The pause was over.' });
    expect(await read(due)).toMatchObject({ status: 'enabled', paused: null });
    expect(await upkeep.listPausesOver()).toEqual([]);
    expect(await read(later)).toMatchObject({ status: 'paused' });
  });

  it.each([
    [{ until: '2020-01-01T00:00:00Z' }, 'pause_until_past'],
    [{ until: 'tomorrow' }, 'invalid_time'],
    [{ for: 10 }, 'unknown_member'],
  ])('is refused with %j', async (body, code) => {
    const answer = await pause(`/v1/endpoints/${await create('acme')}`, body);
    expect([answer.status, answer.body.code]).toEqual([422, code]);
  });

  it('takes all endpoints of a customer at once, and no others', async () => {
    const own = [await create('many'), await create('many')];
    const other = await create('other');
    const disabled = await create('many');
    await api.operator('POST', `/v1/endpoints/${disabled}/disable`);
    expect((await pause('/v1/customers/many', { reason: 'all', until: LATER })).body).toEqual({ count: 2 });
    for (const id of own) expect(await read(id)).toMatchObject({ paused: { reason: 'all', until: LATER } });
    expect([(await read(other)).status, (await read(disabled)).status]).toEqual(['enabled', 'disabled']);
    const customer = await api.customer('many');
    expect((await customer('POST', '/v1/customers/many/resume')).body).toEqual({ count: 2 });
    expect((await customer('POST', '/v1/customers/other/pause')).status).toBe(404);
  });
});
