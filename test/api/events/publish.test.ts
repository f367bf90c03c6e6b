import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ApiCall, type ApiUnderTest, startApi } from '../../support/api/api.ts';
import { countEvents } from '../../support/rows/counts.ts';
import { storedData } from '../../support/rows/events.ts';

const SECOND = { event: 'job.failed', customer_id: 'acme', data: { error: { code: 'x', message: 'y' } } };

let api: ApiUnderTest;
let acme: ApiCall;
beforeAll(async () => {
  api = await startApi();
  acme = await api.customer('acme');
  const url = 'https://example.com/hook';
  await api.operator('POST', '/v1/endpoints', { url, customer_id: 'acme' });
  await api.operator('POST', '/v1/endpoints', { url, customer_id: 'acme', events: ['job.failed'] });
  await api.operator('POST', '/v1/endpoints', { url, customer_id: 'globex' });
});
afterAll(async () => await api.close());

describe('POST /v1/events', () => {
  it('answers with the event and how many deliveries it has', async () => {
    const { status, body } = await api.operator('POST', '/v1/events', event());
    expect(status).toBe(202);
    expect(body).toEqual({
      id: expect.stringMatching(/^evt_[0-9A-Z]{26}$/),
      event: 'job.completed',
      customer_id: 'acme',
      created_at: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/),
      deliver_at: null,
      uid: null,
      deliveries: 1,
    });
  });

  it("takes the customer from a customer's key", async () => {
    for (const given of [{}, { customer_id: 'acme' }, { customer_id: null }]) {
      const { status, body } = await acme('POST', '/v1/events', {
        event: 'job.completed',
        data: {},
        ...given,
      });
      expect([status, body.customer_id]).toEqual([202, 'acme']);
    }
  });

  it("refuses another customer and all of them from a customer's key", async () => {
    const foreign = await acme('POST', '/v1/events', { ...event(), customer_id: 'globex' });
    expect([foreign.status, foreign.body.code]).toEqual([403, 'customer_mismatch']);
    const all = { event: 'system.maintenance', broadcast: true, data: {} };
    const broadcast = await acme('POST', '/v1/events', all);
    expect([broadcast.status, broadcast.body.code]).toEqual([403, 'broadcast_not_allowed']);
  });

  it.each([{}, { customer_id: null }])(
    'sends an event to every customer where that is said: %j',
    async (given) => {
      const { status, body } = await api.operator('POST', '/v1/events', {
        event: 'system.maintenance',
        broadcast: true,
        data: { title: 'tonight' },
        ...given,
      });
      expect([status, body.customer_id, body.deliveries]).toEqual([202, null, 2]);
    },
  );

  it('keeps data as it was sent, members in order, whatever they are called', async () => {
    const text =
      '{"z":1,"constructor":{"a":1.0},"prototype":[],"toString":null,"é":"\\u2028 \\"q\\"","2":0,"n":1e2}';
    const { body } = await api.operator(
      'POST',
      '/v1/events',
      `{"event":"job.completed","customer_id":"acme","data":${text}}`,
    );
    expect(await storedData(api.database.pool, body.id)).toBe(text);
    expect((await api.operator('GET', `/v1/events/${body.id}`)).body.data).toEqual(JSON.parse(text));
  });

  it('accepts data of exactly 256 KiB, and refuses a byte more', async () => {
    const data = { text: '' };
    data.text = 'x'.repeat(262_144 - JSON.stringify(data).length);
    expect((await api.operator('POST', '/v1/events', { ...event(), data })).status).toBe(202);
    data.text += 'x';
    const { status, body } = await api.operator('POST', '/v1/events', { ...event(), data });
    expect([status, body.code]).toEqual([413, 'data_too_large']);
  });

  it('accepts data 64 levels deep, also in a batch', async () => {
    const data: unknown = JSON.parse(`${'{"a":'.repeat(63)}{}${'}'.repeat(63)}`);
    const one = { ...event(), data };
    expect((await api.operator('POST', '/v1/events', one)).status).toBe(202);
    expect((await api.operator('POST', '/v1/events/batch', { events: [one] })).status).toBe(202);
    const deeper = { ...event(), data: { a: data } };
    const { body } = await api.operator('POST', '/v1/events/batch', { events: [deeper] });
    expect(body.errors).toEqual([
      expect.objectContaining({ code: 'too_deep', pointer: `#/events/0/data${'/a'.repeat(64)}` }),
    ]);
  });

  it('checks data against the schema of its type, every fault at once', async () => {
    const data = { job_id: '', rows_processed: -1, metadata: 7, error: { code: 1 } };
    const { status, body } = await api.operator('POST', '/v1/events', { ...SECOND, data });
    expect(status).toBe(422);
    expect(body.errors.map((one) => [one.pointer, one.code])).toEqual(
      expect.arrayContaining([
        ['#/data/job_id', 'schema_minLength'],
        ['#/data/rows_processed', 'schema_minimum'],
        ['#/data/metadata', 'schema_type'],
        ['#/data/error/message', 'schema_required'],
        ['#/data/error/code', 'schema_type'],
      ]),
    );
  });
});

