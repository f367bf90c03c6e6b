import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { generateSecret } from '../../../src/signature/secret.ts';
import { type ApiCall, type ApiUnderTest, startApi } from '../../support/api/api.ts';
import { golden } from '../../support/receivers/golden.ts';

const { secret, text, headers, parts } = golden;
const NOW = '2024-09-26T10:02:20Z';

let api: ApiUnderTest;
let acme: ApiCall;
beforeAll(async () => {
  api = await startApi();
  acme = await api.customer('acme');
});
afterAll(async () => await api.close());

describe('POST /v1/tools/sign', () => {
  it('makes the golden request, from data as text and as object', async () => {
    const request = {
      secret,
      event: parts.event,
      timestamp: '2024-09-26T10:02:15Z',
      delivery_id: parts.deliveryId,
      attempt: 1,
    };
    for (const data of [{ data_text: parts.dataText }, { data: JSON.parse(parts.dataText) }]) {
      const { status, body } = await acme('POST', '/v1/tools/sign', { ...request, ...data });
      expect(status).toBe(200);
      expect(body).toEqual({
        body: text,
        signature: golden.bodySignature,
        headers: expect.objectContaining({ ...headers, 'X-Webhook-Event': parts.event }),
      });
    }
  });

  it('signs something that verify accepts', async () => {
    const signed = await acme('POST', '/v1/tools/sign', { secret, event: 'job.failed', data: { a: 'é\n"' } });
    const { body, headers: sent } = signed.body;
    const verdict = await acme('POST', '/v1/tools/verify', { secret, body, headers: sent });
    expect(verdict.body.valid).toBe(true);
  });

  it('signs as in a rotation, which a receiver with either secret accepts', async () => {
    const additional_secrets = [generateSecret(), generateSecret()];
    const request = { secret, additional_secrets, event: 'job.failed', data: {} };
    const { body, headers: sent } = (await acme('POST', '/v1/tools/sign', request)).body;
    for (const known of [secret, ...additional_secrets]) {
      const { valid } = (await acme('POST', '/v1/tools/verify', { secret: known, body, headers: sent })).body;
      expect(valid).toBe(true);
    }
    const stranger = { secret: generateSecret(), body, headers: sent };
    expect((await acme('POST', '/v1/tools/verify', stranger)).body.valid).toBe(false);
  });

  it.each([
    [
      'five additional secrets',
      { additional_secrets: Array(5).fill(secret) },
      '/additional_secrets',
      'too_big',
    ],
    [
      'a bad additional secret',
      { additional_secrets: ['x'] },
      '/additional_secrets/0',
      'secret_prefix_missing',
    ],
    ['no secret', { secret: undefined }, '/secret', 'required'],
    ['a secret without prefix', { secret: 'abc' }, '/secret', 'secret_prefix_missing'],
    ['a secret that is too short', { secret: 'whsec_AAEC' }, '/secret', 'secret_too_short'],
    ['a secret that is no base64', { secret: 'whsec_%%%' }, '/secret', 'secret_not_base64'],
    ['no data', { data: undefined }, '', 'data_or_data_text'],
    ['data twice', { data_text: '{}' }, '', 'data_or_data_text'],
    ['data that is no object', { data: [] }, '/data', 'invalid_type'],
    ['text that is no object', { data: undefined, data_text: '[]' }, '/data_text', 'invalid_data_text'],
    ['an event that is no name', { event: 'a"b' }, '/event', 'invalid_event_type'],
    ['an id that would break the body', { delivery_id: 'del_","x":"' }, '/delivery_id', 'invalid_id'],
    ['attempt 0', { attempt: 0 }, '/attempt', 'too_small'],
    ['a quoted attempt', { attempt: '1' }, '/attempt', 'invalid_type'],
    ['half an attempt', { attempt: 1.5 }, '/attempt', 'invalid_type'],
    ['a day that does not exist', { timestamp: '2024-02-30T00:00:00Z' }, '/timestamp', 'invalid_time'],
  ])('refuses %s', async (_what, change, pointer, code) => {
    const request = { secret, event: 'job.failed', data: {}, ...change };
    const { status, body } = await acme('POST', '/v1/tools/sign', request);
    expect(status).toBe(422);
    expect(body.errors).toEqual([expect.objectContaining({ pointer: `#${pointer}`, code })]);
    expect(JSON.stringify(body)).not.toContain(secret);
  });
});

describe('POST /v1/tools/verify', () => {
  it('passes every rule for the golden request', async () => {
    const { status, body } = await verify({});
    expect(status).toBe(200);
    expect(body.valid).toBe(true);
    expect(body.checks.map((check) => check.passed)).not.toContain(false);
    expect(body.checks.length).toBeGreaterThan(3);
  });

  it.each([
    [
      'the body was serialised again',
      { body: JSON.stringify(JSON.parse(text), null, 1) },
      'body_signature',
      /again/,
    ],
    [
      'the secret is another',
      { secret: `whsec_${Buffer.alloc(32, 'abcdefgh').toString('base64')}` },
      'header_signature',
      /another secret/,
    ],
    ['the request is old', { now: '2024-09-26T11:00:00Z' }, 'timestamp', /old/],
    [
      'the signature is in upper case',
      { headers: { ...headers, 'X-Webhook-Signature': headers['X-Webhook-Signature'].toUpperCase() } },
      'header_signature',
      /./,
    ],
  ])('says so where %s', async (_what, change, rule, message) => {
    const { status, body } = await verify(change);
    expect(status).toBe(200);
    const check = body.checks.find((one) => one.rule === rule && !one.passed);
    expect(check).toEqual({
      rule,
      passed: false,
      code: expect.any(String),
      message: expect.stringMatching(message),
    });
    expect(JSON.stringify(body)).not.toContain(secret);
  });

  it('judges a signature on its own', async () => {
    const right = await verify({ headers: undefined, signature: headers['X-Webhook-Signature'] });
    expect(right.body.valid).toBe(true);
    const wrong = await verify({ headers: undefined, signature: `sha256=${'0'.repeat(64)}` });
    expect(wrong.body.valid).toBe(false);
  });

  it.each([
    ['an empty body', { body: '' }],
    ['a body that is no JSON', { body: 'hello' }],
    ['a secret that is none', { secret: '' }],
    [
      'headers of junk',
      { headers: { 'webhook-signature': 'x', 'webhook-timestamp': 'NaN', 'webhook-id': '' } },
    ],
  ])('gives a verdict on %s', async (_what, change) => {
    const { status, body } = await verify(change);
    expect([status, body.valid]).toEqual([200, false]);
  });

  it('refuses headers that are no texts', async () => {
    const { status, body } = await verify({ headers: { a: ['b'] } });
    expect([status, body.errors[0]?.pointer]).toEqual([422, '#/headers/a']);
  });
});

async function verify(change: object) {
  return await acme('POST', '/v1/tools/verify', { secret, body: text, headers, now: NOW, ...change });
}
