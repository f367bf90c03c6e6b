import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ApiUnderTest, startApi } from '../../support/api/api.ts';

let api: ApiUnderTest;
beforeAll(async () => {
  api = await startApi({ echo: true });
});
afterAll(async () => await api.close());

describe('/v1/echo/{name}', () => {
  it('keeps what comes, newest first, as it came', async () => {
    const body = '{"b":1.0, "a":"é"}';
    await post('kept', { body: 'first', headers: { 'Content-Type': 'text/plain' } });
    await post('kept', { body, headers: { 'Content-Type': 'application/json', 'X-Mine': 'yes' } });
    const { status, body: list } = await api.operator('GET', '/v1/echo/kept');
    expect(status).toBe(200);
    expect(list.next_cursor).toBeNull();
    expect(list.items).toEqual([
      {
        received_at: expect.stringMatching(/Z$/),
        headers: expect.objectContaining({ 'x-mine': 'yes', 'content-type': 'application/json' }),
        body,
        json: { b: 1, a: 'é' },
      },
      { received_at: expect.any(String), headers: expect.any(Object), body: 'first' },
    ]);
    expect((await api.operator('GET', '/v1/echo/kept?limit=1')).body.items).toHaveLength(1);
  });

  it('takes bodies of any kind, and none', async () => {
    const bodies = ['', '{"__proto__":1', '1e999', '<a/>'];
    for (const body of bodies) expect((await post('any', { body })).status).toBe(200);
    expect((await post('any', { body: Buffer.from([0xff, 0]) })).status).toBe(200);
    expect((await post('any', {})).status).toBe(200);
    const { body } = await api.operator('GET', '/v1/echo/any');
    expect(body.items.map((item) => item.body)).toEqual(['', '\uFFFD\0', ...bodies.reverse()]);
  });

  it('shows what is nested beyond 64 levels as text only', async () => {
    const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
    for (const body of [nested(64), nested(65), nested(5_000), nested(500_000), '['.repeat(1_000_000)])
      expect((await post('deep', { body })).status).toBe(200);
    const { status, body } = await api.operator('GET', '/v1/echo/deep?limit=2');
    expect(status).toBe(200);
    expect(body.items.map((item) => 'json' in item)).toEqual([false, false]);
    const others = await api.operator('GET', `/v1/echo/deep?cursor=${body.next_cursor}`);
    expect(others.body.items.map((item) => [item.body.length, 'json' in item])).toEqual([
      [10_000, false],
      [130, false],
      [128, true],
    ]);
  });

  it.each([
    ['of letters', 'x'.repeat(1_048_576)],
    ['of control characters', '\u0001'.repeat(1_048_576)],
    ['of bytes that are no UTF-8', Buffer.alloc(1_048_576, 0xff)],
    ['of numbers that grow when they are read', `[${'1e20,'.repeat(70_000)}1]`],
    ['of 256 KiB', JSON.stringify({ data: 'y'.repeat(262_144) })],
  ])('lists bodies %s within 1 MiB, each of them once', async (what, body) => {
    const name = what.replaceAll(/\W/g, '');
    for (let times = 0; times < 10; times += 1) await post(name, { body });
    let listed = 0;
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page = await api.operator('GET', `/v1/echo/${name}${cursor === '' ? '' : `?cursor=${cursor}`}`);
      expect(Buffer.byteLength(JSON.stringify(page.body))).toBeLessThan(1_048_576);
      listed += page.body.items.length;
      cursor = page.body.next_cursor;
    }
    expect(listed).toBe(10);
  });

  it('answers as the query says', async () => {
    const answer = await post('told', { query: 'status=503&retry_after=120' });
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '120']);
    expect((await post('told', { query: 'status=204' })).status).toBe(204);
    const fine = await post('told', { query: 'retry_after=120' });
    expect([fine.status, fine.headers.get('retry-after')]).toEqual([200, null]);
    expect((await post('told', { query: 'fail_ratio=1' })).status).toBe(503);
    expect((await post('told', { query: 'fail_ratio=1&status=500' })).status).toBe(500);
    expect((await post('told', { query: 'fail_ratio=0&status=500' })).status).toBe(200);
  });

  it('waits as the query says, and has kept the request before', async () => {
    const started = performance.now();
    const answer = post('slow', { query: 'delay_ms=300' });
    while ((await api.operator('GET', '/v1/echo/slow')).body.items.length === 0);
    await answer;
    expect(performance.now() - started).toBeGreaterThanOrEqual(295);
  });

  it.each([
    'status=99',
    'status=600',
    'delay_ms=-1',
    'delay_ms=1e3',
    'fail_ratio=2',
    'fail_ratio=x',
    'colour=red',
  ])('refuses ?%s', async (query) => {
    expect((await post('bad', { query })).status).toBe(422);
  });

  it('forgets when asked to', async () => {
    await post('gone', { body: 'x' });
    expect((await api.operator('DELETE', '/v1/echo/gone')).status).toBe(204);
    expect((await api.operator('GET', '/v1/echo/gone')).body.items).toEqual([]);
  });

  it('takes 1 MiB and no more', async () => {
    expect((await post('big', { body: 'x'.repeat(1_048_576) })).status).toBe(200);
    expect((await post('big', { body: 'x'.repeat(1_048_577) })).status).toBe(413);
  });

  it.each(['a%2Fb', 'a%20b', 'x'.repeat(65)])('knows no receiver called %s', async (name) => {
    expect((await post(name, {})).status).toBe(404);
  });

  it('is not there when it is off', async () => {
    const off = await startApi();
    const answer = await fetch(`${off.url}/v1/echo/a`, { method: 'POST' });
    expect([answer.status, (await off.operator('GET', '/v1/echo/a')).status]).toEqual([404, 404]);
    await off.close();
  });
});

interface Sent {
  readonly query?: string;
  readonly body?: string | Uint8Array<ArrayBuffer>;
  readonly headers?: Record<string, string>;
}

async function post(name: string, { query = '', body, headers = {} }: Sent): Promise<Response> {
  const init = { method: 'POST', headers, ...(body === undefined ? {} : { body }) };
  return await fetch(`${api.url}/v1/echo/${name}?${query}`, init);
}
