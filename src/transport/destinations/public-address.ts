import ipaddr from 'ipaddr.js';
import { type Address, embeddedAddresses, isWithin, parseAddress, parseRange } from './ip-range.ts';

/** Which IP addresses deliveries may reach; every text that is not a plain IP address is refused. */
export interface AddressRule {
  /** Whether an address is globally reachable by the IANA special-purpose registries. */
  readonly isPublic: (address: string) => boolean;
  /**
   * Whether the operator named a range that holds the address; only such addresses may be reached by plain http or on
   * odd ports.
   */
  readonly isExplicitlyAllowed: (address: string) => boolean;
  /** Whether the operator forbade the address, or one it leads to by translation or tunnel. */
  readonly isDenied: (address: string) => boolean;
  readonly mayReach: (address: string) => boolean;
}

/**
 * The rule for the public internet plus the ranges an operator allows, less those denied (CIDRs or single addresses).
 * @throws RangeError for an entry that is neither
 */
export function createAddressRule(options: {
  readonly allowedCidrs: readonly string[];
  readonly deniedCidrs?: readonly string[];
}): AddressRule {
  const allowed = options.allowedCidrs.map(parseRange);
  const denied = (options.deniedCidrs ?? []).map(parseRange);
  const isDenied = (address: string): boolean => {
    const parsed = denied.length === 0 ? null : parseAddress(address);
    if (parsed === null) return false;
    return [parsed, ...embeddedAddresses(parsed)].some((one) => denied.some((range) => isWithin(one, range)));
  };
  const isExplicitlyAllowed = (address: string): boolean => {
    const parsed = parseAddress(address);
    return parsed !== null && allowed.some((range) => isWithin(parsed, range)) && !isDenied(address);
  };
  return {
    isPublic,
    isExplicitlyAllowed,
    isDenied,
    mayReach: (address) => (isPublic(address) && !isDenied(address)) || isExplicitlyAllowed(address),
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
