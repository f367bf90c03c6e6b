import type { SignatureHeaders } from '../signature/sign.ts';
import type { Claim } from '../storage/claims/claim.ts';

/** What the body and the headers of a call are about; a batch has no single event. */
export interface RequestSubject {
  readonly event: string;
  readonly eventId: string | null;
  readonly deliveryId: string;
  readonly attempt: number;
  readonly dataText: string;
}

/** The headers of one call (wire-format); the endpoint's custom headers come last and replace none of ours. */
export function requestHeaders(
  claim: Pick<Claim, 'headers'>,
  {
    subject,
    signed,
    userAgent,
  }: {
    readonly subject: RequestSubject;
    readonly signed: SignatureHeaders;
    readonly userAgent: string;
  },
): Record<string, string> {
  const headers: Record<string, string> = {
    'Content-Type': 'application/json; charset=utf-8',
    'User-Agent': userAgent,
    'Accept-Encoding': 'identity',
    ...signed,
    'X-Webhook-Event': subject.event,
    ...(subject.eventId !== null && { 'X-Webhook-Event-Id': subject.eventId }),
    'X-Webhook-Delivery': subject.deliveryId,
    'X-Webhook-Attempt': String(subject.attempt),
  };
  for (const header of claim.headers) headers[header.name] = header.value;
  return headers;
}
