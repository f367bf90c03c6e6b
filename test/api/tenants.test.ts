import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ApiCall, type ApiUnderTest, startApi } from '../support/api/api.ts';
import { insertAttempt, insertDelivery, insertOutcome } from '../support/storage/rows.ts';

const EVENT = { event: 'job.completed', data: { job_id: 'job_1' } };

let api: ApiUnderTest;
let acme: ApiCall;
let globex: ApiCall;
let endpoint: string;
let delivery: string;
let event: string;
beforeAll(async () => {
  api = await startApi({ echo: true });
  acme = await api.customer('acme');
  globex = await api.customer('globex');
  const url = 'https://receiver.example/';
  endpoint = (await acme('POST', '/v1/endpoints', { url })).body.id;
  await globex('POST', '/v1/endpoints', { url });
  await api.operator('POST', '/v1/endpoints', { url, customer_id: null });
  event = (await acme('POST', '/v1/events', EVENT)).body.id;
  await acme('POST', '/v1/events', EVENT);
  delivery = await insertDelivery(api.database.pool, { endpoint_id: endpoint, status: 'dead' });
  await insertAttempt(api.database.pool, { delivery_id: delivery, endpoint_id: endpoint });
  await insertOutcome(api.database.pool, { delivery_id: delivery, endpoint_id: endpoint, became: 'dead' });
});
afterAll(async () => await api.close());

