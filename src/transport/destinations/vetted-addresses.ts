import { isIP } from 'node:net';
import { describeFailure } from '../classify-failure.ts';
import { TransportFault } from '../transport-fault.ts';
import type { Destination, DestinationRules } from './destination-rules.ts';
import { type HostLookup, isNotFound } from './resolve-host.ts';

export interface VettingOptions {
  readonly rules: DestinationRules;
  readonly lookup: HostLookup;
  /** Told when the resolver is done, well or ill; not called for literal addresses. */
  readonly onAnswer: () => void;
}

/**
 * The addresses of a destination after all of them were allowed, so that what was vetted is what gets connected to.
 * @throws TransportFault where it may not be reached or is not found
 */
export async function vettedAddresses(
  destination: Destination,
  options: VettingOptions,
): Promise<readonly string[]> {
  const host = destination.hostname.replace(/^\[|\]$/g, '');
  const addresses = isIP(host) === 0 ? await resolve(host, options) : [host];
  const refusal = options.rules.judge(destination, addresses);
  if (refusal !== null) throw new TransportFault('destination_not_allowed', refusal.message);
  return addresses;
}

async function resolve(hostname: string, options: VettingOptions): Promise<readonly string[]> {
  const addresses = await ask(hostname, options.lookup).finally(options.onAnswer);
  if (addresses.length === 0)
    throw new TransportFault('dns_not_found', `The name ${hostname} has no address`);
  return addresses;
}

async function ask(hostname: string, lookup: HostLookup): Promise<readonly string[]> {
  try {
    return await lookup(hostname);
  } catch (cause) {
    throw new TransportFault(isNotFound(cause) ? 'dns_not_found' : 'dns_failed', describeFailure(cause), {
      cause,
    });
  }
}
