import { createHash } from 'node:crypto';
import type { EndpointRoute } from '../domain/endpoint-route.ts';
import { isEchoPath } from './destinations/own-sockets.ts';

/** What requests must have in common to share a connection; the judgement of our own sockets looks at the path, too. */
export function connectionKey(url: URL, route: EndpointRoute | null): string {
  const shared = isEchoPath(url.pathname) ? `${url.origin} echo` : url.origin;
  return route === null
    ? shared
    : `${shared} ${createHash('sha256').update(JSON.stringify(route)).digest('base64')}`;
}
