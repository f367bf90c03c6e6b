import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isExactNumber } from '../../../../src/api/platform/input/exact-number.ts';

describe('isExactNumber', () => {
  it.each([
    '0',
    '-0',
    '1',
    '-42',
    '1.0',
    '1e2',
    '1E+2',
    '100e-2',
    '0.1',
    '0.10',
    '1.5e300',
    '5e-324',
    '9007199254740992',
    '9007199254740991.0',
    '1.7976931348623157e308',
    '0e999999999999999999999',
    '0.0',
    '1000000000000000000000',
  ])('accepts %s', (text) => {
    expect(isExactNumber(text)).toBe(true);
  });

  it.each([
    '9007199254740993',
    '-9007199254740993',
    '1e999',
    '-1e999',
    '1e-999',
    '0.1000000000000000055',
    '123456789012345678',
    '1152921504606846976',
    '3.14159265358979323846264338327950288',
    '1e99999999999999999999',
  ])('refuses %s', (text) => {
    expect(isExactNumber(text)).toBe(false);
  });

  it('accepts every number as JSON writes it', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(isExactNumber(JSON.stringify(value))).toBe(true);
      }),
    );
  });

  it('judges integers of any size as big integers do', () => {
    fc.assert(
      fc.property(fc.bigInt(-(2n ** 70n), 2n ** 70n), (value) => {
        const written = JSON.stringify(Number(value));
        const isSame = !written.includes('e') && BigInt(written) === value;
        if (!written.includes('e')) expect(isExactNumber(String(value))).toBe(isSame);
      }),
    );
  });
});
