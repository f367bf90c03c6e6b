import type { SignatureHeaders } from '../src/signature/index.ts';
import type { Claim } from '../src/storage/claim.ts';

/** The headers of one attempt (wire-format); the endpoint's custom headers come last and replace none of ours. */
export function requestHeaders(
  claim: Claim,
  { signed, userAgent }: { readonly signed: SignatureHeaders; readonly userAgent: string },
): Record<string, string> {
  const headers: Record<string, string> = {
    'Content-Type': 'application/json; charset=utf-8',
    'User-Agent': userAgent,
    'Accept-Encoding': 'identity',
    ...signed,
    'X-Webhook-Event': claim.event,
    'X-Webhook-Event-Id': claim.eventId,
    'X-Webhook-Delivery': claim.deliveryId,
    'X-Webhook-Attempt': String(claim.attempt),
  };
  for (const header of claim.headers) headers[header.name] = header.value;
  return headers;
}
