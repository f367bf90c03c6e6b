import { batchDataText } from '../signature/batch-data.ts';
import { type SignedDelivery, signDelivery } from '../signature/sign.ts';
import type { Outgoing } from '../storage/claims/claim.ts';
import { type RequestSubject, requestHeaders } from './request-headers.ts';

/** A call that is ready to send, with what is kept of it. */
export interface SignedRequest {
  readonly headers: Record<string, string>;
  readonly body: Buffer;
  /** The body's `sha256=` signature. */
  readonly signature: string;
}

/** Signs one call, a lone delivery or a batch, by the same rules, as of this time. */
export function signRequest(
  outgoing: Outgoing,
  { now, userAgent }: { readonly now: Date; readonly userAgent: string },
): SignedRequest {
  const [lead] = outgoing;
  const [primary = '', ...additional] = lead.secrets;
  const subject = subjectOf(outgoing);
  const signed: SignedDelivery = signDelivery({
    ...subject,
    timestamp: now,
    secrets: { primary, additional },
  });
  return {
    headers: requestHeaders(lead, { subject, signed: signed.headers, userAgent }),
    body: signed.body,
    signature: signed.bodySignature,
  };
}

function subjectOf(outgoing: Outgoing): RequestSubject {
  const [lead] = outgoing;
  const { batch } = lead;
  if (batch === undefined) return lead;
  const entries = outgoing.map(({ event, deliveryId, dataText, batch: own }) => {
    return { event, deliveryId, dataText, createdAt: new Date((own ?? batch).eventCreatedAt) };
  });
  const { id: deliveryId, attempt } = batch;
  return { event: 'batch', eventId: null, deliveryId, attempt, dataText: batchDataText(entries) };
}
