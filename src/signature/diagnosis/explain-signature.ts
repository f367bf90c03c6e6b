import { HEX_PREFIX, STANDARD_PREFIX } from '../hmac.ts';
import { type Explanation, failed, passed } from './explanation.ts';
import {
  KEY_OF_RULE,
  type Recogniser,
  readDigest,
  type SignatureOrigin,
  type SignatureRule,
  type SigningKey,
} from './recognise-signature.ts';

/**
 * Says whether `signature` is what `rule` asks for, and if not, what it is instead: of the wrong form, another rule's,
 * made with the key read wrongly, or made over a body that was altered on its way. Shows no signature and no secret.
 */
export function explainSignature(
  rule: SignatureRule,
  signature: string,
  recogniser: Recogniser,
): Explanation {
  const digest = readDigest(signature);
  if (digest === undefined) return explainForm(rule, signature);
  const origin = recogniser.originOf(digest);
  if (origin === undefined) return explainMismatch(rule, digest, recogniser);
  if (origin.rule !== rule) return failed('signature_of_other_rule', misplaced(rule, origin));
  if (origin.key !== KEY_OF_RULE[rule]) return failed('secret_read_wrongly', misread(rule, origin.key));
  const wanted = write(rule, digest);
  return signature === wanted
    ? passed(
        `${NAME_OF_RULE[rule]} is right: made over ${CONTENT_OF_RULE[rule]}, with ${KEY_NAMES[origin.key]} as key.`,
      )
    : explainSpelling(rule, signature, wanted);
}

/** What people call each rule's signature. */
export const NAME_OF_RULE: Readonly<Record<SignatureRule, string>> = {
  body_signature: "The body's own signature",
  header_signature: 'X-Webhook-Signature',
  standard_webhooks: 'webhook-signature',
};

const CONTENT_OF_RULE: Readonly<Record<SignatureRule, string>> = {
  body_signature: 'the body with its "signature" emptied',
  header_signature: 'the whole raw body',
  standard_webhooks: '"webhook-id.webhook-timestamp." and the whole raw body',
};

const KEY_NAMES: Readonly<Record<SigningKey, string>> = {
  whole_secret: 'the whole secret text, "whsec_" included',
  secret_without_prefix: 'the text of the secret without "whsec_"',
  raw_key: 'the bytes that the base64 behind "whsec_" stands for',
};

function misplaced(rule: SignatureRule, origin: SignatureOrigin): string {
  const made = `This signature was made over ${CONTENT_OF_RULE[origin.rule]}`;
  return `${made}; ${NAME_OF_RULE[rule]} must be made over ${CONTENT_OF_RULE[rule]}.`;
}

function misread(rule: SignatureRule, key: SigningKey): string {
  return `The key was ${KEY_NAMES[key]}; for ${NAME_OF_RULE[rule]} it must be ${KEY_NAMES[KEY_OF_RULE[rule]]}.`;
}

function write(rule: SignatureRule, digest: Buffer): string {
  return rule === 'standard_webhooks'
    ? STANDARD_PREFIX + digest.toString('base64')
    : HEX_PREFIX + digest.toString('hex');
}

function formOf(rule: SignatureRule): string {
  return rule === 'standard_webhooks'
    ? `"${STANDARD_PREFIX}" and 44 base64 digits`
    : `"${HEX_PREFIX}" and 64 lowercase hex digits`;
}

function explainForm(rule: SignatureRule, signature: string): Explanation {
  const digits = signature.trim().replace(/^sha\d+=/, '');
  const made = /^[0-9a-f]{1,200}$/i.test(digits)
    ? `it has ${digits.length} hex digits`
    : 'it has another form';
  return failed('signature_malformed', `${NAME_OF_RULE[rule]} must be ${formOf(rule)}; ${made}.`);
}

function explainSpelling(rule: SignatureRule, signature: string, wanted: string): Explanation {
  const must = `the digest is right, but it must be written as ${formOf(rule)}`;
  const trimmed = signature.trim();
  if (trimmed === wanted)
    return failed('signature_blanks_around', `Blanks stand around the signature: ${must}.`);
  if (trimmed.toLowerCase() === wanted) {
    return failed('signature_upper_case', `The signature is in upper case: ${must}.`);
  }
  return wanted.toLowerCase().endsWith(trimmed.toLowerCase())
    ? failed('signature_prefix_missing', `The signature lacks its prefix: ${must}.`)
    : failed('signature_encoding', `The signature is in the wrong encoding: ${must}.`);
}

function explainMismatch(rule: SignatureRule, digest: Buffer, recogniser: Recogniser): Explanation {
  const alteration = recogniser.alterationFor(rule, digest);
  if (alteration !== undefined) {
    const advice = 'The secret is right; verify the raw bytes, before any parsing';
    return failed(alteration.code, `The body is not what was sent: ${alteration.what}. ${advice}.`);
  }
  const marks = recogniser.form;
  if (marks === '') {
    const causes = 'another secret (of another endpoint, or another one of a rotation), or a changed value';
    return failed(
      'signature_mismatch',
      `The body has the form in which it is sent, so this means ${causes}.`,
    );
  }
  const doubt = 'the body was parsed and serialised again, which nothing can undo for certain';
  return failed(
    'body_reserialised',
    `Posthorn does not send a body like this (${marks}); probably ${doubt}.`,
  );
}
