import type { AddressRule } from './public-address.ts';

/** Why a URL may not be delivered to; the message never tells what a name resolved to. */
export interface DestinationRefusal {
  readonly code: 'destination_not_allowed' | 'scheme_not_allowed' | 'port_not_allowed';
  readonly message: string;
}

/** The parts of a URL that count; `port` is empty where it is the scheme's own, as in a WHATWG URL. */
export interface Destination {
  readonly protocol: string;
  readonly hostname: string;
  readonly port: string;
}

/**
 * Judges a destination by all its addresses: https on 443 to public ones, or anything the operator allowed by name.
 * Without any address only the scheme, the port and the name are judged.
 */
export function judgeDestination(
  destination: Destination,
  addresses: readonly string[],
  rule: AddressRule,
): DestinationRefusal | null {
  if (addresses.length > 0 && addresses.every(rule.isExplicitlyAllowed)) return null;
  if (destination.protocol !== 'https:') {
    return {
      code: 'scheme_not_allowed',
      message: `The URL must begin with https://, not ${destination.protocol}//`,
    };
  }
  if (destination.port !== '' && destination.port !== '443') {
    return { code: 'port_not_allowed', message: `The URL must use port 443, not ${destination.port}` };
  }
  if (isLocalName(destination.hostname) || !addresses.every(rule.mayReach)) {
    return {
      code: 'destination_not_allowed',
      message: `The host ${JSON.stringify(destination.hostname)} is not publicly reachable`,
    };
  }
  return null;
}

/** Names that lead into somebody's own network (RFC 6761, RFC 6762, RFC 8375, ICANN's `internal`, and the usual home-made ones). */
const LOCAL_SUFFIX = /(^|\.)(localhost|local|internal|intranet|lan|home|corp|private|home\.arpa)$/;

function isLocalName(hostname: string): boolean {
  const name = hostname.replace(/\.$/, '').toLowerCase();
  if (name.startsWith('[')) return false;
  return !name.includes('.') || LOCAL_SUFFIX.test(name);
}
