import { z } from 'zod';
import type { InputProblem } from '../../../domain/errors.ts';
import { encodingOfChoice, type WireChoices, wantsOwnSecrets } from '../../../domain/wire-choices.ts';
import { isSecretFor, MIN_FOREIGN_BYTES } from '../../../signature/schemes/secret-key.ts';
import { readSigningKey } from '../../../signature/schemes/signing-key.ts';
import { checkSecret } from '../../../signature/secret.ts';
import { refusal } from '../../platform/input/fields.ts';

const MAX_SECRET_TEXT = 1_024;

/** A signing secret that is brought along; whether it is right depends on what it signs. */
export const secretField = z.string().max(MAX_SECRET_TEXT);

/** A private key for `v1a` that is brought along. */
export const signingKeyField = z
  .string()
  .refine(
    (text) => readSigningKey(text) !== null,
    refusal('invalid_signing_key', 'Must be "whsk_" and the base64 of an Ed25519 key (32 or 64 bytes).'),
  )
  .transform((text) => readSigningKey(text) ?? '');

/**
 * Why a secret cannot sign so. Posthorn's own signatures want one of its own form, and a strong one; those of other
 * senders take whatever their receivers have.
 */
export function secretProblems(
  secret: string | undefined,
  wire: Pick<WireChoices, 'signatures'>,
): readonly InputProblem[] {
  if (secret === undefined) return [];
  const problem = wantsOwnSecrets(wire) ? checkSecret(secret) : foreignProblem(secret, wire);
  return problem === undefined ? [] : [{ pointer: '/secret', code: problem.code, message: problem.message }];
}

/** The signatures that none of an endpoint's secrets can make. */
export function unsignable(
  secrets: readonly string[],
  { signatures }: Pick<WireChoices, 'signatures'>,
): readonly InputProblem[] {
  return signatures.flatMap((choice, index) => {
    const encoding = encodingOfChoice(choice);
    if (encoding === 'text' || secrets.some((secret) => isSecretFor(secret, encoding))) return [];
    const message = `It takes its key from ${encoding}, and no live secret is that; rotate the secret first.`;
    return [{ pointer: `/signatures/${index}`, code: 'secret_not_for_signature' as const, message }];
  });
}

function foreignProblem(secret: string, { signatures }: Pick<WireChoices, 'signatures'>) {
  if (Buffer.byteLength(secret) < MIN_FOREIGN_BYTES) {
    const message = `The secret must have at least ${MIN_FOREIGN_BYTES} bytes; it has ${Buffer.byteLength(secret)}.`;
    return { code: 'secret_too_short', message } as const;
  }
  if (UNSENDABLE.test(secret)) {
    const message = 'The secret must be a text without control characters.';
    return { code: 'secret_not_for_signature', message } as const;
  }
  const unread = signatures.map(encodingOfChoice).find((encoding) => !isSecretFor(secret, encoding));
  if (unread === undefined) return undefined;
  const message =
    `A signature takes its key from ${unread}: the secret must be that, of ` +
    `${MIN_FOREIGN_BYTES} bytes at least.`;
  return { code: 'secret_not_for_signature', message } as const;
}

/** Control characters and halves of pairs. */
const UNSENDABLE = /[\p{Cc}\p{Cs}]/u;
