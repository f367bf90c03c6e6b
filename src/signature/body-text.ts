/**
 * What one attempt's body is made of. `event` and `deliveryId` are of the wire format's alphabets (nothing in them
 * needs escaping in JSON); `dataText` is the stored compact JSON text and goes in verbatim.
 */
export interface BodyParts {
  readonly event: string;
  readonly deliveryId: string;
  /** From 1, counting every attempt of the delivery. */
  readonly attempt: number;
  readonly dataText: string;
  /** When this attempt is signed; fractions of a second are dropped. */
  readonly timestamp: Date;
}

/** The text of the body as it was sent, from what is stored of the attempt and its `sha256=` signature. */
export function rebuildBody(parts: BodyParts & { readonly signature: string }): string {
  return textBeforeSignature(parts) + parts.signature + textAfterSignature(parts);
}

/** The body up to and with the quote that opens the signature; ASCII only, so characters are bytes. */
export function textBeforeSignature({ event, timestamp }: BodyParts): string {
  // RFC 3339 in whole seconds: the first 19 characters of the ISO form, "2024-09-26T10:02:15".
  return `{"event":"${event}","timestamp":"${timestamp.toISOString().slice(0, 19)}Z","signature":"`;
}

/** The body from the quote that closes the signature to its end. */
export function textAfterSignature({ deliveryId, attempt, dataText }: BodyParts): string {
  return `","delivery_id":"${deliveryId}","attempt":${attempt},"data":${dataText}}`;
}
