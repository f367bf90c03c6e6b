import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import type { DestinationLists } from '../../domain/destination-lists.ts';
import { type AddressRule, createAddressRule } from './public-address.ts';

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
  readonly pathname: string;
}

/** Lists that are left out are empty. */
type Lists = Partial<DestinationLists>;

/** Tells whether a socket of the product itself is what a destination leads to. */
export type OwnSockets = (destination: Destination, addresses: readonly string[]) => boolean;

/**
 * The one rule of where deliveries may go, for everybody who asks before a URL is stored and at every connection: https
 * on 443 to public addresses, or what the operator allowed by name, less what was denied.
 */
export class DestinationRules {
  readonly #fixed: Lists;
  readonly #isOwn: OwnSockets;
  #stored = '{}';
  #rule: Rule;
  #revision = 0;

  /** @throws RangeError for an entry that is none */
  constructor(fixed: Lists, isOwn: OwnSockets = () => false) {
    this.#fixed = fixed;
    this.#isOwn = isOwn;
    this.#rule = toRule([fixed]);
  }

  /** Grows with every change: what was judged under another one must be judged again. */
  get revision(): number {
    return this.#revision;
  }

  /**
   * Adds these lists to the fixed ones, in place of those given before.
   * @throws RangeError for an entry that is none
   */
  replace(stored: Lists): void {
    const text = JSON.stringify(stored);
    if (text === this.#stored) return;
    this.#rule = toRule([this.#fixed, stored]);
    this.#stored = text;
    this.#revision += 1;
  }

  /** Whether all these addresses are ones that the operator named, and not the internet's. */
  isInside(addresses: readonly string[]): boolean {
    return addresses.every(this.#rule.addresses.isExplicitlyAllowed);
  }

  /**
   * Judges a destination by all its addresses; without any only by scheme, port and name. Null means it may be reached.
   */
  judge(destination: Destination, addresses: readonly string[]): DestinationRefusal | null {
    const rule = this.#rule;
    const { protocol, hostname, port } = destination;
    if (isDenied(destination, addresses, rule) || this.#isOwn(destination, addresses))
      return forbidden(hostname);
    const isInside = addresses.length > 0 && this.isInside(addresses);
    if (!isNamed(destination, rule, isInside)) return forbidden(hostname);
    if (isInside) return null;
    if (protocol !== 'https:') {
      const message = `The URL must begin with https://, not ${protocol}//`;
      return { code: 'scheme_not_allowed', message };
    }
    if (port !== '' && !rule.ports.has(Number(port))) {
      const open = [...rule.ports].join(', ');
      return { code: 'port_not_allowed', message: `The URL must use port ${open}, not ${port}` };
    }
    if (isLocalName(hostname) || !addresses.every(rule.addresses.mayReach)) return forbidden(hostname);
    return null;
  }
}

interface Rule {
  readonly addresses: AddressRule;
  readonly deniedHosts: readonly string[];
  readonly ports: ReadonlySet<number>;
  readonly hosts: readonly string[];
}

const HTTPS_PORT = 443;

function toRule(lists: readonly Lists[]): Rule {
  const all = <T>(pick: (list: Lists) => readonly T[] | undefined): T[] =>
    lists.flatMap((list) => pick(list) ?? []);
  const denied = all(({ denied }) => denied);
  return {
    addresses: createAddressRule({
      allowedCidrs: all(({ allowed }) => allowed),
      deniedCidrs: denied.filter((entry) => !isHostEntry(entry)),
    }),
    deniedHosts: denied.filter(isHostEntry).map(asciiName),
    ports: new Set([HTTPS_PORT, ...all(({ ports }) => ports)]),
    hosts: all(({ hosts }) => hosts).map(asciiName),
  };
}

function isDenied({ hostname }: Destination, addresses: readonly string[], rule: Rule): boolean {
  return isUnder(hostname, rule.deniedHosts) || addresses.some(rule.addresses.isDenied);
}

/** A literal address has no name; where names are listed it must be one the operator allowed as such. */
function isNamed({ hostname }: Destination, { hosts }: Rule, isInside: boolean): boolean {
  if (hosts.length === 0) return true;
  return isLiteral(hostname) ? isInside : isUnder(hostname, hosts);
}

function isUnder(hostname: string, hosts: readonly string[]): boolean {
  const name = plainName(hostname);
  return hosts.some((host) => name === host || name.endsWith(`.${host}`));
}

function forbidden(hostname: string): DestinationRefusal {
  return {
    code: 'destination_not_allowed',
    message: `The host ${JSON.stringify(hostname)} is not publicly reachable or not allowed`,
  };
}

/** Whether an entry of a list is a host name rather than an address or CIDR. @see plainName for its spelling */
export function isHostEntry(entry: string): boolean {
  return !entry.includes('/') && isIP(entry) === 0;
}

/** A name for comparing: lower case, without the dot at its end or a leading `*.` or `.`. */
function plainName(name: string): string {
  return name
    .toLowerCase()
    .replace(/\.$/, '')
    .replace(/^(\*\.|\.)/, '');
}

/** As URLs spell it. */
function asciiName(entry: string): string {
  const name = plainName(entry);
  return domainToASCII(name) || name;
}

function isLiteral(hostname: string): boolean {
  return isIP(hostname.replace(/^\[|\]$/g, '')) !== 0;
}

/**
 * Names that lead into somebody's own network (RFC 6761, RFC 6762, RFC 8375, ICANN's `internal`, and the usual
 * home-made ones).
 */
const LOCAL_SUFFIX = /(^|\.)(localhost|local|internal|intranet|lan|home|corp|private|home\.arpa)$/;

function isLocalName(hostname: string): boolean {
  const name = plainName(hostname);
  if (name.startsWith('[')) return false;
  return !name.includes('.') || LOCAL_SUFFIX.test(name);
}
