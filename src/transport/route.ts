import { createHash } from 'node:crypto';
import { isEchoPath } from './own-sockets.ts';

/** How one endpoint is connected to where that differs from the others; certificate and key in PEM. */
export interface Route {
  readonly minTlsVersion?: '1.2' | '1.3';
  readonly clientCertificate?: string;
  readonly clientKey?: string;
  /** One of the published egress addresses. */
  readonly egressAddress?: string;
}

/** What requests must have in common to share a connection; the judgement of our own sockets looks at the path, too. */
export function connectionKey(url: URL, route: Route | null): string {
  const shared = isEchoPath(url.pathname) ? `${url.origin} echo` : url.origin;
  return route === null
    ? shared
    : `${shared} ${createHash('sha256').update(JSON.stringify(route)).digest('base64')}`;
}
