import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** An IP address as its bytes; IPv4-mapped ones are the IPv4 address they reach. */
export type Address = ipaddr.IPv4 | ipaddr.IPv6;
/** A CIDR: its first address and how many leading bits count. */
export type Range = readonly [base: Address, bits: number];

/** Reads a plain IP address; null for every other text, scoped addresses (`%eth0`) included. */
export function parseAddress(text: string): Address | null {
  return isIP(text) === 0 || text.includes('%') ? null : ipaddr.process(inHex(text));
}

const MAPPED_BITS = 96;

/** Reads a CIDR or a single address. @throws RangeError for anything else */
export function parseRange(text: string): Range {
  const [address = '', bits, ...rest] = text.split('/');
  const family = isIP(address);
  const width = family === 6 ? 128 : 32;
  const length = bits === undefined ? width : /^\d{1,3}$/.test(bits) ? Number(bits) : Number.NaN;
  if (family === 0 || address.includes('%') || rest.length > 0 || !(length <= width)) {
    throw new RangeError(
      `Cannot read ${JSON.stringify(text)} as a network: give a CIDR such as 10.1.0.0/16 or ::1/128`,
    );
  }
  const base = ipaddr.parse(inHex(address));
  const isMapped = base instanceof ipaddr.IPv6 && base.isIPv4MappedAddress() && length >= MAPPED_BITS;
  return isMapped ? [base.toIPv4Address(), length - MAPPED_BITS] : [base, length];
}

/** Whether a range holds an address; the families must agree. */
export function isWithin(address: Address, [base, bits]: Range): boolean {
  return address.kind() === base.kind() && address.match(base, bits);
}

/** Every IPv4 address that an IPv6 address may lead to through a translator or tunnel. */
export function embeddedAddresses(address: Address): readonly Address[] {
  if (address.kind() === 'ipv4') return [];
  const bytes = address.toByteArray();
  return EMBEDDINGS.filter(({ range }) => isWithin(address, range)).flatMap(({ places }) =>
    places.map((place) => ipaddr.fromByteArray(place(bytes))),
  );
}

type Place = (bytes: readonly number[]) => number[];

const last: Place = (bytes) => bytes.slice(12);

/** Compatible (RFC 4291), translated (RFC 6145), NAT64 (RFC 6052, RFC 8215), 6to4 (RFC 3056), Teredo (RFC 4380). */
const EMBEDDINGS: readonly { readonly range: Range; readonly places: readonly Place[] }[] = [
  { range: parseRange('::/96'), places: [last] },
  { range: parseRange('::ffff:0:0:0/96'), places: [last] },
  { range: parseRange('64:ff9b::/96'), places: [last] },
  {
    range: parseRange('64:ff9b:1::/48'),
    places: [last, (bytes) => [...bytes.slice(6, 8), ...bytes.slice(9, 11)]],
  },
  { range: parseRange('2002::/16'), places: [(bytes) => bytes.slice(2, 6)] },
  {
    range: parseRange('2001::/32'),
    places: [(bytes) => bytes.slice(4, 8), (bytes) => last(bytes).map((byte) => byte ^ 0xff)],
  },
];

/**
 * ipaddr.js takes the outdated `::8.8.8.8` for the mapped `::ffff:8.8.8.8`, which is another host; URLs spell IPv6 in
 * hex.
 */
function inHex(address: string): string {
  return isIP(address) === 6 && address.includes('.')
    ? new URL(`http://[${address}]`).hostname.slice(1, -1)
    : address;
}
