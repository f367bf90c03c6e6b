import type { SenderName } from '../settings/sender-name.ts';
import type { Claim } from '../storage/claims/claim.ts';

/** What the headers of a call are about; a batch has no single event. */
export interface RequestSubject {
  readonly event: string;
  readonly eventId: string | null;
  readonly deliveryId: string;
  readonly attempt: number;
}

/** The headers of one call; the endpoint's custom headers come last and replace none of ours. */
export function requestHeaders(
  claim: Pick<Claim, 'headers'>,
  {
    subject,
    contentType,
    signed,
    sender: { userAgent, headerPrefix },
  }: {
    readonly subject: RequestSubject;
    readonly contentType: string;
    readonly signed: Readonly<Record<string, string>>;
    readonly sender: SenderName;
  },
): Record<string, string> {
  const headers: Record<string, string> = {
    'Content-Type': contentType,
    'User-Agent': userAgent,
    'Accept-Encoding': 'identity',
    ...signed,
    [`${headerPrefix}Event`]: subject.event,
    ...(subject.eventId !== null && { [`${headerPrefix}Event-Id`]: subject.eventId }),
    [`${headerPrefix}Delivery`]: subject.deliveryId,
    [`${headerPrefix}Attempt`]: String(subject.attempt),
  };
  for (const header of claim.headers) headers[header.name] = header.value;
  return headers;
}
