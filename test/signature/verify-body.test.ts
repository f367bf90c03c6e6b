import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { generateSecret } from '../../src/signature/secret.ts';
import { signDelivery } from '../../src/signature/sign.ts';
import { verifyBody } from '../../src/signature/verify-body.ts';
import { golden } from '../support/receivers/golden.ts';
import { forgedBodies, withBitFlipped } from './forgeries.ts';

const now = golden.parts.timestamp;
const secondsLater = (seconds: number): Date => new Date(now.getTime() + seconds * 1000);

describe('verifyBody', () => {
  it('accepts the golden body, as bytes or text', () => {
    expect(verifyBody(golden.body, golden.secret, { now })).toBe(true);
    expect(verifyBody(golden.text, golden.secret, { now })).toBe(true);
  });

  it('accepts it when one of several secrets is right', () => {
    expect(verifyBody(golden.body, [generateSecret(), golden.secret], { now })).toBe(true);
  });

  it.each(forgedBodies)('refuses %s', (_what, body) => {
    expect(verifyBody(body, golden.secret, { now })).toBe(false);
    expect(verifyBody(body.toString(), golden.secret, { now })).toBe(false);
  });

  it('refuses the body with any one bit flipped', () => {
    for (let bit = 0; bit < golden.body.length * 8; bit += 1) {
      expect([bit, verifyBody(withBitFlipped(bit), golden.secret, { now })]).toEqual([bit, false]);
    }
  });

  it.each([0, 300, -300])('accepts a timestamp %i s away', (seconds) => {
    expect(verifyBody(golden.body, golden.secret, { now: secondsLater(seconds) })).toBe(true);
  });

  it.each([301, -301, 86_400, Number.NaN])('refuses a timestamp %d s away', (seconds) => {
    expect(verifyBody(golden.body, golden.secret, { now: secondsLater(seconds) })).toBe(false);
  });

  it('takes another tolerance and the clock of the system', () => {
    expect(verifyBody(golden.body, golden.secret, { now: secondsLater(11), toleranceSeconds: 10 })).toBe(
      false,
    );
    expect(verifyBody(golden.body, golden.secret, { now, toleranceSeconds: Number.NaN })).toBe(false);
    expect(verifyBody(golden.body, golden.secret)).toBe(false);
  });

  it.each<[string, unknown]>([
    ['another secret', generateSecret()],
    ['the bare base64', golden.secret.slice('whsec_'.length)],
    ['no secret at all', []],
    ['a malformed secret among good ones', [golden.secret, 'x']],
    ['undefined', undefined],
  ])('refuses %s', (_what, secret) => {
    expect(verifyBody(golden.body, secret as string, { now })).toBe(false);
  });

  it('accepts whatever signDelivery signed, and only with that secret', () => {
    fc.assert(
      fc.property(fc.object(), fc.integer({ min: 1 }), (data, attempt) => {
        const secrets = { primary: generateSecret(), additional: [] };
        const dataText = JSON.stringify(data);
        const { body } = signDelivery({ ...golden.parts, attempt, dataText, secrets });
        expect(verifyBody(body, secrets.primary, { now })).toBe(true);
        expect(verifyBody(body, golden.secret, { now })).toBe(false);
      }),
    );
  });
});
