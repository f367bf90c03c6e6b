import { afterAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { checkUrlSyntax } from '../../../src/domain/endpoint-url.ts';
import { checkDestination } from '../../../src/transport/destinations/check-destination.ts';
import { DestinationRules } from '../../../src/transport/destinations/destination-rules.ts';
import { createSender } from '../../../src/transport/sender.ts';

/** IANA IPv4 special-purpose registry (and multicast, RFC 5771): whatever it lists. */
const SPECIAL_IPV4: readonly (readonly [base: string, bits: number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.31.196.0', 24],
  ['192.52.193.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['192.175.48.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];
/** Not special by the registry, and refused all the same: cloud platforms answer from inside. */
const CLOUD_IPV4: typeof SPECIAL_IPV4 = [
  ['168.63.129.16', 32],
  ['161.26.0.0', 16],
  ['166.8.0.0', 14],
];
/** IANA IPv6 special-purpose registry inside 2000::/3, as hex digits that an address begins with. */
const SPECIAL_IPV6 = /^(2001(00|01)|20010db8|2002|2620004f8000|3fff0)/;

const rules = new DestinationRules({});
const never = async (): Promise<never> => {
  throw new Error('a literal address is not looked up');
};
const sender = createSender({ rules, lookup: never });
afterAll(async () => await sender.close());

const ipv4 = fc.nat({ max: 0xffff_ffff });
const specialIpv4 = fc
  .tuple(fc.constantFrom(...SPECIAL_IPV4, ...CLOUD_IPV4), ipv4)
  .map(([[base, bits], random]) => (numberOf(base) + (bits === 32 ? 0 : random % 2 ** (32 - bits))) >>> 0);
const ordinaryIpv4 = ipv4.filter(
  (number) => ![...SPECIAL_IPV4, ...CLOUD_IPV4].some((range) => isIn(number, range)),
);

const part = fc.constantFrom<(value: number) => string>(
  (value) => String(value),
  (value) => `0${value.toString(8)}`,
  (value) => `0x${value.toString(16)}`,
  (value) => `0X00${value.toString(16).toUpperCase()}`,
);
const dots = fc.constantFrom('.', '\u3002', '\uff0e', '\uff61');
/** Everything that a URL parser takes for an IPv4 address. */
const spelling = fc.record({
  parts: fc.tuple(part, part, part, part),
  count: fc.integer({ min: 1, max: 4 }),
  dot: dots,
  fullWidth: fc.boolean(),
  ends: fc.boolean(),
});
type Spelling = typeof spelling extends fc.Arbitrary<infer T> ? T : never;

/** An IPv6 address in hex digits; all of the wrappings lead to the IPv4 address. */
const wrapping = fc.constantFrom<(hex: string) => string>(
  (hex) => `[::ffff:${hex.slice(0, 4)}:${hex.slice(4)}]`,
  (hex) => `[0:0:0:0:0:FFFF:${hex.slice(0, 4)}:${hex.slice(4)}]`,
  (hex) => `[64:ff9b::${hex.slice(0, 4)}:${hex.slice(4)}]`,
  (hex) => `[0064:FF9B:0:0:0:0:${dotted(Number.parseInt(hex, 16))}]`,
  (hex) => `[::ffff:${dotted(Number.parseInt(hex, 16))}]`,
);
/** Wrappings that are special themselves, whatever they hold. */
const specialWrapping = fc.constantFrom<(hex: string) => string>(
  (hex) => `[::${hex.slice(0, 4)}:${hex.slice(4)}]`,
  (hex) => `[::ffff:0:${hex.slice(0, 4)}:${hex.slice(4)}]`,
  (hex) => `[2002:${hex.slice(0, 4)}:${hex.slice(4)}::1]`,
  (hex) => `[2001:0:${hex.slice(0, 4)}:${hex.slice(4)}::]`,
  (hex) => `[64:ff9b:1::${hex.slice(0, 4)}:${hex.slice(4)}]`,
);

describe('a random address in a random spelling', () => {
  it('is not connected to where it is a special IPv4 address', async () => {
    const property = fc.asyncProperty(
      specialIpv4,
      spelling,
      async (number, how) => await isKeptFrom(spell(number, how)),
    );
    await fc.assert(property, { numRuns: 500 });
  });

  it('is not connected to where it wraps a special IPv4 address', async () => {
    const property = fc.asyncProperty(
      specialIpv4,
      wrapping,
      async (number, wrap) => await isKeptFrom(wrap(hexOf(number))),
    );
    await fc.assert(property, { numRuns: 500 });
  });

  it('is not connected to where it is a special IPv6 address around any IPv4 address', async () => {
    const property = fc.asyncProperty(
      ipv4,
      specialWrapping,
      async (number, wrap) => await isKeptFrom(wrap(hexOf(number))),
    );
    await fc.assert(property, { numRuns: 500 });
  });

  it('is reached where it is an ordinary IPv4 address', async () => {
    const property = fc.asyncProperty(
      ordinaryIpv4,
      spelling,
      async (number, how) => await isReached(spell(number, how)),
    );
    await fc.assert(property, { numRuns: 1_000 });
    const wrapped = fc.asyncProperty(
      ordinaryIpv4,
      wrapping,
      async (number, wrap) => await isReached(wrap(hexOf(number))),
    );
    await fc.assert(wrapped, { numRuns: 500 });
  });

  it('is reached exactly where it is an ordinary global unicast IPv6 address', async () => {
    const anywhere = fc.bigInt({ min: 0n, max: 2n ** 128n - 1n });
    const unicast = fc.bigInt({ min: 2n ** 125n, max: 2n ** 126n - 1n });
    const special = fc
      .tuple(fc.constantFrom('200100', '200101', '20010db8', '2002', '2620004f8000', '3fff0'), anywhere)
      .map(([prefix, random]) => BigInt(`0x${prefix}${hexOf(random, 32).slice(prefix.length)}`));
    const property = fc.asyncProperty(fc.oneof(anywhere, unicast, special), async (address) => {
      const digits = hexOf(address, 32);
      const isMapped = /^0{20}ffff|^0064ff9b0{16}/.test(digits);
      fc.pre(!isMapped);
      const isOrdinary = /^[23]/.test(digits) && !SPECIAL_IPV6.test(digits);
      const host = `[${digits.match(/.{4}/g)?.join(':')}]`;
      await (isOrdinary ? isReached(host) : isKeptFrom(host));
    });
    await fc.assert(property, { numRuns: 2_000 });
  });
});

async function isKeptFrom(host: string): Promise<void> {
  const url = `https://${host}/`;
  expect(checkUrlSyntax(url).ok).toBe(true);
  expect([url, await checkDestination(url, { rules, lookup: never })]).toEqual([
    url,
    expect.objectContaining({ code: 'destination_not_allowed' }),
  ]);
  const outcome = await sender.send({ url, headers: {}, body: '' }, { timeoutMs: 20_000 });
  expect([url, outcome]).toEqual([
    url,
    expect.objectContaining({ errorCode: 'destination_not_allowed', remoteAddress: null }),
  ]);
}

async function isReached(host: string): Promise<void> {
  const url = `https://${host}/`;
  expect([url, checkUrlSyntax(url).ok, await checkDestination(url, { rules, lookup: never })]).toEqual([
    url,
    true,
    null,
  ]);
}

function spell(number: number, { parts, count, dot, fullWidth, ends }: Spelling): string {
  const bytes = [number >>> 24, (number >>> 16) & 255, (number >>> 8) & 255, number & 255];
  const rest = bytes.slice(count - 1).reduce((sum, byte) => sum * 256 + byte, 0);
  const values = [...bytes.slice(0, count - 1), rest];
  const text = values.map((value, index) => parts[index]?.(value) ?? '').join(dot) + (ends ? dot : '');
  return fullWidth
    ? text.replace(/[0-9a-z]/gi, (letter) => String.fromCodePoint(letter.charCodeAt(0) + 0xfee0))
    : text;
}

function numberOf(address: string): number {
  return address.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0);
}

function isIn(number: number, [base, bits]: readonly [base: string, bits: number]): boolean {
  return Math.floor(number / 2 ** (32 - bits)) === Math.floor(numberOf(base) / 2 ** (32 - bits));
}

function dotted(number: number): string {
  return [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join('.');
}

function hexOf(number: number | bigint, digits = 8): string {
  return number.toString(16).padStart(digits, '0');
}
