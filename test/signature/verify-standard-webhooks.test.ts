import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { generateSecret } from '../../src/signature/secret.ts';
import { signDelivery } from '../../src/signature/sign.ts';
import { verifyStandardWebhooks } from '../../src/signature/verify-standard-webhooks.ts';
import { golden } from '../support/receivers/golden.ts';
import { forgedBodies, withBitFlipped } from './forgeries.ts';

const { headers } = golden;
const options = { secret: golden.secret, now: golden.parts.timestamp };
const accepts = (changed: Readonly<Record<string, unknown>>): boolean =>
  verifyStandardWebhooks({ ...headers, ...changed } as typeof headers, golden.body, options);

describe('verifyStandardWebhooks', () => {
  it('accepts the golden headers in every shape a framework gives', () => {
    const upperCase = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value]),
    );
    const lists = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]));
    for (const shape of [headers, upperCase, lists, new Headers(headers), new Map(Object.entries(headers))]) {
      expect(verifyStandardWebhooks(shape as typeof headers, golden.body, options)).toBe(true);
    }
  });

  it.each(forgedBodies)('refuses %s', (_what, body) => {
    expect(verifyStandardWebhooks(headers, body, options)).toBe(false);
  });

  it('refuses the body with any one bit flipped', () => {
    for (let bit = 0; bit < golden.body.length * 8; bit += 1) {
      expect([bit, verifyStandardWebhooks(headers, withBitFlipped(bit), options)]).toEqual([bit, false]);
    }
  });

  it('accepts a true entry among others', () => {
    const { 'webhook-signature': entry } = headers;
    const untrue = `v1,${'A'.repeat(43)}=`;
    expect(accepts({ 'webhook-signature': `v1a,xyz ${untrue} ${entry}` })).toBe(true);
    expect(accepts({ 'webhook-signature': `${untrue} v2,${entry.slice(3)}` })).toBe(false);
  });

  it.each<[string, string, unknown]>([
    ['no signature', 'webhook-signature', undefined],
    ['an empty signature', 'webhook-signature', ''],
    [
      'a doubled signature',
      'webhook-signature',
      [headers['webhook-signature'], headers['webhook-signature']],
    ],
    ['a signature in other capitals', 'webhook-signature', headers['webhook-signature'].toUpperCase()],
    ['a signature without padding', 'webhook-signature', headers['webhook-signature'].slice(0, -1)],
    ['a signature of 10 MB', 'webhook-signature', `${'v1,a '.repeat(2_000_000)}`],
    ['the hex signature', 'webhook-signature', headers['X-Webhook-Signature']],
    ['no id', 'webhook-id', undefined],
    ['another id', 'webhook-id', 'del_01J8Q2M4T6V8X0Z2B4D6F8H0K3'],
    ['an id that reaches into the timestamp', 'webhook-id', `${headers['webhook-id']}.1727344935`],
    ['a number as id', 'webhook-id', 7],
    ['no timestamp', 'webhook-timestamp', undefined],
    ['another timestamp', 'webhook-timestamp', '1727344936'],
    ['a timestamp in milliseconds', 'webhook-timestamp', '1727344935000'],
    ['a timestamp with trailing text', 'webhook-timestamp', '1727344935s'],
    ['a timestamp with a newline', 'webhook-timestamp', '1727344935\n'],
    ['a signed timestamp', 'webhook-timestamp', '+1727344935'],
    ['a fractional timestamp', 'webhook-timestamp', '1727344935.0'],
    ['a hexadecimal timestamp', 'webhook-timestamp', '0x66f53027'],
    ['the second name of a header in other case', 'WEBHOOK-ID', headers['webhook-id']],
  ])('refuses %s', (_what, name, value) => {
    expect(accepts({ [name]: value })).toBe(false);
  });

  it.each([301, -301])('refuses a timestamp %i s away and accepts 300 s', (seconds) => {
    const awayBy = (distance: number): Date => new Date(options.now.getTime() + distance * 1000);
    const near = { ...options, now: awayBy(seconds - Math.sign(seconds)) };
    expect(verifyStandardWebhooks(headers, golden.body, near)).toBe(true);
    expect(verifyStandardWebhooks(headers, golden.body, { ...options, now: awayBy(seconds) })).toBe(false);
  });

  it.each<[string, unknown]>([
    ['null', null],
    ['undefined', undefined],
    ['a text', 'webhook-id: 1'],
    ['a list', []],
    ['a header of null', { ...headers, 'webhook-id': null }],
    ['a header of nested lists', { ...headers, 'webhook-id': [[headers['webhook-id']]] }],
  ])('refuses headers that are %s', (_what, hostile) => {
    expect(verifyStandardWebhooks(hostile as typeof headers, golden.body, options)).toBe(false);
  });

  it('refuses a body that is neither bytes nor text, and a malformed secret', () => {
    expect(verifyStandardWebhooks(headers, JSON.parse(golden.text), options)).toBe(false);
    expect(verifyStandardWebhooks(headers, golden.body, { ...options, secret: 'whsec_' })).toBe(false);
  });

  it('accepts either live secret in the middle of a rotation', () => {
    fc.assert(
      fc.property(fc.object(), (data) => {
        const [primary, additional, stranger] = [generateSecret(), generateSecret(), generateSecret()];
        const secrets = { primary, additional: [additional] };
        const signed = signDelivery({ ...golden.parts, dataText: JSON.stringify(data), secrets });
        const acceptsWith = (secret: string): boolean =>
          verifyStandardWebhooks({ ...signed.headers }, signed.body, { ...options, secret });
        expect([primary, additional, stranger].map(acceptsWith)).toEqual([true, true, false]);
      }),
    );
  });
});
