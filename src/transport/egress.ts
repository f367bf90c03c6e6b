import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { TransportFault } from './transport-fault.ts';

/**
 * An address that receivers see, and the one of the worker's machine that leads to it (the same where no NAT is
 * between).
 */
export interface EgressAddress {
  readonly published: string;
  readonly local: string;
}

/** From where and to where one connection is made; null is the system's choice. */
export interface Path {
  readonly localAddress: string | null;
  readonly addresses: readonly string[];
}

/** Chooses the local address of a connection. @throws TransportFault where none leads to any of the addresses */
export type ChoosePath = (addresses: readonly string[], chosen: string | null) => Path;

/**
 * Binds connections to the egress addresses that this machine has: the endpoint's choice, else the first of a family
 * that the destination has. Where the machine has none of them they are those of a NAT, and the system chooses.
 */
export function createEgress(configured: readonly EgressAddress[]): ChoosePath {
  const bound = configured.filter(({ local }) => isOfThisMachine(local));
  return (addresses, chosen) => {
    const usable = chosen === null ? bound : configured.filter(({ published }) => published === chosen);
    if (chosen !== null && usable.length === 0) throw noPath(`${chosen} is not an egress address`);
    for (const { local } of usable) {
      const reachable = addresses.filter((address) => isIP(address) === isIP(local));
      if (reachable.length > 0) return { localAddress: local, addresses: reachable };
    }
    if (usable.length > 0) throw noPath('no egress address is of the family of the receiver');
    return { localAddress: null, addresses };
  };
}

function noPath(why: string): TransportFault {
  return new TransportFault('network_unreachable', `Cannot connect: ${why}`);
}

function isOfThisMachine(address: string): boolean {
  const interfaces = Object.values(networkInterfaces()).flatMap((entries) => entries ?? []);
  return /^127\./.test(address) || interfaces.some((entry) => entry.address === address);
}
