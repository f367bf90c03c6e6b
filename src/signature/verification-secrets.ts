import { isWellFormedSecret } from './secret.ts';
import { WebhookVerificationError } from './verification-error.ts';

/** The secret to verify with, or several of which any may match, as during a rotation. */
export type VerificationSecrets = string | readonly string[];

/** The secrets as a list of at least one, all well-formed; otherwise the error to report (not thrown). */
export function readSecrets(secret: VerificationSecrets): readonly string[] | WebhookVerificationError {
  const secrets = typeof secret === 'string' ? [secret] : secret;
  if (Array.isArray(secrets) && secrets.length > 0 && secrets.every(isWellFormedSecret)) return secrets;
  const form = 'the whole text "whsec_…" as Posthorn showed it: the prefix, then base64 of 24 to 64 bytes';
  return new WebhookVerificationError('secret_malformed', `Cannot verify: the secret must be ${form}.`);
}
