import { describe, expect, it } from '@jest/globals';
import { isWithin, normaliseAddress, normaliseCidr } from '../../../../src/api/platform/input/cidr.ts';

describe('isWithin', () => {
  it.each([
    ['192.0.2.7', ['192.0.2.0/24'], true],
    ['192.0.3.7', ['192.0.2.0/24'], false],
    ['192.0.3.7', ['192.0.2.0/24', '192.0.3.7'], true],
    ['::ffff:192.0.2.7', ['192.0.2.0/24'], true],
    ['192.0.2.7', ['::ffff:192.0.2.7'], true],
    ['2001:db8::1', ['2001:db8::/32'], true],
    ['2001:db9::1', ['2001:db8::/32'], false],
    ['192.0.2.7', ['::/0'], false],
    ['2001:db8::1', ['0.0.0.0/0'], false],
    ['127.1', ['127.0.0.0/8'], false],
    ['unknown', ['0.0.0.0/0', '::/0'], false],
    ['192.0.2.7', [], false],
  ])('%s in %j: %s', (address, cidrs, expected) => {
    expect(isWithin(address, cidrs)).toBe(expected);
  });
});

describe('normaliseCidr', () => {
  it.each([
    '',
    '10.0/8',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '10.0.0.0/8/8',
    '::/129',
    'a',
    'fe80::1%eth0',
    '0x7f.1',
    '010.0.0.1',
  ])('refuses "%s"', (text) => {
    expect(normaliseCidr(text)).toBeNull();
  });
});

describe('normaliseAddress', () => {
  it('gives every address one form', () => {
    expect(normaliseAddress('::FFFF:7f00:1')).toBe('127.0.0.1');
    expect(normaliseAddress('2001:DB8:0::1')).toBe('2001:db8::1');
    expect(normaliseAddress('1.2.3.4:80')).toBeNull();
  });
});
