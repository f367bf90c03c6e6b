/** What can be wrong with a received webhook. `timestamp_too_old` and `_too_new` are told of intact signatures only. */
export type VerificationCode =
  | 'signature_missing'
  | 'signature_malformed'
  | 'signature_mismatch'
  | 'timestamp_missing'
  | 'timestamp_malformed'
  | 'timestamp_too_old'
  | 'timestamp_too_new'
  | 'body_malformed'
  | 'secret_malformed';

/**
 * The one error of the verifying functions: `code` for programs, `message` for people. Quotes no secret and no
 * signature.
 */
export class WebhookVerificationError extends Error {
  readonly code: VerificationCode;

  constructor(code: VerificationCode, message: string) {
    super(message);
    this.name = 'WebhookVerificationError';
    this.code = code;
  }
}
