import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AttemptRecorder } from '../../../src/storage/claims/attempt-recorder.ts';
import { RunClaims } from '../../../src/storage/claims/run-claims.ts';
import { Retention } from '../../../src/storage/upkeep/retention.ts';
import { type ApiCall, type ApiUnderTest, startApi } from '../../support/api/api.ts';
import { ageEvent } from '../../support/rows/events.ts';
import { countRows } from '../../support/rows/tables.ts';
import { recordOf, request } from '../../support/storage/storage.ts';

let api: ApiUnderTest;
let acme: ApiCall;
let zeta: ApiCall;
const JOB = { event: 'job.completed', data: { job_id: 'job_7' } };

beforeAll(async () => {
  api = await startApi();
  acme = await api.customer('acme');
  zeta = await api.customer('zeta');
  await acme('POST', '/v1/endpoints', { url: 'https://example.com', events: ['job.*'] });
  await zeta('POST', '/v1/endpoints', { url: 'https://example.com', events: ['job.failed'] });
  for (const call of [acme, zeta])
    for (const job_id of ['job_6', 'job_7', 'job_8'])
      await call('POST', '/v1/events', { ...JOB, data: { job_id } });
});
afterAll(async () => await api.close());

async function idsOf(call: ApiCall, path: string): Promise<readonly string[]> {
  const { status, body } = await call('GET', path);
  expect({ path, status }).toEqual({ path, status: 200 });
  return body.items.map(({ id }) => id);
}

describe('an event', () => {
  it('is found by a searchable member of its data, by whoever may see it', async () => {
    const { body } = await acme('GET', '/v1/events?data[job_id]=job_7&include=data');
    expect(body.items).toMatchObject([{ customer_id: 'acme', data: { job_id: 'job_7' } }]);
    expect(await idsOf(api.operator, '/v1/events?data[job_id]=job_7')).toHaveLength(2);
    expect(await idsOf(api.operator, '/v1/events?data[job_id]=job_7&customer_id=zeta')).toHaveLength(1);
    expect(await idsOf(acme, '/v1/events?data%5Bjob_id%5D=job_7&event=job.failed')).toEqual([]);
    expect(await idsOf(acme, '/v1/events?data[job_id]=job_9')).toEqual([]);
  });

  it('is found by its deliveries and dead letters likewise, which can be counted', async () => {
    const [event] = await idsOf(acme, '/v1/events?data[job_id]=job_7');
    const { body } = await acme('GET', '/v1/deliveries?data[job_id]=job_7');
    expect(body.items).toMatchObject([{ event_id: event, customer_id: 'acme' }]);
    expect((await acme('GET', '/v1/deliveries/count?data[job_id]=job_7')).body.count).toBe(1);
    expect(await idsOf(zeta, '/v1/deliveries?data[job_id]=job_7')).toEqual([]);
    expect(await idsOf(acme, '/v1/dead-letters?data[job_id]=job_7')).toEqual([]);
    const claim = await new RunClaims(api.database, api.secretBox).claim(request(body.items[0]?.id ?? ''));
    if (claim === null) throw new Error('nothing to claim');
    const verdict = { kind: 'dead', reason: 'retries_exhausted' } as const;
    await new AttemptRecorder(api.database).record(recordOf(claim, verdict));
    expect(await idsOf(acme, '/v1/dead-letters?data[job_id]=job_7')).toEqual([body.items[0]?.id]);
  });

  it('is found by members that its type names, from then on, as they are spelled', async () => {
    const type = { name: 'order.paid', searchable: ['/order/id', 'total'] };
    const made = await api.operator('POST', '/v1/event-types', type);
    expect(made.body).toMatchObject({ searchable: type.searchable, searchable_since: expect.any(String) });
    const body = '{"event":"order.paid","data":{"order":{"id":9223372036854775807},"total":1.50}}';
    const { id } = (await acme('POST', '/v1/events', body)).body;
    const both = 'data[/order/id]=9223372036854775807&data[total]=1.50';
    expect(await idsOf(acme, `/v1/events?${both}`)).toEqual([id]);
    expect(await idsOf(acme, '/v1/events?data[total]=1.5')).toEqual([]);
    expect(await idsOf(acme, '/v1/events?data[total]=1.50&data[job_id]=job_7')).toEqual([]);
    const changed = await api.operator('PATCH', '/v1/event-types/order.paid', { searchable: ['note'] });
    expect(changed.body.searchable).toEqual(['note']);
    expect(Date.parse(String(changed.body.searchable_since))).toBeGreaterThan(
      Date.parse(String(made.body.searchable_since)),
    );
  });

  it('is found by its uid, its idempotency key, and by that nobody got it', async () => {
    const uid = 'u-1';
    const { id } = (await acme('POST', '/v1/events', { ...JOB, uid })).body;
    expect(await idsOf(acme, `/v1/events?uid=${uid}`)).toEqual([id]);
    expect(await idsOf(zeta, `/v1/events?uid=${uid}`)).toEqual([]);
    const batch = { events: [{ ...JOB, idempotency_key: 'k-1' }] };
    const [keyed] = (await acme('POST', '/v1/events/batch', batch)).body.events;
    expect(await idsOf(acme, '/v1/events?idempotency_key=k-1')).toEqual([keyed?.id]);
    expect(await idsOf(zeta, '/v1/events?idempotency_key=k-1')).toEqual([]);
    expect(await idsOf(zeta, '/v1/events?reached=none')).toHaveLength(3);
    expect(await idsOf(acme, '/v1/events?reached=none&event=job.completed')).toEqual([]);
  });

  it('takes what it is found by with it when it goes', async () => {
    const { pool } = api.database;
    const key = async () => await countRows(pool, 'search_keys');
    const before = await key();
    const { id } = (await acme('POST', '/v1/events', { event: 'job.progress', data: JOB.data })).body;
    expect(await key()).toBe(before + 1);
    await ageEvent(pool, id, 40);
    expect((await new Retention(api.database).sweep(30)).events).toBe(1);
    expect(await key()).toBe(before);
  });

  it.each([
    ['data[nothing]=1', 'data[nothing]', 'not_searchable'],
    ['data[job_id]=1&data[job_id]=2', 'data', 'invalid_type'],
    ['reached=some', 'reached', 'invalid_value'],
    ['include=everything', 'include', 'invalid_value'],
  ])('is not looked for by %s', async (query, parameter, code) => {
    const { status, body } = await acme('GET', `/v1/events?${query}`);
    expect({ status, errors: body.errors }).toMatchObject({ status: 422, errors: [{ parameter, code }] });
  });

  it.each([[['a', 'b', 'c', 'd', 'e', 'f']], [['']], [['/a~']], ['job_id']])(
    'cannot be made to be found by %j',
    async (searchable) => {
      const { status } = await api.operator('POST', '/v1/event-types', { name: 'never.made', searchable });
      expect(status).toBe(422);
    },
  );
});
