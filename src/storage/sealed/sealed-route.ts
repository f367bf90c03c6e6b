import { MASK } from '../../domain/endpoint.ts';
import type { EndpointRoute } from '../../domain/endpoint-route.ts';
import type { SecretBox } from './secret-box.ts';

interface RouteOwner {
  readonly secretBox: SecretBox;
  readonly endpointId: string;
}

/** A route as it is stored: the client key sealed, in base64. A masked key keeps the stored one. */
export function sealRoute(
  route: EndpointRoute,
  { secretBox, endpointId, stored }: RouteOwner & { readonly stored: EndpointRoute | null },
): EndpointRoute {
  const { clientKey } = route;
  if (clientKey === null) return route;
  if (clientKey === MASK) return { ...route, clientKey: stored?.clientKey ?? null };
  if (isSame(clientKey, { secretBox, endpointId, stored }))
    return { ...route, clientKey: stored?.clientKey ?? null };
  return { ...route, clientKey: secretBox.seal(clientKey, clientKeyOwner(endpointId)).toString('base64') };
}

/** A route as connections are made by it; the inverse of `sealRoute`. */
export function openRoute(
  route: EndpointRoute | null,
  { secretBox, endpointId }: RouteOwner,
): EndpointRoute | null {
  if (route === null || route.clientKey === null) return route;
  const sealed = Buffer.from(route.clientKey, 'base64');
  return { ...route, clientKey: secretBox.open(sealed, clientKeyOwner(endpointId)) };
}

/** A route as it may be shown. */
export function maskRoute(route: EndpointRoute | null): EndpointRoute | null {
  return route === null || route.clientKey === null ? route : { ...route, clientKey: MASK };
}

/** Whether it is the stored key in clear, which then stays as it is sealed. */
function isSame(
  clientKey: string,
  { stored, ...owner }: RouteOwner & { readonly stored: EndpointRoute | null },
): boolean {
  try {
    return openRoute(stored, owner)?.clientKey === clientKey;
  } catch {
    return false;
  }
}

/** Whose a sealed client key is. */
export function clientKeyOwner(endpointId: string): string {
  return `${endpointId}/tls.client_key`;
}
