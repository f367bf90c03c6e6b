import { lookup } from 'node:dns/promises';

/** Finds all addresses of a host name, in the order to try them; rejects as `dns.lookup` does. */
export type HostLookup = (hostname: string) => Promise<readonly string[]>;

const underWay = new Map<string, Promise<readonly string[]>>();

/**
 * The system's resolver (hosts file, search domains, DNS). Questions for one name are asked once at a time, because each
 * holds a thread of Node's small pool and a name whose servers hang must not take them all.
 */
export function resolveHost(hostname: string): Promise<readonly string[]> {
  const asked = underWay.get(hostname);
  if (asked !== undefined) return asked;
  const answer = lookup(hostname, { all: true })
    .then((found) => found.map(({ address }) => address))
    .finally(() => underWay.delete(hostname));
  underWay.set(hostname, answer);
  return answer;
}
