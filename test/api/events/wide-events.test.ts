import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WideEvents } from '../../../src/storage/events/wide-events.ts';
import { type ApiAnswer, type ApiUnderTest, startApi } from '../../support/api/api.ts';
import { copyEndpoint } from '../../support/storage/copy-endpoint.ts';

const ENDPOINTS = 2_500;

let api: ApiUnderTest;
let wideEvents: WideEvents;
beforeAll(async () => {
  api = await startApi();
  const { database, publisher } = api.dependencies;
  wideEvents = new WideEvents(database, publisher.tell);
  const endpoint = { url: 'https://example.com/hook', customer_id: 'acme' };
  const { id } = (await api.operator('POST', '/v1/endpoints', endpoint)).body;
  await api.operator('POST', `/v1/endpoints/${id}/pause`);
  await copyEndpoint(database.pool, id, ENDPOINTS - 1);
});
afterAll(async () => await api.close());

async function broadcast(key: string): Promise<ApiAnswer> {
  const event = { event: 'system.maintenance', broadcast: true, data: {}, idempotency_key: key };
  return await api.operator('POST', '/v1/events/batch', { events: [event] });
}

async function makeAll(): Promise<void> {
  while (await wideEvents.makeSome());
}

async function standing(id: string): Promise<unknown> {
  return (await api.operator('GET', `/v1/events/${id}`)).body.deliveries_by_status;
}

/** What the explanation says of each endpoint, page by page. */
async function explained(id: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const all: Readonly<Record<string, unknown>>[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const { body } = await api.operator('GET', `/v1/events/${id}/explain${cursor && `?cursor=${cursor}`}`);
    all.push(...(body.endpoints as readonly Readonly<Record<string, unknown>>[]));
    cursor = body.next_cursor;
  }
  return all;
}

describe('an event to very many endpoints', () => {
  it('is accepted with its first deliveries and the number of all, again for a repeated request', async () => {
    const first = await broadcast('wide');
    const [event] = first.body.events;
    expect([first.status, event?.deliveries]).toEqual([202, ENDPOINTS]);
    const id = event?.id ?? '';
    expect(await standing(id)).toMatchObject({ held: 1_000 });
    expect((await broadcast('wide')).body).toEqual(first.body);
    await makeAll();
    expect(await standing(id)).toMatchObject({ held: ENDPOINTS });
    expect((await broadcast('wide')).body).toEqual(first.body);
    const { body } = await api.operator('GET', `/v1/deliveries/count?event_id=${id}`);
    expect(body.count).toBe(ENDPOINTS);
  });

  it('is explained for each endpoint, also where its delivery is still to be made', async () => {
    const id = (await broadcast('explained')).body.events[0]?.id ?? '';
    const endpoints = await explained(id);
    expect(endpoints).toHaveLength(ENDPOINTS);
    const toBeMade = endpoints.filter(({ delivery_id }) => delivery_id === null);
    expect(toBeMade).toHaveLength(ENDPOINTS - 1_000);
    expect(toBeMade[0]).toMatchObject({
      outcome: 'waiting',
      rule: 'queued',
      sentence: 'Its delivery is being made: the event goes to more endpoints than are served at once.',
    });
    await makeAll();
    expect(new Set((await explained(id)).map(({ rule }) => rule))).toEqual(new Set(['paused']));
  });

  it('gets no further delivery once it is erased', async () => {
    const id = (await broadcast('erased')).body.events[0]?.id ?? '';
    expect((await api.operator('DELETE', `/v1/events/${id}/data`)).status).toBe(204);
    await makeAll();
    expect(await standing(id)).toMatchObject({ cancelled: 1_000, held: 0 });
  });
});
