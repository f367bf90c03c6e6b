import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { generateSecret } from '../../src/signature/secret.ts';
import { signDelivery } from '../../src/signature/sign.ts';
import { WebhookVerificationError } from '../../src/signature/verification-error.ts';
import { verifyWebhook, type WebhookRequest } from '../../src/signature/verify-webhook.ts';
import { golden } from '../support/receivers/golden.ts';
import { forgedBodies, withBitFlipped } from './forgeries.ts';

const { 'X-Webhook-Signature': headerSignature, ...standardHeaders } = golden.headers;
const request = { rawBody: golden.body, secret: golden.secret, now: golden.parts.timestamp };
const secondsLater = (seconds: number): Date => new Date(request.now.getTime() + seconds * 1000);

function codeOf(changed: Partial<Record<keyof WebhookRequest, unknown>>): string {
  try {
    verifyWebhook({ ...request, ...changed } as WebhookRequest);
    return 'verified';
  } catch (error) {
    if (error instanceof WebhookVerificationError) return error.code;
    throw error;
  }
}

describe('verifyWebhook', () => {
  it.each([
    ['all headers', golden.headers],
    ['the Standard Webhooks headers', standardHeaders],
    ['X-Webhook-Signature', { 'x-webhook-signature': headerSignature }],
    ['a Headers object', new Headers(golden.headers)],
    ['no headers', undefined],
    ['headers that sign nothing', { 'content-type': 'application/json' }],
  ])('gives the event of a request with %s', (_what, headers) => {
    expect(verifyWebhook({ ...request, headers })).toEqual(JSON.parse(golden.text));
  });

  const headerSets: readonly unknown[] = [
    golden.headers,
    { 'x-webhook-signature': headerSignature },
    undefined,
  ];

  it.each(forgedBodies)('throws its own error on %s', (_what, rawBody) => {
    const codes = headerSets.map((headers) => codeOf({ rawBody, headers }));
    for (const code of codes) expect(code).toMatch(/^(signature|body)_/);
  });

  it('throws its own error on the body with any one bit flipped', () => {
    fc.assert(
      fc.property(fc.nat({ max: 654 * 8 - 1 }), fc.constantFrom(...headerSets), (bit, headers) => {
        expect(codeOf({ rawBody: withBitFlipped(bit), headers })).toMatch(/^(signature|body)_/);
      }),
      { numRuns: 1000 },
    );
  });

  it('throws on a blanked body that comes with its signature as header', () => {
    const rawBody = golden.text.replace(golden.bodySignature, '');
    expect(codeOf({ rawBody, headers: { 'x-webhook-signature': golden.bodySignature } })).toBe(
      'body_malformed',
    );
  });

  it.each<[string, Partial<Record<keyof WebhookRequest, unknown>>]>([
    ['signature_missing', { rawBody: golden.text.replace('"signature"', '"signatur"') }],
    ['signature_missing', { headers: { 'webhook-signature': standardHeaders['webhook-signature'] } }],
    ['signature_malformed', { headers: { 'x-webhook-signature': headerSignature.toUpperCase() } }],
    ['signature_malformed', { headers: { 'x-webhook-signature': [headerSignature, headerSignature] } }],
    ['signature_malformed', { headers: { ...standardHeaders, 'webhook-signature': 'v1,' } }],
    ['signature_mismatch', { secret: generateSecret() }],
    ['signature_mismatch', { secret: generateSecret(), headers: golden.headers }],
    ['signature_mismatch', { headers: { 'x-webhook-signature': golden.bodySignature } }],
    ['timestamp_missing', { headers: { ...standardHeaders, 'webhook-timestamp': undefined } }],
    ['timestamp_malformed', { headers: { ...standardHeaders, 'webhook-timestamp': '1727344935000' } }],
    ['timestamp_too_old', { now: secondsLater(301) }],
    ['timestamp_too_old', { now: secondsLater(301), headers: golden.headers }],
    ['timestamp_too_new', { now: secondsLater(-301) }],
    ['timestamp_too_new', { now: secondsLater(-301), headers: { 'x-webhook-signature': headerSignature } }],
    ['body_malformed', { rawBody: JSON.parse(golden.text) }],
    ['body_malformed', { rawBody: undefined }],
    ['body_malformed', { rawBody: `\ufeff${golden.text}` }],
    ['secret_malformed', { secret: golden.secret.slice('whsec_'.length) }],
    ['secret_malformed', { secret: undefined }],
    ['secret_malformed', { secret: [] }],
    ['verified', { secret: [generateSecret(), golden.secret] }],
    ['verified', { now: secondsLater(3600), toleranceSeconds: 3600 }],
  ])('ends as %s: case %#', (code, changed) => {
    expect(codeOf(changed)).toBe(code);
  });

  it.each([
    ['timestamp_missing', '"timestamp":"2024-09-26T10:02:15Z",', ''],
    ['timestamp_malformed', '2024-09-26T10:02:15Z', '2024-02-30T10:02:15Z'],
    ['timestamp_malformed', '2024-09-26T10:02:15Z', '2024-09-26T10:02:15+00:00'],
    ['timestamp_malformed', '"2024-09-26T10:02:15Z"', '1727344935'],
    ['body_malformed', '"attempt":1', '"attempt":"1"'],
    ['body_malformed', '"event":"job.completed",', ''],
  ])('ends as %s when what was signed is wrong itself: case %#', (code, from, to) => {
    const blanked = golden.text.replace(golden.bodySignature, '').replace(from, to);
    const signature = `sha256=${createHmac('sha256', golden.secret).update(blanked).digest('hex')}`;
    const rawBody = blanked.replace('"signature":""', `"signature":"${signature}"`);
    expect(codeOf({ rawBody })).toBe(code);
  });

  it('ends as body_malformed when signed data is no object', () => {
    const secrets = { primary: golden.secret, additional: [] };
    for (const dataText of ['null', '[]', '"text"']) {
      const { body, headers } = signDelivery({ ...golden.parts, dataText, secrets });
      expect(codeOf({ rawBody: body, headers })).toBe('body_malformed');
    }
  });

  it('quotes neither secret nor signature in its messages', () => {
    const forged = { ...request, rawBody: golden.text.replace('45678', '0'), headers: golden.headers };
    expect(() => verifyWebhook(forged)).toThrow(/^No entry of webhook-signature matches/);
  });
});

describe('verifyWebhook with what signDelivery signs', () => {
  it('gives back event, id, attempt and data', () => {
    fc.assert(
      fc.property(fc.object(), fc.integer({ min: 1 }), (data, attempt) => {
        const dataText = JSON.stringify(data);
        const secrets = { primary: golden.secret, additional: [generateSecret()] };
        const { body, headers } = signDelivery({ ...golden.parts, dataText, attempt, secrets });
        const event = verifyWebhook({ ...request, rawBody: body, headers: { ...headers } });
        expect(event).toMatchObject({
          event: 'job.completed',
          attempt,
          delivery_id: golden.parts.deliveryId,
        });
        expect(JSON.stringify(event.data)).toBe(JSON.stringify(JSON.parse(dataText)));
      }),
    );
  });
});
