import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EndpointSwitch } from '../../../src/storage/gates/endpoint-switch.ts';
import { Retention } from '../../../src/storage/upkeep/retention.ts';
import { type ApiCall, type ApiUnderTest, startApi } from '../../support/api/api.ts';
import { aDayPasses, type Explained, endDelivery, explainedTo } from '../../support/api/explaining.ts';
import { ageEndpointVersions, ageEventTypeVersions } from '../../support/rows/clock.ts';
import { filtersOf } from '../../support/rows/endpoints.ts';
import { answered } from '../../support/storage/storage.ts';

let api: ApiUnderTest;
let acme: ApiCall;
const ids: Record<string, string> = {};

beforeAll(async () => {
  api = await startApi();
  acme = await api.customer('acme');
  await create('takes', {});
  await create('other', { events: ['job.failed'] });
  await create('picky', { filter: { job_id: ['J-8', 'K-*'] } });
  for (const name of ['paused', 'rested', 'gone', 'byHand', 'deleted', 'dies']) await create(name, {});
  await create('ordered', { ordered: true });
  await create('operator', { customer_id: null });
  await create('foreign', { customer_id: 'zeta' });
  for (const name of ['paused', 'rested'])
    await api.operator('POST', `/v1/endpoints/${ids[name]}/pause`, { reason: 'moving house' });
  await api.operator('POST', `/v1/endpoints/${ids.byHand}/disable`, { reason: 'on holiday' });
  await new EndpointSwitch(api.database).disable(ids.gone ?? '', 'gone');
  await api.operator('DELETE', `/v1/endpoints/${ids.deleted}`);
  ids.earlier = (
    await acme('POST', '/v1/events', { event: 'job.completed', data: { job_id: 'J-6' } })
  ).body.id;
  ids.event = (await acme('POST', '/v1/events', { event: 'job.completed', data: { job_id: 'J-7' } })).body.id;
  ids.progress = (await acme('POST', '/v1/events', { event: 'job.progress', data: {} })).body.id;
  await create('later', {});
  await end('dies', { verdict: { kind: 'dead', reason: 'endpoint_gone' }, outcome: answered(410) });
});
afterAll(async () => await api.close());

/** Makes the only attempt of what the event became at an endpoint. */
async function end(name: string, record: Parameters<typeof endDelivery>[2]): Promise<void> {
  await endDelivery(api, (await explained(acme)).get(name)?.delivery_id ?? '', record);
}

async function create(name: string, members: object): Promise<void> {
  const body = { url: `https://example.com/${name}`, customer_id: 'acme', ...members };
  ids[name] = (await api.operator('POST', '/v1/endpoints', body)).body.id;
}

async function explained(call: ApiCall, event = ids.event ?? ''): Promise<ReadonlyMap<string, Explained>> {
  return await explainedTo(call, { event, ids });
}

/** By endpoint: what became of the event, by which rule, and words of the sentence. */
const EXPECTED: Readonly<Record<string, readonly [outcome: string, rule: string, sentence: RegExp]>> = {
  takes: ['waiting', 'queued', /^Waits for a worker/],
  other: ['not_matched', 'not_subscribed', /took job\.failed, which does not include job\.completed\.$/],
  picky: ['not_matched', 'filtered', /whose job_id is J-8 or K-\*; this one’s is J-7\.$/],
  paused: ['waiting', 'paused', /^Held: the endpoint is paused since .*, by operator: “moving house”\.$/],
  rested: ['waiting', 'paused', /^Held: the endpoint is paused since .*, by operator: “moving house”\.$/],
  gone: ['skipped', 'gone', /^Skipped: the endpoint was disabled since .*, because it answered 410 Gone\.$/],
  byHand: ['skipped', 'by_hand', /disabled since .*, by operator: “on holiday”\.$/],
  ordered: ['waiting', 'order', /^Held: the endpoint keeps the order, and del_\w+ comes first\.$/],
  dies: [
    'dead',
    'endpoint_gone',
    /^Dead: the endpoint answered 410 Gone \(1 attempt, the last with http_410\)\. \S/,
  ],
  later: ['not_matched', 'created_later', /created later, at /],
  deleted: ['not_matched', 'deleted_before', /deleted before, at /],
};

