import { type BodyParts, textAfterSignature, textBeforeSignature } from './body-text.ts';
import { HEX_SIGNATURE_LENGTH, hexSignature } from './hmac.ts';
import { type StandardHeaders, standardHeaders, symmetricEntries } from './schemes/signature-headers.ts';

/**
 * The live secrets of an endpoint. `primary` makes the body's signature and `X-Webhook-Signature`, which have room for
 * one: during a rotation it is the old secret, until that is promoted away or the overlap ends. `additional` are the
 * other live ones, never `primary` again: `webhook-signature` carries one entry for each, `primary`'s first.
 */
export interface SigningSecrets {
  readonly primary: string;
  readonly additional: readonly string[];
}

/** The headers that sign a request, ready to send. */
export interface SignatureHeaders extends StandardHeaders {
  readonly 'X-Webhook-Signature': string;
}

/** A signed request: the exact bytes to send, their headers, and the `sha256=` signature that stands in the body. */
export interface SignedDelivery extends SignedEnvelope {
  readonly headers: SignatureHeaders;
}

/** The exact bytes of an envelope, and the `sha256=` signature that stands in it. */
export interface SignedEnvelope {
  readonly body: Buffer;
  readonly bodySignature: string;
}

/**
 * Builds and signs the body of one attempt by the three rules of the wire format. A batch is signed likewise: event
 * `batch`, its `bat_` id as `deliveryId`. Secrets must be well-formed: this is the hot path and checks nothing.
 */
export function signDelivery(delivery: BodyParts & { readonly secrets: SigningSecrets }): SignedDelivery {
  const { deliveryId: id, timestamp, secrets } = delivery;
  const envelope = signEnvelope(delivery, secrets.primary);
  const { body } = envelope;
  const subject = {
    id,
    seconds: secondsOf(timestamp),
    body,
    secrets: [secrets.primary, ...secrets.additional],
  };
  const headers = {
    'X-Webhook-Signature': hexSignature(secrets.primary, body),
    ...standardHeaders(subject, symmetricEntries(subject)),
  };
  return { ...envelope, headers };
}

/** Builds an envelope and signs what it says, keyed with the whole text of the secret. */
export function signEnvelope(parts: BodyParts, secret: string): SignedEnvelope {
  const head = textBeforeSignature(parts);
  // The text becomes bytes once: signed around the gap, then the gap is filled.
  const body = Buffer.from(head + GAP + textAfterSignature(parts));
  const tail = body.subarray(head.length + HEX_SIGNATURE_LENGTH);
  const bodySignature = hexSignature(secret, head, tail);
  body.write(bodySignature, head.length, 'latin1');
  return { body, bodySignature };
}

/** Whole Unix seconds of a time, as they are signed. */
export function secondsOf(time: Date): string {
  return String(Math.floor(time.getTime() / 1000));
}

const GAP = ' '.repeat(HEX_SIGNATURE_LENGTH);
