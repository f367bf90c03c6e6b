import { isIP } from 'node:net';
import type { DestinationRefusal, DestinationRules } from './destination-rules.ts';
import type { HostLookup } from './resolve-host.ts';

/** What a check needs; `timeoutMs` bounds the DNS question, 3 s by default. */
export interface DestinationCheckOptions {
  readonly rules: DestinationRules;
  readonly lookup: HostLookup;
  readonly timeoutMs?: number;
}

const DEFAULT_LOOKUP_TIMEOUT_MS = 3_000;

/**
 * Tells whether deliveries may go to a URL that passed the syntax check; null means yes. A name that does not resolve
 * yet is accepted where its addresses need not be known, because every connection is checked again.
 */
export async function checkDestination(
  url: string,
  options: DestinationCheckOptions,
): Promise<DestinationRefusal | null> {
  const destination = new URL(url);
  const literal = destination.hostname.replace(/^\[|\]$/g, '');
  const addresses = isIP(literal) === 0 ? await addressesOf(destination.hostname, options) : [literal];
  return options.rules.judge(destination, addresses);
}

async function addressesOf(hostname: string, options: DestinationCheckOptions): Promise<readonly string[]> {
  let timer: NodeJS.Timeout | undefined;
  const expiry = new Promise<readonly string[]>((resolve) => {
    timer = setTimeout(resolve, options.timeoutMs ?? DEFAULT_LOOKUP_TIMEOUT_MS, []);
  });
  try {
    return await Promise.race([options.lookup(hostname), expiry]);
  } catch {
    return [];
  } finally {
    clearTimeout(timer);
  }
}
