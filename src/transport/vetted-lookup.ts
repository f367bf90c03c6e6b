import { isIP, type LookupFunction } from 'node:net';
import { describeFailure } from './classify-failure.ts';
import { type Destination, judgeDestination } from './judge-destination.ts';
import type { AddressRule } from './public-address.ts';
import type { HostLookup } from './resolve-host.ts';
import { TransportFault } from './transport-fault.ts';

/** The fault of a destination that may not be reached by these addresses; null where it may. */
export function faultOfDestination(
  destination: Destination,
  addresses: readonly string[],
  rule: AddressRule,
): TransportFault | null {
  const refusal = judgeDestination(destination, addresses, rule);
  return refusal === null ? null : new TransportFault('destination_not_allowed', refusal.message);
}

/**
 * A `lookup` for `net.connect` that only gives addresses after all of them were allowed, so that what was vetted is what
 * gets connected to. Failures are TransportFaults; `onAnswer` is told when the resolver is done, well or ill.
 */
export function createVettedLookup(
  destination: Destination,
  options: { readonly rule: AddressRule; readonly lookup: HostLookup; readonly onAnswer: () => void },
): LookupFunction {
  return (hostname, { all }, callback) => {
    resolveVetted(hostname, destination, options).then(
      (addresses) => {
        const found = addresses.map((address) => ({ address, family: isIP(address) }));
        const [first] = found;
        if (all === true || first === undefined) callback(null, found);
        else callback(null, first.address, first.family);
      },
      (error: TransportFault) => callback(error, []),
    );
  };
}

async function resolveVetted(
  hostname: string,
  destination: Destination,
  options: { readonly rule: AddressRule; readonly lookup: HostLookup; readonly onAnswer: () => void },
): Promise<readonly string[]> {
  const addresses = await resolve(hostname, options.lookup).finally(options.onAnswer);
  if (addresses.length === 0)
    throw new TransportFault('dns_not_found', `The name ${hostname} has no address`);
  const fault = faultOfDestination(destination, addresses, options.rule);
  if (fault !== null) throw fault;
  return addresses;
}

/** What resolvers say about a name that is not there; everything else is their own trouble. */
const NOT_FOUND = new Set(['ENOTFOUND', 'ENODATA', 'EAI_NONAME', 'EAI_NODATA']);

async function resolve(hostname: string, lookup: HostLookup): Promise<readonly string[]> {
  try {
    return await lookup(hostname);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const message = describeFailure(cause);
    throw new TransportFault(NOT_FOUND.has(code ?? '') ? 'dns_not_found' : 'dns_failed', message, { cause });
  }
}