describe('POST /v1/events/batch', () => {
  it('answers one an event, in order', async () => {
    const { status, body } = await api.operator('POST', '/v1/events/batch', {
      events: [event(), SECOND, event()],
    });
    expect(status).toBe(202);
    expect(body.events.map((one) => [one.event, one.deliveries])).toEqual([
      ['job.completed', 1],
      ['job.failed', 2],
      ['job.completed', 1],
    ]);
  });

  it('takes a thousand events', async () => {
    const { status, body } = await api.operator('POST', '/v1/events/batch', {
      events: Array(1000).fill(event()),
    });
    expect([status, body.events.length]).toEqual([202, 1000]);
  });

  it('takes none where one is wrong, and says which', async () => {
    const before = await countEvents(api.database.pool);
    const { status, body } = await api.operator('POST', '/v1/events/batch', {
      events: [
        event(),
        { ...event(), event: 'no.such' },
        { ...event(), data: [] },
        'x',
        { ...event(), more: 1 },
      ],
    });
    expect(status).toBe(422);
    expect(body.errors.map((one) => [one.pointer, one.code])).toEqual(
      expect.arrayContaining([
        ['#/events/1/event', 'unknown_event_type'],
        ['#/events/2/data', 'invalid_type'],
        ['#/events/3', 'invalid_type'],
        ['#/events/4/more', 'unknown_member'],
      ]),
    );
    expect(await countEvents(api.database.pool)).toBe(before);
  });

  it.each([
    ['no events', { events: [] }, 422, '/events', 'too_small'],
    ['too many', { events: Array(1001).fill({}) }, 422, '/events', 'too_big'],
    ['no list', { events: {} }, 422, '/events', 'invalid_type'],
    ['no member', {}, 422, '/events', 'required'],
    ['an array', [], 422, '', 'invalid_type'],
  ])('refuses %s', async (_what, input, status, pointer, code) => {
    const answer = await api.operator('POST', '/v1/events/batch', input);
    expect(answer.status).toBe(status);
    expect(answer.body.errors).toEqual([expect.objectContaining({ pointer: `#${pointer}`, code })]);
  });

  it('refuses a batch that would be more than 20,000 deliveries, and leaves nothing of it', async () => {
    const endpoint = { url: 'https://example.com/hook', customer_id: 'wide' };
    for (let index = 0; index < 21; index += 1) await api.operator('POST', '/v1/endpoints', endpoint);
    const wide = { ...event(), customer_id: 'wide' };
    const before = await countEvents(api.database.pool);
    const refused = await api.operator('POST', '/v1/events/batch', { events: Array(1_000).fill(wide) });
    expect(refused.body).toMatchObject({ status: 422, code: 'publish_too_wide' });
    expect(refused.body.detail).toContain('21000 deliveries');
    expect(await countEvents(api.database.pool)).toBe(before);
    const smaller = await api.operator('POST', '/v1/events/batch', { events: Array(10).fill(wide) });
    expect([smaller.status, await countEvents(api.database.pool)]).toEqual([202, before + 10]);
  });

  it('refuses a body beyond 16 MiB and one event beyond 256 KiB', async () => {
    const large = { ...event(), data: { text: 'x'.repeat(262_144) } };
    const one = await api.operator('POST', '/v1/events/batch', { events: [event(), large] });
    expect([one.status, one.body.errors[0]?.pointer]).toEqual([413, '#/events/1/data']);
    const all = await api.operator('POST', '/v1/events/batch', { events: Array(70).fill(large) });
    expect([all.status, all.body.code]).toEqual([413, 'body_too_large']);
  });
});

function event(): Record<string, unknown> {
  return { event: 'job.completed', customer_id: 'acme', data: { job_id: 'job_1' } };
}