describe('GET /v1/events/{id}/explain', () => {
  it('tells of each endpoint why it got the event or did not, in a sentence of its own', async () => {
    const found = await explained(acme);
    expect([...found.keys()].sort()).toEqual(Object.keys(EXPECTED).sort());
    for (const [name, [outcome, rule, sentence]] of Object.entries(EXPECTED))
      expect({ name, ...found.get(name) }).toMatchObject({
        name,
        outcome,
        rule,
        sentence: expect.stringMatching(sentence),
      });
    expect((await explained(acme, ids.progress)).get('takes')).toMatchObject({ rule: 'opt_in' });
  });

  it("tells a customer nothing of the operator's endpoints, and nobody of what is in nobody's reach", async () => {
    const all = await explained(api.operator);
    expect(all.get('operator')).toMatchObject({ outcome: 'waiting' });
    expect(all.has('foreign')).toBe(false);
    const zeta = await api.customer('zeta');
    expect((await zeta('GET', `/v1/events/${ids.event}/explain`)).status).toBe(404);
  });

  it('tells of an operational event whom it is for', async () => {
    await create('watching', { customer_id: null });
    await api.operator('POST', `/v1/endpoints/${ids.other}/disable`);
    const { body } = await api.operator('GET', '/v1/events?event=endpoint.disabled&limit=1');
    const found = await explained(api.operator, body.items[0]?.id ?? '');
    expect(found.get('watching')).toMatchObject({ outcome: 'waiting' });
    await api.operator('POST', `/v1/endpoints/${ids.watching}/disable`);
    const own = await api.operator('GET', '/v1/events?event=endpoint.disabled&limit=1');
    const told = await explained(api.operator, own.body.items[0]?.id ?? '');
    expect(told.get('watching')).toMatchObject({ outcome: 'not_matched', rule: 'about_itself' });
    await api.operator('POST', `/v1/endpoints/${ids.other}/enable`);
  });

  it('says the same a day later, after everything has changed', async () => {
    await aDayPasses(api);
    await acme('PATCH', `/v1/endpoints/${ids.other}`, { events: ['*'], url: 'https://example.com/new' });
    await acme('PATCH', `/v1/endpoints/${ids.picky}`, { filter: null });
    for (const name of ['gone', 'byHand']) await acme('POST', `/v1/endpoints/${ids[name]}/enable`);
    await acme('PATCH', `/v1/endpoints/${ids.takes}`, { events: ['job.failed'] });
    await acme('PATCH', `/v1/endpoints/${ids.dies}`, {
      url: 'https://example.com/alive',
      events: ['job.failed'],
    });
    await acme('POST', `/v1/endpoints/${ids.rested}/resume`);
    const rested = (await explained(acme)).get('rested')?.delivery_id;
    expect((await acme('POST', `/v1/deliveries/${rested}/retry`)).status).toBe(202);
    await end('rested', { verdict: { kind: 'delivered' } });
    const found = await explained(acme);
    for (const name of ['other', 'picky', 'gone', 'byHand', 'dies', 'later', 'takes', 'deleted']) {
      const [outcome, rule, sentence] = EXPECTED[name] ?? [];
      expect({ name, ...found.get(name) }).toMatchObject({ name, outcome, rule });
      expect(found.get(name)?.sentence).toMatch(sentence ?? /^$/);
    }
    expect(found.get('rested')?.sentence).toMatch(
      /^Delivered after 1 attempt.* When the event came the endpoint was paused since .*: “moving house”\.$/,
    );
    expect(found.get('other')?.endpoint_then?.url).toBe('https://example.com/other');
    await acme('DELETE', `/v1/endpoints/${ids.takes}`);
    expect((await explained(acme)).get('takes')).toMatchObject({
      outcome: 'cancelled',
      rule: 'endpoint_deleted',
    });
  });

  it('judges by the opt-in and the searchable members that the type had then', async () => {
    const type = { name: 'order.placed', description: 'placed', opt_in: true, searchable: ['order_id'] };
    await api.operator('POST', '/v1/event-types', type);
    await create('orders', { filter: { order_id: ['O-1'] }, events: ['order.placed'] });
    await create('everything', {});
    const of = async (event: object) => (await acme('POST', '/v1/events', event)).body.id;
    const event = await of({ event: 'order.placed', data: { order_id: 'O-2' } });
    const before = await explained(acme, event);
    expect(before.get('everything')).toMatchObject({ outcome: 'not_matched', rule: 'opt_in' });
    expect(before.get('orders')?.sentence).toMatch(/whose order_id is O-1; this one’s is O-2\.$/);

    await acme('PATCH', `/v1/endpoints/${ids.orders}`, { events: ['job.failed'], filter: null });
    expect((await api.operator('DELETE', '/v1/event-types/order.placed')).status).toBe(204);
    expect(await explained(acme, event)).toEqual(before);
    await api.operator('POST', '/v1/event-types', { ...type, opt_in: false, searchable: [] });
    expect(await explained(acme, event)).toEqual(before);

    await create('blind', { filter: { order_id: ['O-2'] } });
    const later = await of({ event: 'order.placed', data: { order_id: 'O-2' } });
    expect((await explained(acme, later)).get('everything')).toMatchObject({ outcome: 'waiting' });
    const blind = (await explained(acme, later)).get('blind');
    expect(blind?.sentence).toMatch(/order\.placed does not name as searchable/);
    await api.operator('PATCH', '/v1/event-types/order.placed', { searchable: ['order_id'] });
    expect((await explained(acme, later)).get('blind')).toEqual(blind);
  });

  it('tells of any number of endpoints, a page at a time and each once', async () => {
    const told: string[] = [];
    let cursor = '';
    do {
      const path: string = `/v1/events/${ids.event}/explain?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`;
      const { body } = await api.operator('GET', path);
      const page = body.endpoints as unknown as readonly Explained[];
      expect(page.length).toBeLessThanOrEqual(2);
      told.push(...page.map((one) => one.endpoint_id));
      cursor = body.next_cursor ?? '';
    } while (cursor !== '');
    const all = (await api.operator('GET', `/v1/events/${ids.event}/explain`)).body;
    expect(told).toEqual((all.endpoints as unknown as readonly Explained[]).map((one) => one.endpoint_id));
    expect(told.length).toBeGreaterThan(8);
    expect(new Set(told).size).toBe(told.length);
    expect(all.next_cursor).toBeNull();
  });

  it('tells of an erased event what can still be told', async () => {
    await api.operator('DELETE', `/v1/events/${ids.event}/data`);
    const found = await explained(acme);
    expect(found.get('picky')?.sentence).toMatch(/by job_id; what this one had there is erased\.$/);
    expect(found.get('paused')).toMatchObject({ outcome: 'cancelled', rule: 'erased' });
    expect(JSON.stringify([...found.values()])).not.toContain('J-7');
  });

  it('keeps what endpoints were as long as events, and what they are now for ever', async () => {
    const { pool } = api.database;
    const versionsOf = async (name: string) => {
      return await filtersOf(pool, String(ids[name]));
    };
    await ageEndpointVersions(pool, 40);
    const retention = new Retention(api.database);
    expect((await retention.sweep(60)).versions).toBe(0);
    expect((await retention.sweep(30)).versions).toBeGreaterThan(0);
    await ageEventTypeVersions(pool, 40);
    expect(await retention.sweep(60)).toMatchObject({ versions: 0 });
    expect((await retention.sweep(30)).versions).toBeGreaterThan(0);
    expect(await versionsOf('other')).toEqual([['*']]);
    expect(await versionsOf('deleted')).toEqual([]);
    expect((await explained(acme)).get('deleted')).toMatchObject({ rule: 'deleted_before' });
  });
});
