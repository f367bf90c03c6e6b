import { isOperationalEvent } from './operational-event.ts';

/**
 * Whether an event may be sent to an endpoint that did not get it: to one of its own customer, of any where it went to
 * all, or of the operator. What Posthorn tells of itself goes to the operator's only.
 */
export function mayReach(
  { event, customerId }: { readonly event: string; readonly customerId: string | null },
  endpoint: { readonly customerId: string | null },
): boolean {
  if (endpoint.customerId === null) return true;
  return !isOperationalEvent(event) && (customerId === null || customerId === endpoint.customerId);
}
