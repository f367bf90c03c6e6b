import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { NEW_BREAKER } from '../../../../src/domain/breaker.ts';
import { type ApiAnswer, type ApiCall, type ApiUnderTest, startApi } from '../../../support/api/api.ts';
import { insertKey } from '../../../support/api/api-key.ts';
import { insertHealth, isGateOpen } from '../../../support/rows/health.ts';
import { insertDelivery } from '../../../support/storage/rows.ts';

describe('EndpointSwitchController', () => {
  let api: ApiUnderTest;
  let acme: ApiCall;

  beforeAll(async () => {
    api = await startApi();
    acme = await api.customer('acme');
  });
  afterAll(() => api.close());

  async function create(part: object = {}): Promise<string> {
    const body = { url: 'https://example.com/hook', customer_id: 'acme', ...part };
    return (await api.operator('POST', '/v1/endpoints', body)).body.id;
  }

  async function act(id: string, action: string, body?: unknown): Promise<ApiAnswer> {
    return await acme('POST', `/v1/endpoints/${id}/${action}`, body);
  }

  async function statusOf(deliveryId: string): Promise<string> {
    return (await acme('GET', `/v1/deliveries/${deliveryId}`)).body.status;
  }

  function wakesOf(id: string): number {
    return api.told.filter((text) => text === `wake ${id}`).length;
  }

  async function openBreaker(id: string): Promise<void> {
    const breaker = { ...NEW_BREAKER, state: 'open', epoch: 1, openedAt: 1, probeAt: Date.now() + 60_000 };
    await insertHealth(api.database.pool, { endpointId: id, state: 'open', epoch: 1, breaker });
  }

  it('pauses and resumes, and says since when, by whom and why', async () => {
    const id = await create();
    const row = { endpoint_id: id, due_at: new Date() };
    const waiting = [
      await insertDelivery(api.database.pool, { ...row, status: 'queued', attempts_made: 0 }),
      await insertDelivery(api.database.pool, { ...row, status: 'retrying' }),
    ];
    const paused = await act(id, 'pause', { reason: 'They are moving.' });
    expect(paused).toMatchObject({ status: 200, body: { status: 'paused', disabled: null } });
    expect(paused.body.paused).toEqual({
      since: expect.stringMatching(/Z$/),
      by: expect.stringMatching(/^key_/),
      reason: 'They are moving.',
      until: null,
    });
    expect(await Promise.all(waiting.map(statusOf))).toEqual(['held', 'held']);
    expect(wakesOf(id)).toBe(1);
    const { body } = await acme('GET', `/v1/deliveries/${waiting[0]}`);
    expect(body.held_by).toBe('paused');

    const resumed = await act(id, 'resume');
    expect(resumed).toMatchObject({ status: 200, body: { status: 'enabled', paused: null } });
    expect(await Promise.all(waiting.map(statusOf))).toEqual(['queued', 'retrying']);
    expect(wakesOf(id)).toBe(2);
  });

  it('has a wave woken only where an opened gate left it something', async () => {
    const id = await create();
    const waves = (): number => api.told.filter((text) => text === 'wake wave').length;
    const before = waves();
    for (const action of ['pause', 'resume', 'disable', 'enable', 'pause']) await act(id, action);
    expect(waves()).toBe(before);
    await insertDelivery(api.database.pool, { endpoint_id: id, status: 'held', due_at: new Date() });
    await act(id, 'resume');
    expect(waves()).toBe(before + 1);
  });

  it('holds what is published while it is paused', async () => {
    const id = await create({ customer_id: 'held' });
    await api.operator('POST', `/v1/endpoints/${id}/pause`);
    const event = { event: 'job.completed', customer_id: 'held', data: {} };
    await api.operator('POST', '/v1/events', event);
    const { items } = (await api.operator('GET', `/v1/deliveries?endpoint_id=${id}`)).body;
    expect(items).toMatchObject([{ status: 'held', next_attempt_at: null }]);
    expect((await api.operator('GET', `/v1/endpoints/${id}/stats`)).body).toMatchObject({
      held: 1,
      waiting: 0,
    });
  });

  it('keeps the first pause when it is paused again', async () => {
    const id = await create();
    const first = (await api.operator('POST', `/v1/endpoints/${id}/pause`, { reason: 'first' })).body.paused;
    expect(first).toMatchObject({ by: 'operator', reason: 'first' });
    expect((await act(id, 'pause', { reason: 'second' })).body.paused).toEqual(first);
    expect((await act(id, 'resume')).status).toBe(200);
    expect((await act(id, 'resume')).body).toMatchObject({ status: 'enabled', paused: null });
  });

  it('names no key of the operator’s', async () => {
    const id = await create();
    const { key } = await insertKey(api.database, { customerId: null });
    const headers = { Authorization: `Bearer ${key}` };
    await fetch(`${api.url}/v1/endpoints/${id}/pause`, { method: 'POST', headers });
    const { body } = await acme('GET', `/v1/endpoints/${id}`);
    expect(body.paused).toMatchObject({ by: 'operator', reason: null });
  });

  it('lets an open breaker try at once, although the endpoint is not paused', async () => {
    const id = await create();
    await openBreaker(id);
    expect((await act(id, 'resume')).body).toMatchObject({ status: 'enabled', breaker_state: 'half_open' });
    expect(wakesOf(id)).toBe(1);
    expect((await act(id, 'enable')).body.breaker_state).toBe('closed');
  });

  it('is not needed for that where the endpoint gets another URL, and for that only', async () => {
    const id = await create();
    await openBreaker(id);
    const described = await acme('PATCH', `/v1/endpoints/${id}`, { description: 'the same URL' });
    expect(described.body).toMatchObject({ breaker_state: 'open' });
    expect(wakesOf(id)).toBe(0);
    const repaired = await acme('PATCH', `/v1/endpoints/${id}`, { url: 'https://repaired.example/' });
    expect(repaired.body).toMatchObject({ url: 'https://repaired.example/', breaker_state: 'half_open' });
    expect(wakesOf(id)).toBe(1);
  });

  it('neither pauses nor resumes a disabled endpoint', async () => {
    const id = await create();
    const { body } = await act(id, 'disable', { reason: 'unpaid' });
    expect(body).toMatchObject({ status: 'disabled', disabled_reason: 'by_hand', paused: null });
    expect(body.disabled).toMatchObject({ by: expect.stringMatching(/^key_/), reason: 'unpaid' });
    for (const action of ['pause', 'resume']) {
      const refused = await act(id, action);
      expect(refused).toMatchObject({ status: 409, body: { code: 'endpoint_disabled' } });
      expect(refused.body.detail).toContain('/enable');
    }
    expect((await act(id, 'enable')).body).toMatchObject({
      status: 'enabled',
      disabled: null,
      disabled_reason: null,
    });
  });

  it.each([
    [{ reason: 7 }, '/reason', 'invalid_type'],
    [{ reason: 'a'.repeat(1_025) }, '/reason', 'too_big'],
    [{ why: 'x' }, '/why', 'unknown_member'],
    [[], '', 'invalid_type'],
  ])('refuses the body %j', async (body, pointer, code) => {
    const id = await create();
    for (const action of ['pause', 'disable']) {
      const answer = await act(id, action, body);
      expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer: `#${pointer}`, code }] } });
    }
    expect((await acme('GET', `/v1/endpoints/${id}`)).body.status).toBe('enabled');
  });

  it('is found by its status', async () => {
    const id = await create({ customer_id: 'finder' });
    await create({ customer_id: 'finder' });
    await api.operator('POST', `/v1/endpoints/${id}/pause`);
    const { items } = (await api.operator('GET', '/v1/endpoints?customer_id=finder&status=paused')).body;
    expect(items.map((item) => item.id)).toEqual([id]);
  });

  it('shuts the gate when rules come that ask for it, and wakes it for every change of them', async () => {
    const id = await create();
    const path = `/v1/endpoints/${id}`;
    const isOpen = async () => await isGateOpen(api.database.pool, id);
    await acme('PATCH', path, { description: 'of no importance' });
    expect([await isOpen(), wakesOf(id)]).toEqual([true, 0]);
    await acme('PATCH', path, { breaker: { cooldown_ms: 1_000 } });
    expect([await isOpen(), wakesOf(id)]).toEqual([true, 1]);
    const delivery = await insertDelivery(api.database.pool, {
      endpoint_id: id,
      status: 'queued',
      due_at: new Date(),
    });
    await acme('PATCH', path, { rate_limit: { limit: 5, per: 'second' } });
    expect([await isOpen(), wakesOf(id)]).toEqual([false, 2]);
    expect((await acme('GET', `/v1/deliveries/${delivery}`)).body).toMatchObject({
      status: 'held',
      held_by: 'rate',
    });
    await acme('PATCH', path, { rate_limit: null });
    expect(wakesOf(id)).toBe(3);
  });
});
