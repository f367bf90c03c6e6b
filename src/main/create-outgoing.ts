import type { Config } from '../config.ts';
import { serverUrlsOf } from '../settings/database-url.ts';
import { DestinationRules } from '../transport/destinations/destination-rules.ts';
import { type OwnSocket, OwnSocketList } from '../transport/destinations/own-sockets.ts';
import { createResolver, type HostLookup } from '../transport/destinations/resolve-host.ts';
import type { ProcessPage } from './open-page.ts';
import type { RoleOptions } from './role-options.ts';

/** What every role needs to judge destinations. */
export interface Outgoing {
  readonly rules: DestinationRules;
  readonly lookup: HostLookup;
  readonly ownSockets: OwnSocketList;
}

type OutgoingOptions = Omit<RoleOptions, 'logger' | 'page'> & { readonly page: Pick<ProcessPage, 'sockets'> };

const POSTGRES_PORT = 5432;

/**
 * Reads the rules of outgoing requests from the configuration, our own servers included.
 * @throws RangeError for a list entry that is none
 */
export function createOutgoing(options: OutgoingOptions): Outgoing {
  const { config } = options;
  const lookup = createResolver({ servers: config.dnsServers });
  const ownSockets = new OwnSocketList(lookup);
  ownSockets.add(apiSocket(config), ...serversOf(options), ...options.page.sockets);
  if (options.temporalPorts !== undefined) ownSockets.addPorts(options.temporalPorts);
  const rules = new DestinationRules(config.destinations, ownSockets.includes);
  return { rules, lookup, ownSockets };
}

/** Where the API listens; its echo receivers may be reached where there are any. */
export function apiSocket({
  host,
  port,
  echoEnabled,
}: Pick<Config, 'host' | 'port' | 'echoEnabled'>): OwnSocket {
  return { host, port, hasEcho: echoEnabled };
}

function serversOf({
  config,
  databaseUrl,
  temporalAddress,
  temporalUiUrl,
}: OutgoingOptions): readonly OwnSocket[] {
  const urls = [
    ...serverUrlsOf(databaseUrl),
    `tcp://${temporalAddress}`,
    temporalUiUrl ?? '',
    config.proxyUrl?.href ?? '',
  ].filter((url) => URL.canParse(url));
  return urls.map((text) => {
    const { protocol, hostname, port } = new URL(text);
    const usual = protocol === 'https:' ? 443 : protocol === 'http:' ? 80 : POSTGRES_PORT;
    return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) || usual };
  });
}
