import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Which IP addresses deliveries may reach; every text that is not a plain IP address is refused. */
export interface AddressRule {
  /** Whether an address is globally reachable by the IANA special-purpose registries. */
  readonly isPublic: (address: string) => boolean;
  /** Whether the operator named a range that holds the address; only such addresses may be reached by plain http or on odd ports. */
  readonly isExplicitlyAllowed: (address: string) => boolean;
  readonly mayReach: (address: string) => boolean;
}

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Range = [Address, number];

/**
 * The rule for the public internet plus the ranges an operator allows (CIDRs or single addresses).
 * @throws RangeError for an entry that is neither
 */
export function createAddressRule(options: { readonly allowedCidrs: readonly string[] }): AddressRule {
  const allowed = options.allowedCidrs.map(parseRange);
  const isExplicitlyAllowed = (address: string): boolean => {
    const parsed = parseAddress(address);
    return parsed !== null && allowed.some((range) => isWithin(parsed, range));
  };
  return {
    isPublic,
    isExplicitlyAllowed,
    mayReach: (address) => isPublic(address) || isExplicitlyAllowed(address),
  };
}

/** Public-looking IPv4 ranges that a cloud answers from inside: Azure's host agent, IBM Cloud's service networks. */
const CLOUD_PLATFORM_RANGES = ['168.63.129.16/32', '161.26.0.0/16', '166.8.0.0/14'].map(parseRange);

/** The only IPv6 block allocated for global unicast (RFC 4291, IANA IPv6 address space). */
const GLOBAL_UNICAST = parseRange('2000::/3');

/** Inside 2000::/3 but special: protocol assignments with Teredo and ORCHID, documentation, 6to4, AS112. */
const SPECIAL_IPV6_RANGES = ['2001::/23', '2001:db8::/32', '2002::/16', '2620:4f:8000::/48', '3fff::/20'].map(
  parseRange,
);

/** NAT64 (RFC 6052): DNS64 resolvers give these for hosts that only have IPv4. */
const NAT64 = parseRange('64:ff9b::/96');

function isPublic(address: string): boolean {
  const parsed = parseAddress(address);
  if (parsed === null) return false;
  if (parsed.kind() === 'ipv4') return isPublicIpv4(parsed);
  if (isWithin(parsed, NAT64)) return isPublicIpv4(ipaddr.fromByteArray(parsed.toByteArray().slice(-4)));
  return isWithin(parsed, GLOBAL_UNICAST) && !SPECIAL_IPV6_RANGES.some((range) => isWithin(parsed, range));
}

function isPublicIpv4(address: Address): boolean {
  return address.range() === 'unicast' && !CLOUD_PLATFORM_RANGES.some((range) => isWithin(address, range));
}

/** IPv4-mapped addresses become the IPv4 address they reach; scoped ones (`%eth0`) are none of ours. */
function parseAddress(address: string): Address | null {
  return isIP(address) === 0 || address.includes('%') ? null : ipaddr.process(inHex(address));
}

/** ipaddr.js takes the outdated `::8.8.8.8` for the mapped `::ffff:8.8.8.8`, which is another host; URLs spell IPv6 in hex. */
function inHex(address: string): string {
  return isIP(address) === 6 && address.includes('.')
    ? new URL(`http://[${address}]`).hostname.slice(1, -1)
    : address;
}

function isWithin(address: Address, [base, bits]: Range): boolean {
  return address.kind() === base.kind() && address.match(base, bits);
}

function parseRange(text: string): Range {
  const [address = '', bits, ...rest] = text.split('/');
  const family = isIP(address);
  const width = family === 6 ? 128 : 32;
  const length = bits === undefined ? width : /^\d{1,3}$/.test(bits) ? Number(bits) : Number.NaN;
  if (family === 0 || address.includes('%') || rest.length > 0 || !(length <= width)) {
    throw new RangeError(
      `Cannot allow destination ${JSON.stringify(text)}: give a CIDR such as 10.1.0.0/16 or ::1/128`,
    );
  }
  return [ipaddr.parse(inHex(address)), length];
}
