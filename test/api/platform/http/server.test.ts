import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ApiUnderTest, startApi } from '../../../support/api/api.ts';
import { eventually } from '../../../support/eventually.ts';
import { holdTable } from '../../../support/rows/locks.ts';
import { untilSomebodyWaits } from '../../../support/storage/until-somebody-waits.ts';

let api: ApiUnderTest;
beforeAll(async () => {
  api = await startApi({ echo: true });
});
afterAll(async () => await api.close());

describe('createApiServer', () => {
  it.each([
    ['an unknown path', 'GET', '/nowhere', 404, 'route_not_found'],
    ['an unknown path below v1', 'POST', '/v1/nothing', 404, 'route_not_found'],
    ['a wrong method', 'PUT', '/v1/events', 405, 'method_not_allowed'],
    ['a wrong method on one thing', 'DELETE', '/v1/events/evt_1', 405, 'method_not_allowed'],
    ['a broken escape in the path', 'GET', '/v1/events/%zz', 400, 'url_malformed'],
    ['an id of another kind', 'GET', '/v1/events/del_01ARZ3NDEKTSV4RRFFQ69G5FAV', 404, 'not_found'],
    ['an id in lower case', 'GET', '/v1/events/evt_01arz3ndektsv4rrffq69g5fav', 404, 'not_found'],
    ['an id with more behind it', 'GET', '/v1/events/evt_01ARZ3NDEKTSV4RRFFQ69G5FAV%20', 404, 'not_found'],
    ['an id with NUL', 'GET', '/v1/events/evt_%00', 404, 'not_found'],
    ['an endless id', 'GET', `/v1/events/evt_${'0'.repeat(2_000)}`, 404, 'not_found'],
    ['an id that nothing has', 'GET', '/v1/events/evt_01ARZ3NDEKTSV4RRFFQ69G5FAV', 404, 'not_found'],
    ['climbing out of the path', 'GET', '/docs/..%2f..%2fpackage.json', 404, 'route_not_found'],
  ])('answers %s with a problem', async (_what, method, path, status, code) => {
    const answer = await api.operator(method, path);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(answer.body).toEqual({
      type: `/docs/problems/${code}`,
      title: expect.any(String),
      status,
      detail: expect.any(String),
      code,
      errors: [],
      request_id: answer.headers.get('x-request-id'),
    });
    expect(answer.status).toBe(status);
  });

  it('names the methods a path takes', async () => {
    const { headers } = await api.operator('PUT', '/v1/events');
    expect(headers.get('allow')).toBe('GET, HEAD, POST');
  });

  it.each([
    ['text/plain', '{}', 415],
    ['application/x-www-form-urlencoded', 'event=a', 415],
    ['multipart/form-data; boundary=x', '--x--', 415],
    ['application/xml', '<a/>', 415],
    ['application/json; charset=utf-8', '{}', 422],
    ['APPLICATION/JSON', '{}', 422],
  ])('judges a body of type %s', async (type, body, status) => {
    const answer = await send('POST', '/v1/events', { 'Content-Type': type }, body);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ status });
  });

  it('refuses compressed bodies and bodies of no type', async () => {
    const headers = { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' };
    expect((await send('POST', '/v1/events', headers, '{}')).status).toBe(415);
    expect((await send('POST', '/v1/events', {}, Buffer.from('{}'))).status).toBe(415);
  });

  it('asks for the key before it reads the body', async () => {
    const headers = { Authorization: 'Bearer wrong', 'Content-Type': 'application/json' };
    expect((await send('POST', '/v1/events', headers, '{"a')).status).toBe(401);
  });

  it('keeps a sane request id and replaces another', async () => {
    const kept = await send('GET', '/v1/health/live', { 'X-Request-Id': 'abc-1.2:3' });
    expect(kept.headers.get('x-request-id')).toBe('abc-1.2:3');
    const replaced = await send('GET', '/v1/health/live', { 'X-Request-Id': 'a b"' });
    expect(replaced.headers.get('x-request-id')).toMatch(/^[\da-f-]{36}$/);
  });

  it('sends security headers with every answer', async () => {
    for (const path of ['/v1/health/live', '/docs', '/nowhere', '/v1/%zz']) {
      const { headers } = await send('GET', path, { Origin: 'https://evil.example' });
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-frame-options')).toBe('DENY');
      const policy = headers.get('content-security-policy');
      expect(policy).toMatch(/^default-src 'none';.*frame-ancestors 'none'$/);
      expect(policy).not.toContain('unsafe');
      expect(headers.get('access-control-allow-origin')).toBeNull();
      expect(headers.get('x-request-id')).not.toBeNull();
    }
  });

  it.each([
    ['a request without Host', 'GET /v1/events HTTP/1.1\r\nConnection: close\r\n\r\n', '400'],
    [
      'a request with two',
      'GET /v1/events HTTP/1.1\r\nHost: a\r\nhost: b\r\nConnection: close\r\n\r\n',
      '400',
    ],
    ...['Content-Length: 5', 'Transfer-Encoding: identity', 'Transfer-Encoding : chunked', 'X: a\r\n b'].map(
      (other) =>
        [`a request whose end is unclear by ${JSON.stringify(other)}`, smuggling(other), '400'] as const,
    ),
    ['lines that end by LF alone', 'GET /v1/events HTTP/1.1\nHost: a\nConnection: close\n\n', '400'],
    [
      'an expectation',
      'GET /v1/events HTTP/1.1\r\nHost: a\r\nExpect: more\r\nConnection: close\r\n\r\n',
      '417',
    ],
    ['no HTTP', 'hello\r\n\r\n', '400'],
    ['headers without end', `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(40_000)}\r\n\r\n`, '431'],
  ])('answers %s with a problem', async (_what, text, status) => {
    const answer = await sendRaw(text);
    expect(answer.match(/^HTTP\/1\.1 \d+/gm)).toEqual([`HTTP/1.1 ${status}`]);
    expect(/\{.*\}/.exec(answer)?.[0]).toContain(`"status":${status}`);
    expect(answer).toContain('application/problem+json');
    for (const name of ['Content-Security-Policy', 'X-Content-Type-Options', 'X-Request-Id'])
      expect(answer.toLowerCase()).toContain(`\r\n${name.toLowerCase()}: `);
  });

  it.each([
    ['its headers', 'GET /v1/health/live HTTP/1.1\r\nHost: a\r\n'],
    [
      'its body',
      'POST /v1/echo/a HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{',
    ],
    ['a chunk', 'POST /v1/echo/a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab'],
  ])('cuts off a client that does not end %s', async (_what, text) => {
    const httpLimits = { headersMs: 100, requestMs: 200, silenceMs: 60_000, checkEveryMs: 25 };
    const own = await startApi({ echo: true, instead: { httpLimits } });
    const answer = await sendRaw(text, own.url);
    expect(answer).toMatch(/^HTTP\/1.1 408 .*application\/problem\+json.*"code":"request_timeout"/s);
    await own.close();
  });

  it('cuts off a client that is silent while it is waited for', async () => {
    const httpLimits = { headersMs: 60_000, requestMs: 60_000, silenceMs: 100, checkEveryMs: 60_000 };
    const own = await startApi({ instead: { httpLimits } });
    expect(await sendRaw('', own.url)).toBe('');
    await own.close();
  });

  it('reads a body that is much too large to its end, so that the client sees the answer', async () => {
    const body = new Uint8Array(20_000_000);
    for (const path of ['/v1/events', '/v1/events/batch']) {
      const answer = await send('POST', path, { 'Content-Type': 'application/json' }, body);
      expect([answer.status, await answer.json()]).toEqual([
        413,
        expect.objectContaining({ code: 'body_too_large' }),
      ]);
    }
  });

  it('answers what is under way when it closes, and nothing more', async () => {
    const own = await startApi();
    const letGo = await holdTable(own.database.pool, 'event_types');
    const underWay = own.operator('GET', '/v1/event-types');
    await untilSomebodyWaits(own.database);
    const closed = own.closeServer();
    await eventually(
      async () =>
        await fetch(`${own.url}/v1/health/live`).then(
          () => false,
          () => true,
        ),
    );
    await letGo();
    const answer = await underWay;
    expect([answer.status, answer.headers.get('connection')]).toEqual([200, 'close']);
    await closed;
    await own.close();
  });

  it('waits for no connection that says nothing, and for no body that nobody reads', async () => {
    const own = await startApi();
    const port = Number(new URL(own.url).port);
    const silent = connect(port, '127.0.0.1');
    const uploading = connect(port, '127.0.0.1');
    const ends = [silent, uploading].map((socket) => once(socket, 'close'));
    for (const socket of [silent, uploading]) socket.on('error', () => {});
    uploading.write('POST /v1/events HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n');
    uploading.write('Content-Length: 1000000\r\n\r\n{');
    const [answer] = await once(uploading, 'data');
    expect(String(answer)).toMatch(/^HTTP\/1\.1 401 /);
    await own.close();
    await Promise.all(ends);
  });

  it('lets waiting echo receivers go when it closes', async () => {
    const own = await startApi({ echo: true });
    const underWay = fetch(`${own.url}/v1/echo/slow?delay_ms=60000`, { method: 'POST' });
    await eventually(async () => (await own.operator('GET', '/v1/echo/slow')).body.items.length === 1);
    await own.close();
    expect((await underWay).status).toBe(503);
  });
});

async function send(
  method: string,
  path: string,
  headers: Record<string, string>,
  body?: string | Uint8Array<ArrayBuffer>,
): Promise<Response> {
  return await fetch(api.url + path, {
    method,
    headers: { Authorization: `Bearer ${api.adminKey}`, ...headers },
    ...(body === undefined ? {} : { body }),
  });
}

/** A chunked request with a further header, and another request where a reader may see its body. */
function smuggling(header: string): string {
  const head = `POST /v1/echo/a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n${header}\r\n\r\n`;
  return `${head}0\r\n\r\nGET /v1/health/live HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`;
}

async function sendRaw(text: string, url = api.url): Promise<string> {
  return await new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(text));
    let answer = '';
    socket.on('data', (chunk) => {
      answer += String(chunk);
    });
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
  });
}
