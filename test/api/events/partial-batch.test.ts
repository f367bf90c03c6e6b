import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ApiAnswer, type ApiUnderTest, startApi } from '../../support/api/api.ts';

const right = { event: 'job.completed', customer_id: 'acme', data: { job_id: 'job_1' } };
const unknown = { ...right, event: 'never.registered' };

interface Item {
  readonly status: number;
  readonly event?: { readonly id: string; readonly uid: string | null };
  readonly problem?: { readonly code: string; readonly errors: readonly { readonly pointer: string }[] };
}

describe('a partial batch', () => {
  let api: ApiUnderTest;

  beforeAll(async () => {
    api = await startApi({ environment: { POSTHORN_MAX_EVENT_BYTES: '1024' } });
  });
  afterAll(() => api.close());

  const publish = async (events: readonly object[], call = api.operator) =>
    await call('POST', '/v1/events/batch', { events, partial: true });
  const itemsOf = ({ body }: ApiAnswer) => body.events as unknown as readonly Item[];
  const statusesOf = (answer: ApiAnswer) => itemsOf(answer).map(({ status }) => status);

  it('accepts what is right and says of each of the others what is wrong', async () => {
    const large = { ...right, data: { text: 'x'.repeat(2_000) } };
    const answer = await publish([right, unknown, large, right]);
    expect([answer.status, ...statusesOf(answer)]).toEqual([202, 202, 422, 413, 202]);
    const [first, second, third] = itemsOf(answer);
    expect((await api.operator('GET', `/v1/events/${first?.event?.id}`)).status).toBe(200);
    expect(second?.problem).toMatchObject({
      code: 'unknown_event_type',
      errors: [{ pointer: '#/events/1/event' }],
    });
    expect(third?.problem?.code).toBe('data_too_large');
  });

  it('is 422 where nothing was accepted, and has the reasons all the same', async () => {
    const answer = await publish([unknown, unknown]);
    expect([answer.status, ...statusesOf(answer)]).toEqual([422, 422, 422]);
  });

  it('keeps order and keys although some are taken', async () => {
    await publish([{ ...right, uid: 'u-3' }]);
    await publish([{ ...right, idempotency_key: 'k-7' }]);
    const many = Array.from({ length: 10 }, (_, index) => ({ ...right, uid: `u-${index}` }));
    const events = many.map((one, index) =>
      index === 7 ? { ...one, idempotency_key: 'k-7', data: { job_id: 'other' } } : one,
    );
    const answer = await publish(events);
    expect(statusesOf(answer)).toEqual([202, 202, 202, 409, 202, 202, 202, 422, 202, 202]);
    const ids = itemsOf(answer).flatMap(({ event }) => event?.id ?? []);
    expect(ids).toEqual([...ids].sort());
  });

  it("answers a customer's item for another customer with its own problem", async () => {
    const acme = await api.customer('acme');
    const answer = await publish([right, { ...right, customer_id: 'zeta' }], acme);
    expect([answer.status, ...statusesOf(answer)]).toEqual([202, 202, 403]);
  });

  it('is all or none where that is not asked for', async () => {
    const events = [right, unknown];
    const answer = await api.operator('POST', '/v1/events/batch', { events, partial: false });
    expect([answer.status, answer.body.code]).toEqual([422, 'unknown_event_type']);
  });
});
