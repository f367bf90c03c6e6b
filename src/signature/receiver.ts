/** The library of receivers, published as `posthorn/verify`: nothing else of this folder is a public API. */
export { DEFAULT_TOLERANCE_SECONDS, type FreshnessOptions } from './freshness.ts';
export type { RawBody } from './received-body.ts';
export type { ReceivedHeaders } from './received-headers.ts';
export { type VerificationCode, WebhookVerificationError } from './verification-error.ts';
export type { VerificationSecrets } from './verification-secrets.ts';
export { verify } from './verify.ts';
export { verifyBody } from './verify-body.ts';
export { verifyHeader } from './verify-header.ts';
export { verifyStandardWebhooks } from './verify-standard-webhooks.ts';
export { verifyWebhook, type WebhookEvent, type WebhookRequest } from './verify-webhook.ts';