describe('a customer', () => {
  it.each(['/v1/events', '/v1/endpoints', '/v1/deliveries', '/v1/dead-letters'])(
    "finds nothing of another's in %s, whatever it filters by",
    async (path) => {
      const own = (await acme('GET', path)).body.items;
      expect(own.every(({ customer_id }) => customer_id === 'acme')).toBe(true);
      expect(own.length).toBeGreaterThan(0);
      const foreign = new Set(own.map(({ id }) => id));
      const filters = /deliveries|letters/.test(path) ? foreignFilters() : [''];
      for (const filter of filters) {
        const { status, body } = await globex('GET', `${path}?${filter}`);
        expect([status, body.items.filter(({ id }) => foreign.has(id))]).toEqual([200, []]);
      }
    },
  );

  it('sees of all customers itself', async () => {
    const listed = (await globex('GET', '/v1/customers')).body.items;
    expect(listed.map(({ id }) => id)).toEqual(['globex']);
    expect((await globex('GET', '/v1/customers/globex')).status).toBe(200);
    expect((await globex('GET', '/v1/customers/acme')).status).toBe(404);
    const put = await globex('PUT', '/v1/customers/acme/endpoints/own', { url: 'https://receiver.example/' });
    expect(put.status).toBe(404);
  });

  it("cannot go on with another's cursor, nor with that of its other list", async () => {
    const { next_cursor: cursor } = (await acme('GET', '/v1/events?limit=1')).body;
    expect(cursor).toEqual(expect.any(String));
    expect((await acme('GET', `/v1/events?limit=1&cursor=${cursor}`)).status).toBe(200);
    for (const path of ['/v1/events', '/v1/deliveries'])
      expect((await globex('GET', `${path}?cursor=${cursor}`)).body.code).toBe('cursor_invalid');
    expect((await acme('GET', `/v1/deliveries?cursor=${cursor}`)).body.code).toBe('cursor_invalid');
  });

  it("neither counts nor touches another's dead letters", async () => {
    for (const selection of [
      { all: true },
      { filter: { ids: [delivery] } },
      { filter: { endpoint_id: endpoint } },
    ]) {
      for (const action of ['retry', 'discard']) {
        const path = `/v1/dead-letters/${action}`;
        expect((await globex('POST', path, { ...selection, dry_run: true })).body.count).toBe(0);
        expect((await globex('POST', path, selection)).body.count).toBe(0);
      }
    }
    expect((await acme('GET', `/v1/deliveries/${delivery}`)).body.status).toBe('dead');
  });

  it("counts its own endpoints only, not the operator's that see its events", async () => {
    const mine = await acme('POST', '/v1/events', EVENT);
    expect(mine.body.deliveries).toBe(1);
    const many = await acme('POST', '/v1/events/batch', { events: [EVENT, EVENT] });
    expect(many.body.events.map(({ deliveries }) => deliveries)).toEqual([1, 1]);
    const theirs = await api.operator('POST', '/v1/events', { ...EVENT, customer_id: 'acme' });
    expect(theirs.body.deliveries).toBe(2);
    const read = await acme('GET', `/v1/events/${mine.body.id}`);
    expect(read.body).toMatchObject({ deliveries: 1, deliveries_by_status: { queued: 1 } });
    expect((await api.operator('GET', `/v1/events/${mine.body.id}`)).body.deliveries).toBe(2);
    const listed = (await acme('GET', '/v1/events?limit=1')).body.items;
    expect(listed.map(({ deliveries }) => deliveries)).toEqual([1]);
  });

  it("is told of its own endpoints why they got an event or did not, and of nobody's else", async () => {
    const toldOf = async (call: ApiCall) => {
      const { body } = await call('GET', `/v1/events/${event}/explain`);
      return (body.endpoints as { customer_id: string | null }[]).map(({ customer_id: id }) => id).sort();
    };
    expect(await toldOf(acme)).toEqual(['acme']);
    expect(await toldOf(api.operator)).toEqual(['acme', null]);
    expect((await globex('GET', `/v1/events/${event}/explain`)).status).toBe(404);
  });

  it('is told the same count when it repeats an idempotency key', async () => {
    const events = [{ ...EVENT, idempotency_key: 'once' }];
    const counts: number[] = [];
    for (const call of [acme, acme])
      counts.push(...(await call('POST', '/v1/events/batch', { events })).body.events.map(toCount));
    expect(counts).toEqual([1, 1]);
  });

  it('shares no idempotency keys with others', async () => {
    const events = [{ ...EVENT, idempotency_key: 'shared' }];
    const answers = await Promise.all(
      [acme, globex].map(async (call) => (await call('POST', '/v1/events/batch', { events })).body.events[0]),
    );
    expect(answers.map((answer) => answer?.customer_id)).toEqual(['acme', 'globex']);
    expect(answers[0]?.id).not.toBe(answers[1]?.id);
  });

  it("has no part in another's statistics", async () => {
    const stats = (await globex('GET', '/v1/stats')).body;
    expect(stats.attempts.total).toBe(0);
    expect((await acme('GET', '/v1/stats')).body.attempts.total).toBe(1);
    for (const by of ['endpoint', 'error_code', 'customer', 'event']) {
      const { items } = (await globex('GET', `/v1/stats/top?of=attempts&by=${by}`)).body;
      expect(items).toEqual([]);
    }
    const series = `/v1/stats/series?measures=attempts&endpoint_ids=${endpoint}`;
    expect([await attemptsIn(globex, series), await attemptsIn(acme, series)]).toEqual([0, 1]);
    expect((await globex('GET', '/v1/stats/now')).body).toMatchObject({ dead: { count: 0 }, workers: null });
    expect((await globex('GET', '/v1/deliveries/count?status=dead')).body.count).toBe(0);
  });

  it('sees of an echo receiver what came of its own deliveries', async () => {
    const post = async (id: string) =>
      await fetch(`${api.url}/v1/echo/shared`, { method: 'POST', headers: { 'webhook-id': id }, body: id });
    for (const id of [delivery, 'del_of_nobody']) await post(id);
    expect((await acme('GET', '/v1/echo/shared')).body.items.map(({ body }) => body)).toEqual([delivery]);
    expect((await globex('GET', '/v1/echo/shared')).body.items).toEqual([]);
    expect((await api.operator('GET', '/v1/echo/shared')).body.items).toHaveLength(2);
  });
});

async function attemptsIn(call: ApiCall, path: string): Promise<number> {
  const series = (await call('GET', path)).body.series as { values: number[] }[];
  return series.flatMap(({ values }) => values).reduce((sum, value) => sum + value, 0);
}

function toCount({ deliveries }: { readonly deliveries: number }): number {
  return deliveries;
}

function foreignFilters(): readonly string[] {
  return ['', `endpoint_id=${endpoint}`, `event_id=${event}`, `endpoint_id=${endpoint}&event_id=${event}`];
}
