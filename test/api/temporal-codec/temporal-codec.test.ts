import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ApiUnderTest, startApi } from '../../support/api/api.ts';

const UI = 'http://temporal.test';
const PLAIN = { metadata: { encoding: base64('json/plain') }, data: base64('{"deliveryId":"del_1"}') };
const PATH = '/v1/temporal/codec';

let api: ApiUnderTest;
beforeAll(async () => {
  api = await startApi({
    environment: { POSTHORN_TEMPORAL_CODEC_KEY: randomBytes(32).toString('base64') },
  });
});
afterAll(async () => await api.close());

interface Payloads {
  readonly payloads: readonly { readonly metadata: Record<string, string>; readonly data: string }[];
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

async function send(
  path: string,
  { method = 'POST', body, headers }: { method?: string; body?: unknown; headers: Record<string, string> },
): Promise<Response> {
  return await fetch(`${api.url}${PATH}/${path}`, {
    method,
    headers: { ...(body !== undefined && { 'Content-Type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

function operator(): Record<string, string> {
  return { Authorization: `Bearer ${api.adminKey}` };
}

async function encoded(): Promise<Payloads> {
  const { status, body } = await api.operator('POST', `${PATH}/encode`, { payloads: [PLAIN] });
  expect(status).toBe(200);
  return body as unknown as Payloads;
}

/** The cookie of a session of this key, as a browser would send it back. */
async function beginSession(key: string): Promise<string> {
  const headers = { Authorization: `Bearer ${key}` };
  const answer = await fetch(`${api.url}/v1/session`, { method: 'POST', headers });
  expect(answer.status).toBe(201);
  return answer.headers.get('set-cookie')?.split(';')[0] ?? '';
}

describe('POST /v1/temporal/codec/decode', () => {
  it('decrypts what encode encrypted, and lets other payloads through', async () => {
    const { payloads } = await encoded();
    expect(payloads[0]?.metadata.encoding).toBe(base64('binary/encrypted'));
    const answer = await api.operator('POST', `${PATH}/decode`, { payloads: [...payloads, PLAIN] });
    expect(answer.body).toEqual({ payloads: [PLAIN, PLAIN] });
    expect((await api.operator('POST', `${PATH}/decode`, {})).body).toEqual({ payloads: [] });
  });

  it.each([
    ['a list', [], 'invalid_type', ''],
    ['no list', { payloads: PLAIN }, 'invalid_type', '/payloads'],
    ['no payload', { payloads: ['x'] }, 'invalid_type', '/payloads/0'],
    [
      'metadata that are not base64',
      { payloads: [{ metadata: { encoding: 'json/plain!' } }] },
      'invalid_format',
      '/payloads/0/metadata/encoding',
    ],
    [
      'data that are not base64',
      { payloads: [PLAIN, { ...PLAIN, data: '%' }] },
      'invalid_format',
      '/payloads/1/data',
    ],
    ['an unknown member', { payloads: [], more: 1 }, 'unknown_member', '/more'],
    [
      'what was encrypted elsewhere',
      { payloads: [{ metadata: { encoding: base64('binary/encrypted') }, data: '' }] },
      'payload_sealed',
      '/payloads/0',
    ],
  ])('refuses %s', async (_what, body, code, pointer) => {
    const answer = await api.operator('POST', `${PATH}/decode`, body);
    expect(answer.status).toBe(422);
    expect(answer.body.errors).toEqual([expect.objectContaining({ code, pointer: `#${pointer}` })]);
  });

  it('names every payload that does not open', async () => {
    const { payloads } = await encoded();
    const changed = payloads.map((payload) => ({ ...payload, data: base64('changed') }));
    const answer = await api.operator('POST', `${PATH}/decode`, {
      payloads: [...changed, ...payloads, ...changed],
    });
    expect(answer.body.errors.map(({ pointer }) => pointer)).toEqual(['#/payloads/0', '#/payloads/2']);
  });

  it('refuses another namespace, and a body that is too large', async () => {
    const headers = { ...operator(), 'X-Namespace': 'other' };
    const other = await send('decode', { body: { payloads: [] }, headers });
    expect(await other.json()).toMatchObject({ status: 422, code: 'namespace_mismatch' });
    const huge = { payloads: [{ data: base64('x'.repeat(300_000)) }] };
    expect(await api.operator('POST', `${PATH}/decode`, huge)).toMatchObject({
      status: 413,
      body: { code: 'body_too_large' },
    });
  });

  it('answers 409 where nothing is encrypted', async () => {
    const plain = await startApi();
    const answer = await plain.operator('POST', `${PATH}/decode`, { payloads: [] });
    await plain.close();
    expect(answer).toMatchObject({ status: 409, body: { code: 'codec_off' } });
  });
});

describe('the Temporal UI', () => {
  it('may ask from its own origin, and from no other', async () => {
    const preflight = async (origin: string) =>
      await send('decode', {
        method: 'OPTIONS',
        headers: {
          Origin: origin,
          'Access-Control-Request-Method': 'POST',
          'Access-Control-Request-Headers': 'content-type,x-namespace',
        },
      });
    const allowed = await preflight(UI);
    expect(allowed.status).toBe(204);
    expect(Object.fromEntries(allowed.headers)).toMatchObject({
      'access-control-allow-origin': UI,
      'access-control-allow-credentials': 'true',
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': 'Content-Type, X-Namespace, Authorization',
      vary: 'Origin',
    });
    for (const origin of ['http://evil.test', 'http://temporal.test:8080', 'https://temporal.test', 'null']) {
      const refused = await preflight(origin);
      expect(refused.status).toBe(403);
      expect(refused.headers.has('access-control-allow-origin')).toBe(false);
    }
  });

  it('reads answers with a session, and no errors', async () => {
    const cookie = await beginSession(api.adminKey);
    const headers = { Cookie: `a=b; ${cookie}`, Origin: UI, 'X-Namespace': 'default' };
    const answer = await send('decode', { body: await encoded(), headers });
    expect(await answer.json()).toEqual({ payloads: [PLAIN] });
    expect(answer.headers.get('access-control-allow-origin')).toBe(UI);
    const elsewhere = await send('decode', {
      body: await encoded(),
      headers: { ...headers, Origin: 'http://evil.test' },
    });
    expect(elsewhere.headers.has('access-control-allow-origin')).toBe(false);
    const failed = await send('decode', { body: { payloads: 1 }, headers });
    expect(failed.status).toBe(422);
    expect(failed.headers.has('access-control-allow-origin')).toBe(false);
  });
});
