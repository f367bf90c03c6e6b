import { parseBodyTimestamp } from '../freshness.ts';
import { type RawBody, readBody, toBytes } from '../received-body.ts';
import { type ReceivedHeaders, readHeader } from '../received-headers.ts';
import { WebhookVerificationError } from '../verification-error.ts';
import { STANDARD_HEADERS } from '../verify-standard-webhooks.ts';
import { repairSecret } from './explain-secret.ts';
import { Recogniser, type SignedRequest } from './recognise-signature.ts';

/** A request to diagnose, read as far as it can be; the recogniser takes the secret that was probably meant. */
export interface DiagnosisSubject extends SignedRequest {
  readonly members: Readonly<Record<string, unknown>>;
  readonly recogniser: Recogniser;
  /** The `webhook-timestamp`, if one came. */
  readonly header: string | undefined;
}

/** Reads what the checks need of a request, however broken; what cannot be read is empty. */
export function readDiagnosisSubject({ rawBody, headers, secret }: ReceivedRequest): DiagnosisSubject {
  const bytes = toBytes(rawBody) ?? Buffer.alloc(0);
  // A body with a byte order mark is wrong, but its members help to find out what else is.
  const body = readBody(bytes.toString().replace('\ufeff', ''));
  const members = body instanceof WebhookVerificationError ? {} : body.members;
  const { signature, timestamp, delivery_id } = members;
  const header = readOneHeader(headers, STANDARD_HEADERS.timestamp);
  const signed = {
    bytes,
    bodySignature: typeof signature === 'string' ? signature : '',
    id: readOneHeader(headers, STANDARD_HEADERS.id) ?? (typeof delivery_id === 'string' ? delivery_id : ''),
    unixSeconds: header ?? String(parseBodyTimestamp(timestamp)),
  };
  return { ...signed, members, header, recogniser: new Recogniser(signed, repairSecret(secret)) };
}

/** The value of a header that came once, as text; otherwise undefined. */
export function readOneHeader(headers: ReceivedHeaders | undefined, name: string): string | undefined {
  const value = readHeader(headers, name, { missing: 'signature_missing', malformed: 'signature_malformed' });
  return typeof value === 'string' ? value : undefined;
}

interface ReceivedRequest {
  readonly rawBody: RawBody;
  readonly headers?: ReceivedHeaders | undefined;
  readonly secret: string;
}
