import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ApiCall, type ApiUnderTest, startApi } from '../../support/api/api.ts';

let api: ApiUnderTest;
let acme: ApiCall;
let globex: ApiCall;
beforeAll(async () => {
  api = await startApi();
  acme = await api.customer('acme');
  globex = await api.customer('globex');
  for (const customer_id of ['acme', null]) {
    await api.operator('POST', '/v1/endpoints', { url: 'https://example.com/hook', customer_id });
  }
});
afterAll(async () => await api.close());

describe('GET /v1/events/{id}', () => {
  it('shows the event, its data and where its deliveries stand', async () => {
    const { body: accepted } = await api.operator('POST', '/v1/events', event('acme', { n: 1 }));
    const { status, body } = await api.operator('GET', `/v1/events/${accepted.id}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ ...accepted, data: { n: 1 }, cancelled_at: null, test: false });
    expect(body.deliveries_by_status).toMatchObject({ queued: 2, delivered: 0, scheduled: 0 });
    const own = await acme('GET', `/v1/events/${accepted.id}`);
    expect(own.body.deliveries_by_status).toMatchObject({ queued: 1 });
  });

  it('hides it from other customers', async () => {
    const { body: accepted } = await api.operator('POST', '/v1/events', event('acme'));
    expect((await globex('GET', `/v1/events/${accepted.id}`)).status).toBe(404);
    expect((await globex('POST', `/v1/events/${accepted.id}/cancel`)).status).toBe(404);
  });
});

describe('GET /v1/events', () => {
  it('leads through all events, newest first, each once', async () => {
    const published = await publishMany(7, 'paged');
    const seen: string[] = [];
    let cursor = '';
    do {
      const { status, body } = await api.operator('GET', `/v1/events?customer_id=paged&limit=3${cursor}`);
      expect(status).toBe(200);
      seen.push(...body.items.map((item) => item.id));
      cursor = body.next_cursor === null ? '' : `&cursor=${encodeURIComponent(body.next_cursor)}`;
    } while (cursor !== '');
    expect(seen).toEqual(published.reverse());
  });

  it('filters by type, customer and time', async () => {
    const [id] = await publishMany(1, 'filtered');
    await api.operator('POST', '/v1/events', { event: 'job.failed', customer_id: 'filtered', data: {} });
    const { body } = await api.operator('GET', '/v1/events?customer_id=filtered&event=job.completed');
    expect(body.items.map((item) => item.id)).toEqual([id]);
    const at = body.items[0]?.created_at;
    const count = async (query: string) =>
      (await api.operator('GET', `/v1/events?customer_id=filtered&event=job.completed&${query}`)).body.items
        .length;
    expect(await count('before=2020-01-01T00:00:00Z')).toBe(0);
    expect(await count(`after=${at}`)).toBe(1);
    expect(await count('after=2099-01-01T00:00:00%2B02:00')).toBe(0);
  });

  it("shows a customer's key that customer's events", async () => {
    await publishMany(1, 'globex');
    const { body } = await globex('GET', '/v1/events');
    expect(new Set(body.items.map((item) => item.customer_id))).toEqual(new Set(['globex']));
    expect((await globex('GET', '/v1/events?customer_id=acme')).status).toBe(403);
  });

  it.each([
    ['limit=0', 'limit', 'too_small'],
    ['limit=101', 'limit', 'too_big'],
    ['limit=1e9', 'limit', 'invalid_type'],
    ['limit=1000000000', 'limit', 'too_big'],
    ['limit=-1', 'limit', 'too_small'],
    ['limit=2.5', 'limit', 'invalid_type'],
    ['limit=', 'limit', 'invalid_type'],
    ['limit=1&limit=2', 'limit', 'invalid_type'],
    ['cursor=', 'cursor', 'cursor_invalid'],
    ['cursor=abc.def', 'cursor', 'cursor_invalid'],
    [`cursor=${'a'.repeat(600)}`, 'cursor', 'too_big'],
    ['after=2023-02-29T00:00:00Z', 'after', 'invalid_time'],
    ['before=yesterday', 'before', 'invalid_time'],
    ['event=job.*', 'event', 'invalid_event_type'],
    ['customer_id=%00', 'customer_id', 'invalid_customer_id'],
    ['customer_id=', 'customer_id', 'too_small'],
    ['colour=red', 'colour', 'unknown_member'],
    ['__proto__=1', '__proto__', 'unknown_member'],
  ])('refuses ?%s', async (query, parameter, code) => {
    const { status, body } = await api.operator('GET', `/v1/events?${query}`);
    expect(status).toBe(422);
    expect(body.errors).toEqual([{ parameter, code, detail: expect.any(String) }]);
  });

  it('refuses a cursor that is forged, of another list, key or filter', async () => {
    await publishMany(3, 'acme');
    const cursorOf = async (call: ApiCall, path: string) =>
      (await call('GET', path)).body.next_cursor as string;
    const own = await cursorOf(acme, '/v1/events?limit=1');
    const refused = [
      [acme, `/v1/events?limit=1&cursor=${own.slice(0, -2)}AA`],
      [
        acme,
        `/v1/events?limit=1&cursor=${Buffer.from('evt_').toString('base64url')}${own.slice(own.indexOf('.'))}`,
      ],
      [globex, `/v1/events?limit=1&cursor=${own}`],
      [api.operator, `/v1/events?limit=1&cursor=${own}`],
      [acme, `/v1/events?limit=1&event=job.failed&cursor=${own}`],
      [acme, `/v1/event-types?cursor=${own}`],
      [acme, `/v1/deliveries?cursor=${own}`],
    ] as const;
    for (const [call, path] of refused) {
      const { status, body } = await call('GET', path);
      expect([path, status, body.code]).toEqual([path, 422, 'cursor_invalid']);
    }
    expect((await acme('GET', `/v1/events?limit=2&cursor=${own}`)).status).toBe(200);
  });
});

describe('POST /v1/events/{id}/cancel', () => {
  it('cancels a scheduled event with its deliveries, once and for all', async () => {
    const deliver_at = new Date(Date.now() + 3_600_000).toISOString();
    const { body: accepted } = await api.operator('POST', '/v1/events', { ...event('acme'), deliver_at });
    expect(accepted).toMatchObject({ deliver_at, deliveries: 2 });
    const first = await acme('POST', `/v1/events/${accepted.id}/cancel`);
    expect(first.status).toBe(202);
    expect(first.body.cancelled_at).toEqual(expect.any(String));
    const { body } = await api.operator('GET', `/v1/events/${accepted.id}`);
    expect(body.deliveries_by_status).toMatchObject({ cancelled: 2, scheduled: 0 });
    const again = await acme('POST', `/v1/events/${accepted.id}/cancel`);
    expect([again.status, again.body.cancelled_at]).toEqual([202, first.body.cancelled_at]);
  });

  it('refuses one that is due at once', async () => {
    const { body: accepted } = await api.operator('POST', '/v1/events', event('acme'));
    const { status, body } = await api.operator('POST', `/v1/events/${accepted.id}/cancel`);
    expect([status, body.code]).toEqual([409, 'event_not_scheduled']);
  });
});

function event(customer_id: string, data: object = {}): Record<string, unknown> {
  return { event: 'job.completed', customer_id, data };
}

async function publishMany(count: number, customer_id: string): Promise<string[]> {
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1) {
    ids.push((await api.operator('POST', '/v1/events', event(customer_id))).body.id);
  }
  return ids;
}
