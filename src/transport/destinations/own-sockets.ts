import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { Destination, OwnSockets } from './destination-rules.ts';
import { isWithin, parseAddress, parseRange } from './ip-range.ts';
import type { HostLookup } from './resolve-host.ts';

/** A socket the product listens on or depends on. */
export interface OwnSocket {
  readonly host: string;
  readonly port: number;
  /** Whether echo receivers answer there, which deliveries may reach. */
  readonly hasEcho?: boolean;
}

/** Whether a path is that of an echo receiver and of nothing else. */
export function isEchoPath(pathname: string): boolean {
  return /^\/v1\/echo\/[\w.~-]+$/.test(pathname);
}

/** The product's own sockets: API, Postgres, Temporal. No list of the operator opens them to deliveries. */
export class OwnSocketList {
  readonly #lookup: HostLookup;
  #sockets: readonly OwnSocket[] = [];
  #ports: readonly (() => readonly number[])[] = [];
  #addresses = new Map<string, readonly string[]>();

  constructor(lookup: HostLookup) {
    this.#lookup = lookup;
  }

  /** Adds a socket. */
  add(...sockets: readonly OwnSocket[]): void {
    this.#sockets = [...this.#sockets, ...sockets];
  }

  /** Adds the ports on loopback of a server that may be started again with others; asked each time. */
  addPorts(ports: () => readonly number[]): void {
    this.#ports = [...this.#ports, ports];
  }

  /** Learns what the names among them mean now; a name that does not resolve keeps its last addresses. */
  async refresh(): Promise<void> {
    const names = new Set(this.#sockets.map(({ host }) => host).filter((host) => isIP(host) === 0));
    await Promise.all(
      [...names].map(async (name) => {
        const found = await this.#lookup(name).catch(() => []);
        if (found.length > 0) this.#addresses.set(name, found);
      }),
    );
  }

  /** Whether a destination leads to one of them. */
  readonly includes: OwnSockets = (destination, addresses) => {
    const port = portOf(destination);
    return this.#all().some(
      (socket) =>
        socket.port === port &&
        !(socket.hasEcho === true && isEchoPath(destination.pathname)) &&
        (hostOf(destination) === socket.host || addresses.some((address) => this.#isAt(socket, address))),
    );
  };

  #all(): readonly OwnSocket[] {
    const changing = this.#ports.flatMap((ports) => ports().map((port) => ({ host: '127.0.0.1', port })));
    return changing.length === 0 ? this.#sockets : [...this.#sockets, ...changing];
  }

  #isAt({ host }: OwnSocket, address: string): boolean {
    const own = isIP(host) === 0 ? (this.#addresses.get(host) ?? []) : [host];
    const reached = plain(address);
    if (own.some((one) => plain(one) === reached)) return true;
    // Connecting to the unspecified address reaches loopback; listening on it is listening everywhere.
    if (isUnspecified(reached)) return own.some((one) => isLoopback(one) || isUnspecified(plain(one)));
    return own.some((one) => isUnspecified(plain(one))) && isOfThisMachine(reached);
  }
}

function portOf({ port, protocol }: Destination): number {
  return Number(port) || (protocol === 'https:' ? 443 : 80);
}

function hostOf({ hostname }: Destination): string {
  return hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
}

/** One spelling an address; mapped ones as the IPv4 address they are. */
function plain(address: string): string {
  return parseAddress(address)?.toString() ?? address;
}

function isUnspecified(address: string): boolean {
  return address === '0.0.0.0' || address === '::';
}

const LOOPBACK = ['127.0.0.0/8', '::1/128'].map(parseRange);

function isLoopback(address: string): boolean {
  const parsed = parseAddress(address);
  return parsed !== null && LOOPBACK.some((range) => isWithin(parsed, range));
}

function isOfThisMachine(address: string): boolean {
  const interfaces = Object.values(networkInterfaces()).flatMap((entries) => entries ?? []);
  return isLoopback(address) || interfaces.some((entry) => plain(entry.address) === address);
}
