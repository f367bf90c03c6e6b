import { VERIFICATION_EVENT } from '../domain/ownership.ts';
import { DEFAULT_WIRE_CHOICES } from '../domain/wire-choices.ts';
import type { SenderName } from '../settings/sender-name.ts';
import { batchDataText } from '../signature/batch-data.ts';
import {
  batchPayloadText,
  contentTypeOf,
  type PayloadEntry,
  payloadText,
} from '../signature/payload-text.ts';
import { signatureHeaders } from '../signature/schemes/signature-headers.ts';
import { secondsOf, signEnvelope } from '../signature/sign.ts';
import type { Claim, Outgoing } from '../storage/claims/claim.ts';
import { type RequestSubject, requestHeaders } from './request-headers.ts';

/** A call that is ready to send, with what is kept of it. */
export interface SignedRequest {
  readonly headers: Record<string, string>;
  readonly body: Buffer;
  /**
   * What the body can be built from again: the `sha256=` signature of an envelope, or the name of the payload that it
   * is.
   */
  readonly signature: string;
}

/** Signs one call, a lone delivery or a batch, as its endpoint wants it, as of this time. */
export function signRequest(
  outgoing: Outgoing,
  { now, ...sender }: SenderName & { readonly now: Date },
): SignedRequest {
  const [lead] = outgoing;
  const { payload, webhookId, signatures } = choicesOf(lead);
  const subject = subjectOf(outgoing);
  const { body, signature } =
    payload === 'envelope' ? envelopeOf(outgoing, subject, now) : plainBodyOf(outgoing, payload);
  const id = webhookId === 'event' ? (subject.eventId ?? subject.deliveryId) : subject.deliveryId;
  const { secrets, signingKeys } = lead;
  const signed = signatureHeaders(
    signatures,
    { id, seconds: secondsOf(now), body, secrets, signingKeys },
    sender,
  );
  const contentType = contentTypeOf(payload, { isBatch: lead.batch !== undefined });
  return { headers: requestHeaders(lead, { subject, contentType, signed, sender }), body, signature };
}

/** A challenge is an envelope whatever the endpoint wants: who answers it need not know what will come. */
function choicesOf({ wire, event }: Claim) {
  const choices = wire ?? DEFAULT_WIRE_CHOICES;
  return event === VERIFICATION_EVENT ? { ...choices, payload: DEFAULT_WIRE_CHOICES.payload } : choices;
}

function subjectOf(outgoing: Outgoing): RequestSubject {
  const [lead] = outgoing;
  const { batch } = lead;
  if (batch === undefined) return lead;
  return { event: 'batch', eventId: null, deliveryId: batch.id, attempt: batch.attempt };
}

type BuiltBody = Pick<SignedRequest, 'body' | 'signature'>;

function envelopeOf(outgoing: Outgoing, subject: RequestSubject, timestamp: Date): BuiltBody {
  const [lead] = outgoing;
  const dataText = lead.batch === undefined ? lead.dataText : batchDataText(outgoing.map(entryOf));
  const [primary = ''] = lead.secrets;
  const { body, bodySignature } = signEnvelope({ ...subject, dataText, timestamp }, primary);
  return { body, signature: bodySignature };
}

function plainBodyOf(outgoing: Outgoing, payload: Parameters<typeof payloadText>[0]): BuiltBody {
  const [lead] = outgoing;
  const text =
    lead.batch === undefined
      ? payloadText(payload, entryOf(lead))
      : batchPayloadText(payload, outgoing.map(entryOf));
  return { body: Buffer.from(text), signature: payload };
}

function entryOf(claim: Claim): PayloadEntry {
  const { event, eventId, eventCustomerId, deliveryId, dataText, batch, occurredAt } = claim;
  const createdAt = new Date(batch?.eventCreatedAt ?? occurredAt);
  return {
    event,
    eventId,
    eventCustomerId,
    deliveryId,
    dataText,
    createdAt,
    occurredAt: new Date(occurredAt),
  };
}
