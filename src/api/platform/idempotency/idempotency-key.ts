import { z } from 'zod';
import { invalidInput } from '../answers/problem.ts';
import { refusal } from '../input/fields.ts';
import { toInputProblems } from '../input/input-problems.ts';

/** The header that names a request, so that it can be repeated. */
export const IDEMPOTENCY_KEY = 'Idempotency-Key';

/** Visible ASCII, so that it survives every header and log. */
export const idempotencyKey = z
  .string()
  .refine(
    (text) => /^[\x21-\x7e]{1,255}$/.test(text),
    refusal('idempotency_key_invalid', 'An idempotency key must be 1 to 255 visible ASCII characters.'),
  )
  .meta({ minLength: 1, maxLength: 255, pattern: '^[\\x21-\\x7e]+$' });

/** The header in the OpenAPI document; `description` says what a repeated request gets. */
export function documentedKey(description: string) {
  return {
    name: IDEMPOTENCY_KEY,
    required: false,
    description,
    schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[\\x21-\\x7e]+$' },
  } as const;
}

/**
 * The key of the header `Idempotency-Key`, which may be written as a structured-field string (`"key"`, as the IETF
 * draft has it) or bare: both are one key. @throws Problem 422
 */
export function readIdempotencyKey(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  const quoted = /^"((?:[^"\\]|\\["\\])*)"$/.exec(header)?.[1];
  const key = quoted === undefined ? header : quoted.replace(/\\(["\\])/g, '$1');
  const parsed = idempotencyKey.safeParse(key);
  if (parsed.success) return key;
  throw invalidInput(
    toInputProblems(parsed.error.issues, key).map(({ code, message }) => ({
      parameter: IDEMPOTENCY_KEY,
      code,
      message,
    })),
  );
}
