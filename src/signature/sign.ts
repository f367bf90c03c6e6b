import { type BodyParts, textAfterSignature, textBeforeSignature } from './body-text.ts';
import { HEX_SIGNATURE_LENGTH, hexSignature, standardSignature } from './hmac.ts';
import { decodeSecret } from './secret.ts';

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
export interface SignatureHeaders {
  readonly 'X-Webhook-Signature': string;
  readonly 'webhook-id': string;
  readonly 'webhook-timestamp': string;
  readonly 'webhook-signature': string;
}

/** A signed request: the exact bytes to send, their headers, and the `sha256=` signature that stands in the body. */
export interface SignedDelivery {
  readonly body: Buffer;
  readonly headers: SignatureHeaders;
  readonly bodySignature: string;
}

/**
 * Builds and signs the body of one attempt by the three rules of the wire format. A batch is signed likewise: event
 * `batch`, its `bat_` id as `deliveryId`. Secrets must be well-formed: this is the hot path and checks nothing.
 */
export function signDelivery(delivery: BodyParts & { readonly secrets: SigningSecrets }): SignedDelivery {
  const { deliveryId, timestamp, secrets } = delivery;
  const head = textBeforeSignature(delivery);
  // The text becomes bytes once: signed around the gap, then the gap is filled, then signed whole.
  const body = Buffer.from(head + GAP + textAfterSignature(delivery));
  const tail = body.subarray(head.length + HEX_SIGNATURE_LENGTH);
  const bodySignature = hexSignature(secrets.primary, head, tail);
  body.write(bodySignature, head.length, 'latin1');

  const seconds = String(Math.floor(timestamp.getTime() / 1000));
  const prefix = `${deliveryId}.${seconds}.`;
  let signatures = standardSignature(decodeSecret(secrets.primary), prefix, body);
  for (const secret of secrets.additional) {
    signatures += ` ${standardSignature(decodeSecret(secret), prefix, body)}`;
  }
  const headers = {
    'X-Webhook-Signature': hexSignature(secrets.primary, body),
    'webhook-id': deliveryId,
    'webhook-timestamp': seconds,
    'webhook-signature': signatures,
  };
  return { body, headers, bodySignature };
}

const GAP = ' '.repeat(HEX_SIGNATURE_LENGTH);
