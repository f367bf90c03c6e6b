import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { adviceFor } from '../../../src/domain/error-code.ts';
import { newId } from '../../../src/new-id.ts';
import { type ApiCall, type ApiUnderTest, startApi } from '../../support/api/api.ts';
import { forgetDeliveries } from '../../support/rows/empty.ts';
import { listOfStatus, listReplayed } from '../../support/rows/standing.ts';
import { insertDelivery, insertManyDead } from '../../support/storage/rows.ts';

describe('DeadLettersController', () => {
  let api: ApiUnderTest;
  let operator: ApiCall;
  let acme: ApiCall;
  let endpointId: string;
  let ids: string[];

  beforeAll(async () => {
    api = await startApi();
    operator = api.operator;
    acme = await api.customer('acme');
    const endpoint = { url: 'https://example.com', customer_id: 'acme' };
    endpointId = (await operator('POST', '/v1/endpoints', endpoint)).body.id;
  });
  afterAll(() => api.close());

  beforeEach(async () => {
    await forgetDeliveries(api.database.pool);
    const rows = [
      { last_error_code: 'http_503' },
      { last_error_code: 'http_410', dead_reason: 'endpoint_gone' },
      { last_error_code: 'timeout', customer_id: 'zeta' },
      { is_test: true, dead_reason: 'test_failed' },
      { status: 'delivered', dead_reason: null },
    ];
    ids = [];
    for (const row of rows) {
      const dead = { endpoint_id: endpointId, status: 'dead', dead_reason: 'retries_exhausted', ...row };
      ids.push(await insertDelivery(api.database.pool, dead));
    }
  });

  it('lists dead deliveries with reason and advice, tests left out', async () => {
    const { body } = await operator('GET', '/v1/dead-letters');
    expect(body).toMatchObject({
      items: [
        { id: ids[2], reason: 'retries_exhausted', advice: adviceFor('timeout') },
        { id: ids[1], reason: 'endpoint_gone', advice: adviceFor('http_410') },
        { id: ids[0], status: 'dead', endpoint_id: endpointId },
      ],
      next_cursor: null,
    });
  });

  it('lists by filter, and a customer’s own only', async () => {
    const list = async (call: ApiCall, query = '') =>
      (await call('GET', `/v1/dead-letters?${query}`)).body.items.map(({ id }) => ids.indexOf(id));
    expect(await list(acme)).toEqual([1, 0]);
    expect(await list(operator, 'reason=endpoint_gone')).toEqual([1]);
    expect(await list(operator, 'error_code=timeout')).toEqual([2]);
    expect(await list(operator, 'customer_id=zeta')).toEqual([2]);
    expect(await list(operator, `endpoint_id=${newId('ep')}`)).toEqual([]);
  });

  it('retries what a filter selects, after a preview that changes nothing', async () => {
    const filter = { endpoint_id: endpointId, customer_id: 'acme' };
    const preview = await operator('POST', '/v1/dead-letters/retry', { filter, dry_run: true });
    expect(preview).toMatchObject({ status: 200, body: { count: 2 } });
    expect(preview.body).toEqual({ count: 2, capped: false });
    expect(api.told).toEqual([]);
    const { status, body } = await operator('POST', '/v1/dead-letters/retry', { filter });
    expect([status, body.count]).toEqual([202, 2]);
    expect(api.told).toEqual([`start ${body.replay_id}`]);
    expect((await acme('GET', `/v1/replays/${body.replay_id}`)).body).toMatchObject({
      kind: 'dead_letters',
      selection: filter,
      total: 2,
    });
  });

  it('selects by ids, and everything only where that is said', async () => {
    const count = async (body: object, call = operator) =>
      (await call('POST', '/v1/dead-letters/retry', { ...body, dry_run: true })).body.count;
    expect(await count({ filter: { ids: [ids[0], ids[2], ids[4]] } })).toBe(2);
    expect(await count({ all: true })).toBe(3);
    expect(await count({ all: true }, acme)).toBe(2);
    expect(await count({ filter: { ids: [ids[2]] } }, acme)).toBe(0);
  });

  it('discards for good', async () => {
    const preview = await acme('POST', '/v1/dead-letters/discard', { all: true, dry_run: true });
    expect(preview).toMatchObject({ status: 200, body: { count: 2 } });
    expect((await acme('POST', '/v1/dead-letters/discard', { all: true })).body).toEqual({
      count: 2,
      capped: false,
    });
    const cancelled = await listOfStatus(api.database.pool, 'cancelled');
    expect(cancelled.map((id) => ids.indexOf(id)).sort()).toEqual([0, 1]);
  });

  it('counts no further than 10,000, and discards no more at a time', async () => {
    await insertManyDead(api.database.pool, { endpointId, customerId: 'wide', count: 10_002 });
    const wide = { filter: { customer_id: 'wide' } };
    const ask = async (body: object) => (await operator('POST', '/v1/dead-letters/discard', body)).body;
    expect(await ask({ ...wide, dry_run: true })).toEqual({ count: 10_000, capped: true });
    expect(await ask(wide)).toEqual({ count: 10_000, capped: true });
    expect(await ask(wide)).toEqual({ count: 2, capped: false });
    expect((await operator('GET', '/v1/dead-letters')).body.items).toHaveLength(3);
  });

  it('looks at the newest 10,000 only to count, and at all to discard', async () => {
    await insertManyDead(api.database.pool, { endpointId, customerId: 'acme', count: 10_002 });
    const count = async (filter: object) =>
      (await operator('POST', '/v1/dead-letters/retry', { filter, dry_run: true })).body;
    expect(await count({ error_code: 'timeout' })).toEqual({ count: 1, capped: true });
    expect(await count({ error_code: 'timeout', customer_id: 'zeta' })).toEqual({ count: 1, capped: false });
    expect(await count({ error_code: 'dns_failed' })).toEqual({ count: 0, capped: true });
    expect((await operator('GET', '/v1/deliveries/count?error_code=timeout')).body).toEqual({
      count: 1,
      capped: true,
    });
    const wide = { filter: { ids: [`del_${'1'.padStart(26, '0')}`] } };
    expect((await operator('POST', '/v1/dead-letters/discard', wide)).body).toEqual({
      count: 1,
      capped: false,
    });
  });

  it.each([
    [{}, ''],
    [{ dry_run: true }, ''],
    [{ all: false }, '/all'],
    [{ all: 'yes' }, '/all'],
    [{ filter: {} }, ''],
    [{ filter: { ids: [] } }, '/filter/ids'],
    [{ filter: { ids: ['ep_01J8Q2M4T6V8X0Z2B4D6F8H0K2'] } }, '/filter/ids/0'],
    [{ filter: { reason: 'boredom' } }, '/filter/reason'],
    [{ filter: { endpoint_id: 'x' } }, '/filter/endpoint_id'],
    [{ filter: { event: '*' } }, '/filter/event'],
    [{ filter: { after: '2023-02-29T00:00:00Z' } }, '/filter/after'],
    [{ all: true, dry_run: 'true' }, '/dry_run'],
    [{ all: true, colour: 'red' }, '/colour'],
  ])('refuses the selection %j', async (selection, pointer) => {
    for (const action of ['retry', 'discard']) {
      const { status, body } = await operator('POST', `/v1/dead-letters/${action}`, selection);
      expect({ status, errors: body.errors }).toMatchObject({
        status: 422,
        errors: [{ pointer: `#${pointer}` }],
      });
    }
    expect(await changed()).toEqual([]);
  });

  it('lets a customer name no other', async () => {
    for (const action of ['retry', 'discard']) {
      const answer = await acme('POST', `/v1/dead-letters/${action}`, {
        filter: { customer_id: 'zeta' },
      });
      expect([answer.status, answer.body.errors[0]?.pointer]).toEqual([403, '#/filter/customer_id']);
    }
  });

  async function changed(): Promise<number[]> {
    const { pool } = api.database;
    const touched = [...(await listReplayed(pool)), ...(await listOfStatus(pool, 'cancelled'))];
    return touched.map((id) => ids.indexOf(id)).sort();
  }
});
