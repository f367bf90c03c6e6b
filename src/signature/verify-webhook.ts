import type { FreshnessOptions } from './freshness.ts';
import { type RawBody, type ReceivedBody, readBody } from './received-body.ts';
import { hasHeader, type ReceivedHeaders } from './received-headers.ts';
import { WebhookVerificationError } from './verification-error.ts';
import { readSecrets, type VerificationSecrets } from './verification-secrets.ts';
import { isHexSignature } from './verify.ts';
import { findBodyForgery, findBodyStaleness } from './verify-body.ts';
import { findHeaderForgery, SIGNATURE_HEADER } from './verify-header.ts';
import { findStandardWebhooksFailure, STANDARD_HEADERS } from './verify-standard-webhooks.ts';

/** A request as received. Without `headers` the body's own signature decides. */
export interface WebhookRequest extends FreshnessOptions {
  readonly rawBody: RawBody;
  readonly headers?: ReceivedHeaders | undefined;
  readonly secret: VerificationSecrets;
}

/** A verified body, as the wire format defines it: `timestamp` is RFC 3339, `attempt` counts from 1. */
export interface WebhookEvent {
  readonly event: string;
  readonly timestamp: string;
  readonly signature: string;
  readonly delivery_id: string;
  readonly attempt: number;
  readonly data: Readonly<Record<string, unknown>>;
}

/**
 * The event of a request that is signed with (one of) the secret and fresh. The best signature present decides: the
 * Standard Webhooks headers, else `X-Webhook-Signature`, else the body's own. Throws `WebhookVerificationError` only.
 */
export function verifyWebhook(request: WebhookRequest): WebhookEvent {
  const body = readBody(request.rawBody);
  if (body instanceof WebhookVerificationError) throw body;
  const failure = findFailure(request, body);
  if (failure !== undefined) throw failure;
  if (!isWebhookEvent(body.members)) {
    const message = 'The body is signed but lacks members; was it signed by Posthorn?';
    throw new WebhookVerificationError('body_malformed', message);
  }
  return body.members;
}

// One true signature over all bytes is enough. To ask for all of them would break receivers in the middle of a
// rotation, when only webhook-signature has room for the new secret.
function findFailure(request: WebhookRequest, body: ReceivedBody): WebhookVerificationError | undefined {
  const { headers } = request;
  const secrets = readSecrets(request.secret);
  if (secrets instanceof WebhookVerificationError) return secrets;
  if (hasHeader(headers, STANDARD_HEADERS.signature)) {
    return findStandardWebhooksFailure(headers, body.bytes, { ...request, secrets });
  }
  const forgery = hasHeader(headers, SIGNATURE_HEADER)
    ? findHeaderForgery(headers, body.bytes, secrets)
    : findBodyForgery(body, secrets);
  return forgery ?? findBodyStaleness(body, request);
}

function isWebhookEvent(members: object): members is WebhookEvent {
  const { event, timestamp, signature, delivery_id, attempt, data } = members as Partial<WebhookEvent>;
  return (
    [event, timestamp, delivery_id].every((text) => typeof text === 'string') &&
    // A body with its signature blanked is what the body's signature signs: it must not pass with that as its header.
    isHexSignature(signature) &&
    Number.isSafeInteger(attempt) &&
    typeof data === 'object' &&
    data !== null &&
    !Array.isArray(data)
  );
}
