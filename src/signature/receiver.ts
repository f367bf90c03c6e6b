export { BATCH_ENTRY_BYTES, type BatchEntry, batchDataText } from './batch-data.ts';
export { type BodyParts, rebuildBody } from './body-text.ts';
export {
  type Diagnosis,
  type DiagnosisRequest,
  type DiagnosticCheck,
  diagnose,
} from './diagnosis/diagnose.ts';
export { DEFAULT_TOLERANCE_SECONDS, type FreshnessOptions } from './freshness.ts';
export type { RawBody } from './received-body.ts';
export type { ReceivedHeaders } from './received-headers.ts';
export { checkSecret, generateSecret, isWellFormedSecret, type SecretProblem } from './secret.ts';
export { type SignatureHeaders, type SignedDelivery, type SigningSecrets, signDelivery } from './sign.ts';
export { type VerificationCode, WebhookVerificationError } from './verification-error.ts';
export type { VerificationSecrets } from './verification-secrets.ts';
export { verify } from './verify.ts';
export { verifyBody } from './verify-body.ts';
export { verifyHeader } from './verify-header.ts';
export { verifyStandardWebhooks } from './verify-standard-webhooks.ts';
export { verifyWebhook, type WebhookEvent, type WebhookRequest } from './verify-webhook.ts';
