import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EndpointSwitch } from '../../../src/storage/gates/endpoint-switch.ts';
import { type ApiCall, type ApiUnderTest, startApi } from '../../support/api/api.ts';
import { aDayPasses, type Explained, endDelivery, explainedTo } from '../../support/api/explaining.ts';
import { answered } from '../../support/storage/storage.ts';

const TYPE = { name: 'order.placed', description: 'placed', opt_in: true, searchable: ['order_id'] };
const NAMED = ['order.placed'];

/** Endpoints by what keeps the event from them, or befalls it there. */
const CASES: Readonly<Record<string, { readonly settings: object; readonly rule: string | null }>> = {
  'not subscribed': { settings: { events: ['job.failed'] }, rule: 'not_subscribed' },
  filtered: { settings: { events: NAMED, filter: { order_id: ['O-1'] } }, rule: 'filtered' },
  'opt-in': { settings: { events: ['*'] }, rule: 'opt_in' },
  'disabled by its 410': { settings: { events: NAMED }, rule: 'gone' },
  'disabled by hand': { settings: { events: NAMED }, rule: 'by_hand' },
  dead: { settings: { events: NAMED }, rule: 'retries_exhausted' },
  delivered: { settings: { events: NAMED }, rule: null },
  paused: { settings: { events: NAMED }, rule: 'paused' },
};
/** The event has not come to its end there, so that more can be told of it later. */
const OPEN = 'paused';

let api: ApiUnderTest;
let acme: ApiCall;
const ids: Record<string, string> = {};
let event: string;
let then: ReadonlyMap<string, Explained>;

beforeAll(async () => {
  api = await startApi();
  acme = await api.customer('acme');
  await api.operator('POST', '/v1/event-types', TYPE);
  for (const [name, { settings }] of Object.entries(CASES)) {
    const { body } = await acme('POST', '/v1/endpoints', { url: 'https://example.com/first', ...settings });
    ids[name] = body.id;
  }
  await acme('POST', pathOf('paused', '/pause'), { reason: 'moving house' });
  await acme('POST', pathOf('disabled by hand', '/disable'), { reason: 'on holiday' });
  await new EndpointSwitch(api.database).disable(ids['disabled by its 410'] ?? '', 'gone');
  event = (await acme('POST', '/v1/events', { event: TYPE.name, data: { order_id: 'O-2' } })).body.id;
  await end('dead', { verdict: { kind: 'dead', reason: 'retries_exhausted' }, outcome: answered(503) });
  await end('delivered', { verdict: { kind: 'delivered' } });
  then = await explained();
});
afterAll(async () => await api.close());

function pathOf(name: string, action = ''): string {
  return `/v1/endpoints/${ids[name]}${action}`;
}

async function explained(): Promise<ReadonlyMap<string, Explained>> {
  return await explainedTo(acme, { event, ids });
}

async function end(name: string, record: Parameters<typeof endDelivery>[2]): Promise<void> {
  await endDelivery(api, (await explained()).get(name)?.delivery_id ?? '', record);
}

async function done(answer: ReturnType<ApiCall>): Promise<void> {
  const { status, body } = await answer;
  expect({ isDone: status < 300, body: status < 300 ? undefined : body }).toEqual({ isDone: true });
}

/** What was told of all endpoints but the one at which the event is still open. */
function settled(all: ReadonlyMap<string, Explained>): readonly (readonly [string, Explained])[] {
  return [...all].filter(([name]) => name !== OPEN).sort(([one], [other]) => (one < other ? -1 : 1));
}

describe('what is told of an event', () => {
  it('has a sentence of its own for each case', () => {
    const rules = Object.fromEntries([...then].map(([name, { rule }]) => [name, rule]));
    expect(rules).toEqual(Object.fromEntries(Object.entries(CASES).map(([name, { rule }]) => [name, rule])));
    expect(new Set([...then.values()].map(({ sentence }) => sentence)).size).toBe(then.size);
  });

  it('is right a day later, after types, settings and states have changed', async () => {
    await aDayPasses(api);
    const before = settled(await explained());
    await done(api.operator('PATCH', '/v1/event-types/order.placed', { searchable: [] }));
    for (const name of ['disabled by its 410', 'disabled by hand'])
      await done(acme('POST', pathOf(name, '/enable')));
    for (const name of ['dead', 'delivered']) await done(acme('POST', pathOf(name, '/disable')));
    for (const name of Object.keys(CASES))
      await done(
        acme('PATCH', pathOf(name), { url: 'https://example.com/second', events: ['*'], filter: null }),
      );
    await done(api.operator('DELETE', '/v1/event-types/order.placed'));
    expect(settled(await explained())).toEqual(before);
    await done(api.operator('POST', '/v1/event-types', { ...TYPE, opt_in: false, searchable: [] }));
    expect(settled(await explained())).toEqual(before);
    expect(before.map(([, { rule }]) => rule)).toEqual(settled(then).map(([, { rule }]) => rule));
    for (const [, { endpoint_then: was }] of before) expect(was?.url).toBe('https://example.com/first');
  });

  it('names the pause in which it came, where that has ended since', async () => {
    expect(then.get(OPEN)?.sentence).toMatch(/^Held: the endpoint is paused since .*: “moving house”\.$/);
    await done(acme('POST', pathOf(OPEN, '/resume')));
    await done(acme('POST', pathOf(OPEN, '/pause'), { reason: 'another one' }));
    await done(acme('POST', pathOf(OPEN, '/resume')));
    expect((await explained()).get(OPEN)).toMatchObject({ outcome: 'waiting', rule: 'queued' });
  });

  it('says of an erased one that it is, and still what kept it from endpoints', async () => {
    await done(api.operator('DELETE', `/v1/events/${event}/data`));
    await aDayPasses(api);
    const after = await explained();
    const erased = (name: string) => {
      expect(after.get(name)).toMatchObject({ outcome: 'cancelled', rule: 'erased' });
      return after.get(name)?.sentence ?? '';
    };
    expect(erased(OPEN)).toMatch(/^Cancelled after 0 attempts: what the event carried was erased, at /);
    expect(erased('dead')).toMatch(/^Cancelled after 1 attempt: what the event carried was erased, at /);
    expect(erased('disabled by its 410')).toMatch(/was disabled since .*, because it answered 410 Gone\.$/);
    expect(erased('disabled by hand')).toMatch(/was disabled since .*: “on holiday”\.$/);
    for (const name of ['not subscribed', 'filtered', 'opt-in', 'delivered'])
      expect(after.get(name)).toMatchObject({ rule: CASES[name]?.rule });
    expect(after.get('filtered')?.sentence).toMatch(/by order_id; what this one had there is erased\.$/);
    expect(after.get('delivered')?.sentence).toMatch(/ What it carried was erased at /);
    expect(JSON.stringify([...after.values()])).not.toContain('O-2');
  });

  it('stays when every endpoint of it is deleted', async () => {
    const before = await explained();
    for (const name of Object.keys(CASES)) await done(acme('DELETE', pathOf(name)));
    expect(await explained()).toEqual(before);
  });
});
