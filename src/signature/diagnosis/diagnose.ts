import type { FreshnessOptions } from '../freshness.ts';
import { type RawBody, readBody } from '../received-body.ts';
import { hasHeader, type ReceivedHeaders } from '../received-headers.ts';
import { WebhookVerificationError } from '../verification-error.ts';
import { SIGNATURE_HEADER } from '../verify-header.ts';
import { STANDARD_HEADERS } from '../verify-standard-webhooks.ts';
import { verifyWebhook } from '../verify-webhook.ts';
import { type DiagnosisSubject, readDiagnosisSubject, readOneHeader } from './diagnosis-subject.ts';
import { explainSecret } from './explain-secret.ts';
import { explainSignature, NAME_OF_RULE } from './explain-signature.ts';
import { explainTimestamp } from './explain-timestamp.ts';
import { type Explanation, failed, passed } from './explanation.ts';
import { readDigest, type SignatureRule } from './recognise-signature.ts';

/** What was received; `signature` is one to judge on its own, wherever it came from. */
export interface DiagnosisRequest extends FreshnessOptions {
  readonly rawBody: RawBody;
  readonly headers?: ReceivedHeaders | undefined;
  readonly signature?: string | undefined;
  readonly secret: string;
}

/** One thing that was looked at; `rule` `signature` is the one given on its own. */
export interface DiagnosticCheck extends Explanation {
  readonly rule: 'secret' | 'body' | SignatureRule | 'timestamp' | 'signature';
}

/** Whether a receiver has to accept the request (as `verifyWebhook` decides), and everything that was looked at. */
export interface Diagnosis {
  readonly verified: boolean;
  readonly checks: readonly DiagnosticCheck[];
}

/**
 * Says for people which rules of the wire format a received request meets and why it fails the others, and guesses what
 * happened to it. For debugging: receivers decide by `verifyWebhook`. Throws on no text whatever, shows no secret.
 */
export function diagnose(request: DiagnosisRequest): Diagnosis {
  const subject = readDiagnosisSubject(request);
  const given = request.signature === undefined ? [] : [explainGiven(request.signature, subject)];
  const checks: readonly DiagnosticCheck[] = [
    { rule: 'secret', ...explainSecret(request.secret) },
    { rule: 'body', ...explainBody(request.rawBody, subject.members) },
    { rule: 'body_signature', ...explainBodySignature(subject) },
    ...explainHeaders(request.headers, subject),
    {
      rule: 'timestamp',
      ...explainTimestamp({ header: subject.header, body: subject.members.timestamp }, request),
    },
    ...given,
  ];
  return { verified: isVerified(request) && given.every((check) => check.passed), checks };
}

const MEMBERS = ['event', 'timestamp', 'signature', 'delivery_id', 'attempt', 'data'];

function explainBody(rawBody: RawBody, members: Readonly<Record<string, unknown>>): Explanation {
  const body = readBody(rawBody);
  if (body instanceof WebhookVerificationError) return failed(body.code, body.message);
  const missing = MEMBERS.filter((name) => members[name] === undefined);
  return missing.length === 0
    ? passed('The body is a JSON object with all members.')
    : failed('body_member_missing', `The body lacks ${missing.join(', ')}.`);
}

function explainBodySignature(subject: DiagnosisSubject): Explanation {
  if (subject.bodySignature !== '')
    return explainSignature('body_signature', subject.bodySignature, subject.recogniser);
  return failed(
    'signature_missing',
    'The body has no "signature", or an empty one: give it as it was received.',
  );
}

function explainHeaders(
  headers: ReceivedHeaders | undefined,
  subject: DiagnosisSubject,
): readonly DiagnosticCheck[] {
  if (headers === undefined) return [];
  const explain = (rule: SignatureRule, name: string): DiagnosticCheck => {
    if (!hasHeader(headers, name)) {
      const hint = `${NAME_OF_RULE[rule]} is not among the headers; something in front may have removed it`;
      return { rule, ...failed('signature_missing', `${hint}.`) };
    }
    const value = readOneHeader(headers, name);
    const doubled = failed('signature_malformed', `${NAME_OF_RULE[rule]} must come once, as text.`);
    return { rule, ...(value === undefined ? doubled : explainEntries(rule, value, subject)) };
  };
  return [
    explain('header_signature', SIGNATURE_HEADER),
    explain('standard_webhooks', STANDARD_HEADERS.signature),
  ];
}

// During a rotation each live secret has its entry: one that is right is enough.
function explainEntries(rule: SignatureRule, value: string, subject: DiagnosisSubject): Explanation {
  const entries = rule === 'standard_webhooks' ? value.split(' ', MAX_SIGNATURE_ENTRIES) : [value];
  const [first = '', ...others] = entries;
  const explanation = explainSignature(rule, first, subject.recogniser);
  if (explanation.passed) return explanation;
  return (
    others.map((entry) => explainSignature(rule, entry, subject.recogniser)).find((one) => one.passed) ??
    explanation
  );
}

// Twice the live secrets that an endpoint may have.
const MAX_SIGNATURE_ENTRIES = 10;

function explainGiven(signature: string, subject: DiagnosisSubject): DiagnosticCheck {
  const digest = readDigest(signature);
  const origin = digest === undefined ? undefined : subject.recogniser.originOf(digest);
  const rule = origin?.rule ?? guessRule(signature, subject);
  return { rule: 'signature', ...explainEntries(rule, signature, subject) };
}

function guessRule(signature: string, subject: DiagnosisSubject): SignatureRule {
  if (signature.startsWith('v1,')) return 'standard_webhooks';
  return signature === subject.bodySignature ? 'body_signature' : 'header_signature';
}

function isVerified(request: DiagnosisRequest): boolean {
  try {
    verifyWebhook(request);
    return true;
  } catch (error) {
    if (error instanceof WebhookVerificationError) return false;
    throw error;
  }
}
