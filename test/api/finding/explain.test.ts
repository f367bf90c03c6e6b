import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EndpointSwitch } from '../../../src/storage/gates/endpoint-switch.ts';
import { Retention } from '../../../src/storage/upkeep/retention.ts';
import { type ApiCall, type ApiUnderTest, startApi } from '../../support/api/api.ts';

interface Explained {
  readonly endpoint_id: string;
  readonly outcome: string;
  readonly rule: string | null;
  readonly sentence: string;
  readonly endpoint_then: { readonly url: string } | null;
}

let api: ApiUnderTest;
let acme: ApiCall;
const ids: Record<string, string> = {};

beforeAll(async () => {
  api = await startApi();
  acme = await api.customer('acme');
  await create('takes', {});
  await create('other', { events: ['job.failed'] });
  await create('picky', { filter: { job_id: ['J-8', 'K-*'] } });
  for (const name of ['paused', 'gone', 'byHand', 'deleted']) await create(name, {});
  await create('ordered', { ordered: true });
  await create('operator', { customer_id: null });
  await create('foreign', { customer_id: 'zeta' });
  await api.operator('POST', `/v1/endpoints/${ids.paused}/pause`, { reason: 'moving house' });
  await api.operator('POST', `/v1/endpoints/${ids.byHand}/disable`, { reason: 'on holiday' });
  await new EndpointSwitch(api.database).disable(ids.gone ?? '', 'gone');
  await api.operator('DELETE', `/v1/endpoints/${ids.deleted}`);
  ids.earlier = (
    await acme('POST', '/v1/events', { event: 'job.completed', data: { job_id: 'J-6' } })
  ).body.id;
  ids.event = (await acme('POST', '/v1/events', { event: 'job.completed', data: { job_id: 'J-7' } })).body.id;
  ids.progress = (await acme('POST', '/v1/events', { event: 'job.progress', data: {} })).body.id;
  await create('later', {});
});
afterAll(async () => await api.close());

async function create(name: string, members: object): Promise<void> {
  const body = { url: `https://example.com/${name}`, customer_id: 'acme', ...members };
  ids[name] = (await api.operator('POST', '/v1/endpoints', body)).body.id;
}

async function explained(call: ApiCall, event = ids.event): Promise<ReadonlyMap<string, Explained>> {
  const { status, body } = await call('GET', `/v1/events/${event}/explain`);
  expect(status).toBe(200);
  const endpoints = body.endpoints as unknown as readonly Explained[];
  const named = Object.entries(ids);
  return new Map(endpoints.map((one) => [named.find(([, id]) => id === one.endpoint_id)?.[0] ?? '', one]));
}

/** By endpoint: what became of the event, by which rule, and words of the sentence. */
const EXPECTED: Readonly<Record<string, readonly [outcome: string, rule: string, sentence: RegExp]>> = {
  takes: ['waiting', 'queued', /^Waits for a worker/],
  other: ['not_matched', 'not_subscribed', /took job\.failed, which does not include job\.completed\.$/],
  picky: ['not_matched', 'filtered', /whose job_id is J-8 or K-\*; this one’s is J-7\.$/],
  paused: ['waiting', 'paused', /^Held: the endpoint is paused since .*, by operator: “moving house”\.$/],
  gone: ['skipped', 'gone', /^Skipped: the endpoint was disabled since .*, because it answered 410 Gone\.$/],
  byHand: ['skipped', 'by_hand', /disabled since .*, by operator: “on holiday”\.$/],
  ordered: ['waiting', 'order', /^Held: the endpoint keeps the order, and del_\w+ comes first\.$/],
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
    await aDayPasses();
    await acme('PATCH', `/v1/endpoints/${ids.other}`, { events: ['*'], url: 'https://example.com/new' });
    await acme('PATCH', `/v1/endpoints/${ids.picky}`, { filter: null });
    for (const name of ['gone', 'byHand']) await acme('POST', `/v1/endpoints/${ids[name]}/enable`);
    await acme('PATCH', `/v1/endpoints/${ids.takes}`, { events: ['job.failed'] });
    const found = await explained(acme);
    for (const name of ['other', 'picky', 'gone', 'byHand', 'later', 'takes', 'deleted']) {
      const [outcome, rule, sentence] = EXPECTED[name] ?? [];
      expect({ name, ...found.get(name) }).toMatchObject({ name, outcome, rule });
      expect(found.get(name)?.sentence).toMatch(sentence ?? /^$/);
    }
    expect(found.get('other')?.endpoint_then?.url).toBe('https://example.com/other');
    await acme('DELETE', `/v1/endpoints/${ids.takes}`);
    expect((await explained(acme)).get('takes')).toMatchObject({
      outcome: 'cancelled',
      rule: 'endpoint_deleted',
    });
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
      const { rows } = await pool.query('SELECT events FROM endpoint_versions WHERE endpoint_id = $1', [
        ids[name],
      ]);
      return rows;
    };
    await pool.query("UPDATE endpoint_versions SET at = at - interval '40 days'");
    const retention = new Retention(api.database);
    expect((await retention.sweep(60)).versions).toBe(0);
    expect((await retention.sweep(30)).versions).toBeGreaterThan(0);
    expect(await versionsOf('other')).toEqual([{ events: ['*'] }]);
    expect(await versionsOf('deleted')).toEqual([]);
    expect((await explained(acme)).get('deleted')).toMatchObject({ rule: 'deleted_before' });
  });
});

/** Everything that happened until now happened a day earlier. */
async function aDayPasses(): Promise<void> {
  const earlier = (column: string) => `${column} = ${column} - interval '1 day'`;
  for (const [table, columns] of [
    ['events', ['created_at']],
    ['open_deliveries', ['created_at']],
    ['ended_deliveries', ['created_at', 'finished_at']],
    ['endpoints', ['created_at', 'deleted_at', 'status_since']],
    ['endpoint_versions', ['at', 'status_since']],
  ] as const)
    await api.database.pool.query(`UPDATE ${table} SET ${columns.map(earlier).join(', ')}`);
}
