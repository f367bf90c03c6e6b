import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ApiUnderTest, startApi } from '../../support/api/api.ts';
import { countDeliveriesOf, countEvents } from '../../support/rows/counts.ts';

let api: ApiUnderTest;
beforeAll(async () => {
  api = await startApi();
  await api.operator('POST', '/v1/endpoints', { url: 'https://example.com/hook', customer_id: 'acme' });
});
afterAll(async () => await api.close());

describe('Idempotency-Key', () => {
  it('makes one event of fifty parallel publishes', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => publish('fifty', event())));
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([202]));
    expect(new Set(answers.map((answer) => JSON.stringify(answer.body))).size).toBe(1);
    expect(answers.filter((answer) => !answer.isReplay)).toHaveLength(1);
    const id = answers[0]?.body.id;
    expect(await countEvents(api.database.pool)).toBe(1);
    expect(await countDeliveriesOf(api.database.pool, String(id))).toBe(1);
  });

  it('gives the first answer to the same event, however its members are ordered and spaced', async () => {
    const first = await publish(
      'same',
      '{"event":"job.completed","customer_id":"acme","data":{"a":1,"b":[1.0]}}',
    );
    const again = await publish(
      'same',
      '{ "data":{"a" : 1, "b":[1.0]}, "customer_id":"acme", "event":"job.completed"}',
    );
    expect([again.status, again.isReplay, again.body]).toEqual([202, true, first.body]);
  });

  it.each([
    ['other data', { data: { a: 2 } }],
    ['another type', { event: 'job.cancelled' }],
    ['another time', { deliver_at: '2099-01-01T00:00:00Z' }],
  ])('refuses %s under the same key', async (_what, change) => {
    const key = `other-${JSON.stringify(change).replaceAll(' ', '')}`;
    await publish(key, event());
    const inAYear = new Date(Date.now() + 86_400_000).toISOString();
    const changed = 'deliver_at' in change ? { deliver_at: inAYear } : change;
    const answer = await publish(key, { ...event(), ...changed });
    expect([answer.status, answer.body.code]).toEqual([422, 'idempotency_key_reused']);
    expect(answer.body.errors?.map((error) => error.parameter)).toEqual(['Idempotency-Key']);
  });

  it('holds for one customer only', async () => {
    const [acme, globex] = [
      await publish('shared', event()),
      await publish('shared', { ...event(), customer_id: 'globex' }),
    ];
    expect([globex.status, globex.isReplay]).toEqual([202, false]);
    expect(globex.body.id).not.toBe(acme.body.id);
  });

  it.each([
    ['quoted', '"quoted"'],
    ['q"uo\\te', '"q\\"uo\\\\te"'],
  ])('takes %s and %s for one key', async (bare, quoted) => {
    const first = await publish(bare, event());
    const again = await publish(quoted, event());
    expect([again.isReplay, again.body.id]).toEqual([true, first.body.id]);
  });

  it('tells a customer called * from everybody', async () => {
    const maintenance = { event: 'system.maintenance', data: {} };
    const all = await publish('star', { ...maintenance, broadcast: true });
    const star = await publish('star', { ...maintenance, customer_id: '*' });
    expect([all.status, star.status, star.isReplay]).toEqual([202, 202, false]);
  });

  it('gives the first answer also when the time asked for has come meanwhile', async () => {
    const deliver_at = new Date(Date.now() + 400).toISOString();
    const first = await publish('late', { ...event(), deliver_at });
    expect(first.status).toBe(202);
    while (Date.now() <= Date.parse(deliver_at)) await fetch(`${api.url}/v1/health/live`);
    const again = await publish('late', { ...event(), deliver_at });
    expect([again.status, again.body]).toEqual([202, first.body]);
    const other = await publish('late-other', { ...event(), deliver_at });
    expect([other.status, other.body.code]).toEqual([422, 'deliver_at_past']);
  });

  it('belongs to each event of a batch', async () => {
    const events = ['a', 'b', 'a'].map((key) => ({ ...event(), idempotency_key: `batch-${key}` }));
    const { status, body } = await api.operator('POST', '/v1/events/batch', { events });
    expect(status).toBe(202);
    const ids = body.events.map((one) => one.id);
    expect([ids[0] === ids[2], ids[0] === ids[1]]).toEqual([true, false]);
    const again = await api.operator('POST', '/v1/events/batch', { events });
    expect(again.body).toEqual(body);
    const single = await publish('batch-a', event());
    expect([single.body.id, single.isReplay]).toEqual([ids[0], true]);
  });

  it('names the event of a batch whose key was used otherwise', async () => {
    await publish('taken', event());
    const other = { ...event(), data: { a: 2 }, idempotency_key: 'taken' };
    const { status, body } = await api.operator('POST', '/v1/events/batch', { events: [event(), other] });
    expect([status, body.code]).toEqual([422, 'idempotency_key_reused']);
    expect(body.errors.map((error) => error.pointer)).toEqual(['#/events/1/idempotency_key']);
  });

  it('refuses a batch under one key, and wrong keys in it', async () => {
    const misplaced = await publish('x', { events: [event()] }, '/v1/events/batch');
    expect([misplaced.status, misplaced.body.code]).toEqual([422, 'idempotency_key_misplaced']);
    const events = [event(), { ...event(), idempotency_key: 'a b' }];
    const wrong = await api.operator('POST', '/v1/events/batch', { events });
    expect(wrong.body.errors).toEqual([
      expect.objectContaining({ pointer: '#/events/1/idempotency_key', code: 'idempotency_key_invalid' }),
    ]);
  });
});

interface PublishAnswer {
  readonly status: number;
  readonly isReplay: boolean;
  readonly body: {
    readonly id: string;
    readonly code?: string;
    readonly errors?: readonly { readonly pointer: string; readonly parameter: string }[];
  };
}

async function publish(key: string, body: unknown, path = '/v1/events'): Promise<PublishAnswer> {
  const answer = await fetch(api.url + path, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${api.adminKey}`,
      'Content-Type': 'application/json',
      'Idempotency-Key': key,
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const isReplay = answer.headers.get('idempotent-replayed') === 'true';
  return { status: answer.status, isReplay, body: (await answer.json()) as PublishAnswer['body'] };
}

function event(): Record<string, unknown> {
  return { event: 'job.completed', customer_id: 'acme', data: { a: 1 } };
}
