import type { FastifyRequest } from 'fastify';
import { Problem } from '../answers/problem.ts';

const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS'];

/**
 * Refuses a change that another page asks for with a session. Browsers say so by `Sec-Fetch-Site` (Fetch Metadata)
 * where the connection is trustworthy; on plain http beyond loopback by `Origin`. Who says neither is no browser that
 * can be believed.
 * @throws Problem 403 `cross_site`
 */
export function requireSameOrigin({ method, headers, protocol, host }: FastifyRequest): void {
  if (SAFE_METHODS.includes(method)) return;
  const site = headers['sec-fetch-site'];
  const isOwn = site === undefined ? headers.origin === `${protocol}://${host}` : site === 'same-origin';
  if (isOwn) return;
  throw new Problem(403, 'cross_site', {
    detail: 'A change by a session has to come from a page of this instance.',
  });
}
