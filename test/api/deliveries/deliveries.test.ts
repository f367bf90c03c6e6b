import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { adviceFor } from '../../../src/domain/error-code.ts';
import { newId } from '../../../src/new-id.ts';
import { type ApiCall, type ApiUnderTest, startApi } from '../../support/api/api.ts';
import { golden } from '../../support/receivers/golden.ts';
import { retryMarkOf } from '../../support/rows/standing.ts';
import { insertAttempt, insertDelivery } from '../../support/storage/rows.ts';

describe('DeliveriesController', () => {
  let api: ApiUnderTest;
  let operator: ApiCall;
  let acme: ApiCall;
  let zeta: ApiCall;
  let endpointId: string;

  beforeAll(async () => {
    api = await startApi();
    operator = api.operator;
    acme = await api.customer('acme');
    zeta = await api.customer('zeta');
    const endpoint = { url: 'https://example.com', customer_id: 'acme' };
    endpointId = (await operator('POST', '/v1/endpoints', endpoint)).body.id;
  });
  afterAll(() => api.close());

  function insert(row: Record<string, unknown> = {}): Promise<string> {
    return insertDelivery(api.database.pool, { endpoint_id: endpointId, ...row });
  }

  it('reads a delivery', async () => {
    const due = new Date('2030-01-01T00:00:00Z');
    const id = await insert({
      status: 'retrying',
      attempts_made: 2,
      due_at: due,
      run_id: 'run-1',
      last_status_code: 503,
      last_error_code: 'http_503',
    });
    const { status, body } = await operator('GET', `/v1/deliveries/${id}`);
    expect(status).toBe(200);
    expect(body).toEqual({
      id,
      event_id: expect.stringMatching(/^evt_/),
      endpoint_id: endpointId,
      event: 'job.completed',
      customer_id: 'acme',
      status: 'retrying',
      test: false,
      attempts_made: 2,
      next_attempt_at: '2030-01-01T00:00:00.000Z',
      last_status_code: 503,
      last_error_code: 'http_503',
      last_codes: [],
      dead_reason: null,
      position: null,
      batch_id: null,
      replay_id: null,
      retry_requested: false,
      held_by: null,
      created_at: expect.stringMatching(/Z$/),
      finished_at: null,
      workflow_id: id,
      run_id: 'run-1',
      temporal_url: `http://temporal.test/${id}/run-1`,
      attempts: [],
    });
  });

  it.each([
    ['queued', true],
    ['scheduled', true],
    ['held', false],
    ['sending', false],
    ['dead', false],
  ])('plans a next attempt of a %s delivery: %p', async (status, isPlanned) => {
    const id = await insert(status === 'dead' ? { status } : { status, due_at: new Date() });
    const { body } = await acme('GET', `/v1/deliveries/${id}`);
    expect(body.next_attempt_at !== null).toBe(isPlanned);
    expect(body).toMatchObject({ workflow_id: null, run_id: null, temporal_url: null });
  });

  it('tells what holds a delivery back, its place in line, its batch, and until when it waits', async () => {
    const ordered = { url: 'https://example.com', customer_id: 'acme', ordered: true };
    const { id: endpoint_id } = (await operator('POST', '/v1/endpoints', ordered)).body;
    const [due, later] = [new Date(), new Date('2030-01-01T00:00:00Z')];
    const row = { endpoint_id, status: 'held' };
    const ids = [
      await insert({ ...row, position: 1, due_at: later, batch_id: newId('bat') }),
      await insert({ ...row, position: 2, due_at: due }),
    ];
    const read = async () =>
      (await Promise.all(ids.map((id) => acme('GET', `/v1/deliveries/${id}`)))).map(({ body }) => body);
    expect(await read()).toMatchObject([
      {
        held_by: 'retry',
        position: 1,
        next_attempt_at: later.toISOString(),
        batch_id: expect.stringMatching(/^bat_/),
      },
      { held_by: 'order', position: 2, next_attempt_at: null, batch_id: null },
    ]);
    await operator('POST', `/v1/endpoints/${endpoint_id}/disable`);
    expect(await read()).toMatchObject([{ held_by: 'disabled' }, { held_by: 'disabled' }]);
  });

  it('shows attempts with the exact body that was sent, advice, and sensitive values masked', async () => {
    const { deliveryId, dataText, timestamp } = golden.parts;
    await insert({ id: deliveryId, data: dataText, attempts_made: 2 });
    const of = { delivery_id: deliveryId, endpoint_id: endpointId };
    await insertAttempt(api.database.pool, {
      ...of,
      duration_ms: 12.5,
      status_code: 503,
      error_code: 'http_503',
      error_detail: 'The endpoint answered 503.',
      signed_at: timestamp,
      signature: golden.bodySignature,
      request_url: 'https://example.com/hook',
      request_headers: { 'X-Team': 'data', Authorization: 'Bearer x', 'X-Key': '***' },
      response_headers: JSON.stringify([
        ['Set-Cookie', 'a=b'],
        ['Via', 'one'],
        ['via', 'two'],
      ]),
      response_body: Buffer.from([0x6f, 0x6b, 0xff]),
      response_truncated: true,
      timings: { dnsMs: 1, connectMs: 2, tlsMs: null, firstByteMs: 10, totalMs: 12.5 },
      remote_address: '203.0.113.9',
      tls_version: 'TLSv1.3',
    });
    await insertAttempt(api.database.pool, {
      ...of,
      number: 2,
      trigger: 'manual',
      status_code: null,
      duration_ms: null,
      error_code: 'outcome_unknown',
    });
    const odd = { number: 3, status_code: 200, error_detail: 'Odd, but fine', resent: true };
    await insertAttempt(api.database.pool, { ...of, ...odd });
    const [first, second, third] = (await operator('GET', `/v1/deliveries/${deliveryId}`)).body.attempts;
    expect(first).toEqual({
      number: 1,
      batch_id: null,
      started_at: expect.any(String),
      duration_ms: 12.5,
      status_code: 503,
      error_code: 'http_503',
      error_detail: 'The endpoint answered 503.',
      note: null,
      advice: adviceFor('http_503'),
      trigger: 'automatic',
      request: {
        url: 'https://example.com/hook',
        headers: { 'X-Team': 'data', Authorization: '***', 'X-Key': '***' },
        body: golden.text,
      },
      response: { headers: { 'set-cookie': '***', via: 'one, two' }, body: 'ok\ufffd', truncated: true },
      timings: { dns_ms: 1, connect_ms: 2, tls_ms: null, first_byte_ms: 10, total_ms: 12.5 },
      tls_version: 'TLSv1.3',
      resent: false,
      remote_address: '203.0.113.9',
    });
    expect(third).toMatchObject({
      error_code: null,
      error_detail: null,
      note: 'Odd, but fine',
      resent: true,
    });
    expect(second).toMatchObject({
      trigger: 'manual',
      advice: adviceFor('outcome_unknown'),
      duration_ms: null,
      request: null,
      response: null,
      timings: null,
      tls_version: null,
    });
    const seenByCustomer = (await acme('GET', `/v1/deliveries/${deliveryId}`)).body.attempts[0];
    expect(seenByCustomer).not.toHaveProperty('remote_address');
    expect(seenByCustomer?.request.body).toBe(golden.text);
  });

  it('lists by filters and pages', async () => {
    const eventId = newId('evt');
    const failed = await insert({ event: 'job.failed', status: 'dead', last_error_code: 'timeout' });
    const held = await insert({ event_id: eventId, event: 'job.failed', status: 'held' });
    const old = await insert({ event: 'job.failed', created_at: new Date('2020-02-29T10:00:00Z') });
    const list = async (query: string) =>
      (await acme('GET', `/v1/deliveries?event=job.failed&${query}`)).body.items.map(({ id }) => id);
    expect(await list('')).toEqual([held, failed, old]);
    expect(await list(`endpoint_id=${endpointId}&customer_id=acme`)).toEqual([held, failed, old]);
    expect(await list('status=dead,held')).toEqual([held, failed]);
    expect(await list(`event_id=${eventId}`)).toEqual([held]);
    expect(await list('error_code=timeout')).toEqual([failed]);
    expect(await list('after=2020-02-29T10:00:00Z&before=2020-02-29T11:00:00%2B01:00')).toEqual([]);
    expect(await list('after=2020-02-29T10:00:00Z&before=2020-02-29T10:00:01Z')).toEqual([old]);
    const page = (await acme('GET', '/v1/deliveries?event=job.failed&limit=2')).body;
    const rest = await acme('GET', `/v1/deliveries?event=job.failed&limit=2&cursor=${page.next_cursor}`);
    expect(rest.body).toMatchObject({ items: [{ id: old }], next_cursor: null });
    for (const [call, query] of [
      [zeta, 'event=job.failed'],
      [operator, 'event=job.failed'],
      [acme, 'event=job.completed'],
    ] as const) {
      const answer = await call('GET', `/v1/deliveries?${query}&limit=2&cursor=${page.next_cursor}`);
      expect(answer).toMatchObject({ status: 422, body: { code: 'cursor_invalid' } });
    }
  });

  it.each([
    ['endpoint_id=del_01J8Q2M4T6V8X0Z2B4D6F8H0K2', 'endpoint_id'],
    ['endpoint_id=ep_1', 'endpoint_id'],
    ['event_id=ep_01J8Q2M4T6V8X0Z2B4D6F8H0K2', 'event_id'],
    ['event=*', 'event'],
    ['status=asleep', 'status'],
    ['status=dead,', 'status'],
    ['status=', 'status'],
    ['error_code=DROP%20TABLE', 'error_code'],
    ['after=2023-02-29T00:00:00Z', 'after'],
    ['before=2024-13-01T00:00:00Z', 'before'],
    ['before=yesterday', 'before'],
    ['before=2024-01-01', 'before'],
    ['limit=0', 'limit'],
    ['limit=1e9', 'limit'],
    ['limit=ten', 'limit'],
    ['cursor=x', 'cursor'],
    ['colour=red', 'colour'],
  ])('refuses the query %s', async (query, parameter) => {
    const { status, body } = await operator('GET', `/v1/deliveries?${query}`);
    expect({ status, errors: body.errors }).toMatchObject({ status: 422, errors: [{ parameter }] });
  });

  it('keeps customers apart', async () => {
    const mine = await insert();
    const operators = await insert({ customer_id: null });
    expect((await zeta('GET', '/v1/deliveries')).body.items).toEqual([]);
    expect((await zeta('GET', '/v1/deliveries?customer_id=acme')).status).toBe(403);
    const paths = [mine, operators, newId('del'), newId('ep'), 'x'].flatMap((id) => [
      ['GET', id] as const,
      ['POST', `${id}/retry`] as const,
      ['POST', `${id}/cancel`] as const,
    ]);
    for (const [method, path] of paths) {
      expect(await zeta(method, `/v1/deliveries/${path}`)).toMatchObject({ status: 404 });
    }
    expect((await acme('GET', `/v1/deliveries/${mine}`)).body.status).toBe('delivered');
  });

  it('refuses to send one before its turn where the endpoint keeps the order', async () => {
    const settings = { url: 'https://example.com', customer_id: 'acme', ordered: true };
    const ordered = (await operator('POST', '/v1/endpoints', settings)).body.id;
    const line = { endpoint_id: ordered, status: 'held', due_at: new Date() };
    const first = await insert({ ...line, position: 1 });
    const second = await insert({ ...line, position: 2 });
    const refused = await acme('POST', `/v1/deliveries/${second}/retry`);
    expect(refused).toMatchObject({ status: 409, body: { code: 'not_first_in_line' } });
    expect((await acme('POST', `/v1/deliveries/${first}/retry`)).status).toBe(202);
  });

  it('marks a retry in Postgres, tells its run, and keeps a mark that waits', async () => {
    const id = await insert({ status: 'dead', dead_reason: 'retries_exhausted' });
    const answer = await acme('POST', `/v1/deliveries/${id}/retry`);
    expect(answer).toMatchObject({ status: 202, body: { id, status: 'dead', retry_requested: true } });
    const mark = await readMark(id);
    expect(mark).not.toBeNull();
    expect((await acme('POST', `/v1/deliveries/${id}/retry`)).status).toBe(202);
    expect(await readMark(id)).toBe(mark);
    expect(api.told).toContain(`retry ${id}`);
  });

  it.each(['sending', 'cancelled', 'scheduled'])('refuses to retry a %s delivery', async (status) => {
    const id = await insert({ status });
    expect((await acme('POST', `/v1/deliveries/${id}/retry`)).status).toBe(409);
    expect(await readMark(id)).toBeNull();
    expect(api.told).not.toContain(`retry ${id}`);
  });

  it.each(['scheduled', 'queued', 'sending', 'retrying', 'held'])('cancels a %s delivery', async (status) => {
    const id = await insert({ status });
    for (const _ of ['first', 'again']) {
      const answer = await acme('POST', `/v1/deliveries/${id}/cancel`);
      expect(answer).toMatchObject({ status: 202, body: { id, status: 'cancelled', next_attempt_at: null } });
    }
    expect(api.told).toContain(`cancel ${id}`);
  });

  it.each(['delivered', 'dead', 'skipped'])('refuses to cancel a %s delivery', async (status) => {
    const id = await insert({ status });
    const answer = await acme('POST', `/v1/deliveries/${id}/cancel`);
    expect(answer).toMatchObject({ status: 409, body: { code: 'delivery_ended' } });
    expect((await acme('GET', `/v1/deliveries/${id}`)).body.status).toBe(status);
  });

  async function readMark(id: string): Promise<string | null> {
    return await retryMarkOf(api.database.pool, id);
  }
});
