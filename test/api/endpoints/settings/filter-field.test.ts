import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ApiUnderTest, startApi } from '../../../support/api/api.ts';

const url = 'https://receiver.example/';

describe('the filter of an endpoint', () => {
  let api: ApiUnderTest;

  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.close());

  const create = async (customer_id: string, filter: unknown) =>
    await api.operator('POST', '/v1/endpoints', { url, customer_id, filter });
  const reach = async (customer_id: string, job_id: string) => {
    const event = { event: 'job.completed', customer_id, data: { job_id } };
    return (await api.operator('POST', '/v1/events', event)).body.deliveries;
  };

  it('lets those events through whose searchable members say so', async () => {
    const { body } = await create('acme', { job_id: ['j-1', 'batch-*'] });
    expect(body.filter).toEqual({ job_id: ['j-1', 'batch-*'] });
    expect([await reach('acme', 'j-1'), await reach('acme', 'batch-7'), await reach('acme', 'j-2')]).toEqual([
      1, 1, 0,
    ]);
    const lifted = await api.operator('PATCH', `/v1/endpoints/${body.id}`, { filter: null });
    expect(lifted.body.filter).toBeNull();
    expect(await reach('acme', 'j-2')).toBe(1);
  });

  it('lets nothing through of types that do not name the member', async () => {
    await create('zeta', { colour: 'red' });
    expect(await reach('zeta', 'j-1')).toBe(0);
  });

  it('counts for scheduled events alike', async () => {
    const { id } = (await create('later', { job_id: 'j-1' })).body;
    const scheduled = {
      event: 'job.completed',
      customer_id: 'later',
      data: { job_id: 'j-2' },
      deliver_at: new Date(Date.now() + 60_000).toISOString(),
    };
    expect((await api.operator('POST', '/v1/events', scheduled)).body.deliveries).toBe(0);
    expect((await api.operator('GET', `/v1/endpoints/${id}`)).body.filter).toEqual({ job_id: ['j-1'] });
  });

  it.each([
    [{}, '/filter', 'too_small'],
    [{ job_id: [] }, '/filter/job_id', 'too_small'],
    [{ job_id: 7 }, '/filter/job_id', 'invalid_type'],
    [{ 'a[b]': 'x' }, '/filter', 'invalid_filter'],
    [{ a: 'x', b: 'x', c: 'x', d: 'x', e: 'x', f: 'x' }, '/filter', 'too_big'],
  ])('is refused: %j', async (filter, pointer, code) => {
    const answer = await create('acme', filter);
    expect(answer.status).toBe(422);
    expect(answer.body.errors).toContainEqual(expect.objectContaining({ pointer: `#${pointer}`, code }));
  });
});
