import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createAddressRule } from '../../../src/transport/destinations/public-address.ts';

const PUBLIC = [
  '1.1.1.1',
  '8.8.8.8',
  '11.0.0.1',
  '100.63.255.255',
  '100.128.0.1',
  '126.255.255.255',
  '128.0.0.1',
  '168.63.129.17',
  '169.253.255.255',
  '172.15.255.255',
  '172.32.0.1',
  '192.0.1.1',
  '192.167.255.255',
  '198.17.255.255',
  '198.20.0.1',
  '223.255.255.255',
  '::ffff:8.8.8.8',
  '64:ff9b::808:808',
  '2001:200::1',
  '2001:4860:4860::8888',
  '2606:4700::1111',
  '2a00:1450:4001::1',
  '3ffe::1',
];

const NOT_PUBLIC = [
  '0.0.0.0',
  '0.1.2.3',
  '10.0.0.1',
  '100.64.0.1',
  '100.100.100.200',
  '100.127.255.255',
  '127.0.0.1',
  '127.255.255.255',
  '168.63.129.16',
  '161.26.0.10',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.192',
  '192.0.2.1',
  '192.88.99.1',
  '192.168.0.1',
  '198.18.0.1',
  '198.19.255.255',
  '198.51.100.1',
  '203.0.113.1',
  '224.0.0.1',
  '239.255.255.255',
  '240.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::7f00:1',
  '::8.8.8.8',
  '::ffff:127.0.0.1',
  '::ffff:10.0.0.1',
  '::ffff:0:8.8.8.8',
  '64:ff9b::7f00:1',
  '64:ff9b::a9fe:a9fe',
  '64:ff9b:1::808:808',
  '100::1',
  '2001::1',
  '2001:0:4136:e378:8000:63bf:3fff:fdd2',
  '2001:2::1',
  '2001:10::1',
  '2001:20::1',
  '2001:db8::1',
  '2002:7f00:1::',
  '2002:808:808::1',
  '2620:4f:8000::1',
  '3fff::1',
  '4000::1',
  '5f00::1',
  'fc00::1',
  'fd00:ec2::254',
  'fe80::1',
  'fe80::1%eth0',
  '2606:4700::1%eth0',
  'fec0::1',
  'ff02::1',
];

const NO_ADDRESS = [
  '',
  'localhost',
  '127.1',
  '0x7f.1',
  '2130706433',
  '8.8.8.8/32',
  '08.8.8.8',
  '8.8.8.8 ',
  '[::1]',
  '1.2.3',
];

describe('createAddressRule', () => {
  const open = createAddressRule({ allowedCidrs: [] });

  it.each(PUBLIC)('lets deliveries reach %s', (address) => {
    expect(open.isPublic(address)).toBe(true);
    expect(open.mayReach(address)).toBe(true);
  });

  it.each([...NOT_PUBLIC, ...NO_ADDRESS])('keeps deliveries from %p', (address) => {
    expect(open.isPublic(address)).toBe(false);
    expect(open.mayReach(address)).toBe(false);
  });

  it.each([
    ['127.0.0.0/8', '127.9.9.9', true],
    ['127.0.0.1', '127.0.0.1', true],
    ['127.0.0.1', '127.0.0.2', false],
    ['10.0.0.0/8', '::ffff:10.1.1.1', true],
    ['::ffff:10.0.0.0/104', '10.1.1.1', true],
    ['::1', '::1', true],
    ['::1/128', '::2', false],
    ['fd00::/8', 'fd12::1', true],
    ['fd00::/8', 'fd12::1%eth0', false],
    ['::/0', '10.0.0.1', false],
    ['0.0.0.0/0', '::1', false],
    ['0.0.0.0/0', '169.254.169.254', true],
    ['0.0.0.0/0', 'localhost', false],
  ])('with %s allowed answers for %s: %p', (cidr, address, expected) => {
    const rule = createAddressRule({ allowedCidrs: [cidr] });

    expect(rule.isExplicitlyAllowed(address)).toBe(expected);
    expect(rule.mayReach(address)).toBe(expected);
  });

  it('does not count a public address as explicitly allowed', () => {
    expect(open.isExplicitlyAllowed('8.8.8.8')).toBe(false);
  });

  it.each([
    '',
    'localhost',
    '10.0.0.0/33',
    '::1/129',
    '10.0.0.0/x',
    '10.0.0.0/',
    '10/8',
    '10.0.0.0/8/8',
    'fe80::1%1/64',
  ])('refuses %p as a range', (cidr) => {
    expect(() => createAddressRule({ allowedCidrs: [cidr] })).toThrow(RangeError);
  });

  it('judges an IPv4 address the same in every spelling that reaches it', () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        expect(open.isPublic(`::ffff:${address}`)).toBe(open.isPublic(address));
        expect(open.isPublic(`64:ff9b::${address}`)).toBe(open.isPublic(address));
      }),
    );
  });

  it('judges an IPv6 address the same in every spelling', () => {
    fc.assert(
      fc.property(fc.ipV6(), (address) => {
        const short = new URL(`http://[${address}]`).hostname.slice(1, -1);
        expect(open.isPublic(address)).toBe(open.isPublic(short));
      }),
    );
  });

  it('never throws and never lets anything but an address pass', () => {
    fc.assert(fc.property(fc.string(), (text) => !open.mayReach(text) || /^[\d.:a-fA-F]+$/.test(text)));
  });
});
