import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { verify } from '../../src/signature/verify.ts';
import { golden } from '../support/receivers/golden.ts';
import { forgedBodies } from './forgeries.ts';

const blanked = golden.text.replace(golden.bodySignature, '');
const headerSignature = golden.headers['X-Webhook-Signature'];

describe('verify', () => {
  it('accepts the body with its signature blanked', () => {
    expect(verify(blanked, golden.bodySignature, golden.secret)).toBe(true);
  });

  it('accepts the raw body with X-Webhook-Signature, as bytes or text', () => {
    expect(verify(golden.body, headerSignature, golden.secret)).toBe(true);
    expect(verify(new Uint8Array(golden.body), headerSignature, golden.secret)).toBe(true);
    expect(verify(golden.text, headerSignature, golden.secret)).toBe(true);
  });

  it("refuses the raw body with the body's own signature", () => {
    expect(verify(golden.text, golden.bodySignature, golden.secret)).toBe(false);
  });

  it.each(forgedBodies)('refuses %s', (_what, body) => {
    expect(verify(body, headerSignature, golden.secret)).toBe(false);
  });

  it.each<[string, unknown]>([
    ['empty', ''],
    ['in upper case', `sha256=${headerSignature.slice(7).toUpperCase()}`],
    ['with an upper-case prefix', headerSignature.replace('sha256', 'SHA256')],
    ['without prefix', headerSignature.slice(7)],
    ['of 63 digits', headerSignature.slice(0, -1)],
    ['of 65 digits', `${headerSignature}0`],
    ['not hex', headerSignature.replace(/.$/, 'z')],
    ['followed by a newline', `${headerSignature}\n`],
    ['of full-width digits', headerSignature.replace('0', '０')],
    ['10 MB long', `sha256=${'0'.repeat(10_000_000)}`],
    ['of another secret', golden.bodySignature],
    ['missing', undefined],
    ['null', null],
    ['a number', 71],
    ['a list', [headerSignature]],
    ['an object that prints as one', { length: 71, toString: () => headerSignature }],
  ])('refuses a signature that is %s', (_what, signature) => {
    expect(verify(golden.text, signature as string, golden.secret)).toBe(false);
  });

  it.each<[string, unknown]>([
    ['another', `${golden.secret}x`],
    ['in bytes', Buffer.from(golden.secret)],
    ['missing', undefined],
    ['null', null],
  ])('refuses a secret that is %s', (_what, secret) => {
    expect(verify(golden.text, headerSignature, secret as string)).toBe(false);
  });

  it('refuses an empty secret, with which anybody could sign', () => {
    const signedByAnybody = 'sha256=b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad';
    expect(verify('', signedByAnybody, '')).toBe(false);
  });

  it('refuses a payload that is a parsed body, or a text that UTF-8 cannot hold', () => {
    expect(verify(JSON.parse(golden.text), headerSignature, golden.secret)).toBe(false);
    expect(verify('\ud800', headerSignature, golden.secret)).toBe(false);
  });

  it('answers anything with a boolean', () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), fc.anything(), (payload, signature, secret) => {
        expect(verify(payload as string, signature as string, secret as string)).toBe(false);
      }),
    );
  });
});
