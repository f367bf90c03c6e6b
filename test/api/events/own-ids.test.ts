import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Retention } from '../../../src/storage/upkeep/retention.ts';
import { type ApiUnderTest, startApi } from '../../support/api/api.ts';
import { ageUid, removeEvent } from '../../support/rows/events.ts';

const event = { event: 'job.completed', customer_id: 'acme', data: { job_id: 'job_1' } };

describe('uid, occurred_at and metadata of an event', () => {
  let api: ApiUnderTest;

  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.close());

  const publish = async (body: object) => await api.operator('POST', '/v1/events', { ...event, ...body });

  it('are kept and shown', async () => {
    const said = { uid: 'order-1', occurred_at: '2024-09-26T10:02:15.120Z', metadata: { region: 'eu' } };
    const { status, body } = await publish(said);
    expect([status, body.uid]).toEqual([202, 'order-1']);
    expect((await api.operator('GET', `/v1/events/${body.id}`)).body).toMatchObject(said);
    const [listed] = (await api.operator('GET', '/v1/events?limit=1')).body.items;
    expect(listed).toMatchObject(said);
  });

  it('may be left out, or null', async () => {
    const { body } = await publish({ uid: null, metadata: null });
    const none = { uid: null, occurred_at: null, metadata: null };
    expect((await api.operator('GET', `/v1/events/${body.id}`)).body).toMatchObject(none);
  });

  it('names one event of a customer, whoever publishes at the same time', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, async () => await publish({ uid: 'once' })));
    const accepted = answers.filter(({ status }) => status === 202);
    expect(accepted).toHaveLength(1);
    const refused = answers.filter(({ status }) => status !== 202);
    for (const { status, body } of refused) expect([status, body.code]).toEqual([409, 'event_uid_taken']);
    expect(refused[0]?.body).toMatchObject({ detail: expect.stringContaining(accepted[0]?.body.id ?? '') });
    const other = await publish({ uid: 'once', customer_id: 'zeta' });
    expect(other.status).toBe(202);
  });

  it('answers a repeated idempotency key before it looks at the uid', async () => {
    const events = [{ ...event, uid: 'keyed', idempotency_key: 'keyed' }];
    const first = await api.operator('POST', '/v1/events/batch', { events });
    expect((await api.operator('POST', '/v1/events/batch', { events })).body).toEqual(first.body);
    const changed = [{ ...events[0], metadata: { other: 'yes' } }];
    const answer = await api.operator('POST', '/v1/events/batch', { events: changed });
    expect([answer.status, answer.body.code]).toEqual([422, 'idempotency_key_reused']);
  });

  it('is free again once the event is gone', async () => {
    const { body } = await publish({ uid: 'brief' });
    const { pool } = api.database;
    await ageUid(pool, 'brief', 2);
    const sweep = async () => await new Retention(api.database).sweep(1);
    expect((await sweep()).uids).toBe(0);
    await removeEvent(pool, body.id);
    expect((await sweep()).uids).toBe(1);
    expect((await publish({ uid: 'brief' })).status).toBe(202);
  });

  it.each([
    [{ uid: '' }, '/uid', 'too_small'],
    [{ uid: ' a' }, '/uid', 'invalid_uid'],
    [{ uid: 'a'.repeat(129) }, '/uid', 'too_big'],
    [{ occurred_at: '2024-02-30T00:00:00Z' }, '/occurred_at', 'invalid_time'],
    [{ metadata: { n: 1 } }, '/metadata/n', 'invalid_type'],
    [{ metadata: { long: 'a'.repeat(513) } }, '/metadata/long', 'too_big'],
    [
      { metadata: Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`m${n}`, 'v'])) },
      '/metadata',
      'too_big',
    ],
  ])('are refused: %j', async (body, pointer, code) => {
    const answer = await publish(body);
    expect(answer.status).toBe(422);
    expect(answer.body.errors).toMatchObject([{ pointer: `#${pointer}`, code }]);
  });
});
