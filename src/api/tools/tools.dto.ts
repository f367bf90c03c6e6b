import { z } from 'zod';
import { SECRET_LIMITS } from '../../domain/endpoint.ts';
import { checkSecret, isWellFormedSecret } from '../../signature/secret.ts';
import { dataField } from '../platform/input/data-field.ts';
import { eventTypeName, instant, refusal } from '../platform/input/fields.ts';
import { isPlainObject } from '../platform/input/json-object.ts';

const MAX_RAW_BODY_CHARACTERS = 262_144;

const secret = z
  .string()
  .superRefine((text, context) => {
    const problem = isWellFormedSecret(text) ? undefined : checkSecret(text);
    if (problem === undefined) return;
    context.addIssue({ code: 'custom', message: problem.message, params: { code: problem.code } });
  })
  .meta({ description: 'The signing secret, `whsec_…`. It is used for this answer only.' });

/** Body of `tools/sign`. */
export const signRequest = z
  .strictObject({
    secret,
    additional_secrets: z
      .array(secret)
      .max(SECRET_LIMITS.live.max - 1)
      .default([])
      .meta({ description: 'Others that are live too, as during a rotation: entries of webhook-signature.' }),
    event: eventTypeName.or(z.literal('batch')),
    data: dataField
      .optional()
      .meta({ type: 'object', description: 'The data, which goes in token for token.' }),
    data_text: z
      .string()
      .max(MAX_RAW_BODY_CHARACTERS)
      .refine(isObjectText, refusal('invalid_data_text', 'Must be the JSON text of an object.'))
      .optional()
      .meta({ description: 'The data as JSON text that goes in as it is; instead of `data`.' }),
    timestamp: instant.optional().meta({ description: 'When it is signed; now where absent.' }),
    delivery_id: z
      .string()
      .refine(
        (text) => /^(del|bat)_[0-9A-Za-z]{1,64}$/.test(text),
        refusal('invalid_id', 'Must be an id that starts with del_ or bat_.'),
      )
      .default('del_00000000000000000000000000'),
    attempt: z.int().min(1).max(1_000_000).default(1),
  })
  .refine(
    (body) => (body.data === undefined) !== (body.data_text === undefined),
    refusal('data_or_data_text', 'Give either data or data_text.'),
  )
  .meta({ id: 'SignRequest' });
export type SignRequest = z.output<typeof signRequest>;

export const signedView = z
  .object({
    body: z.string().meta({ description: 'The exact body as it would be sent.' }),
    headers: z.record(z.string(), z.string()),
    signature: z.string().meta({ description: 'The signature that stands in the body.' }),
  })
  .meta({ id: 'SignedRequest' });

/** Body of `tools/verify`. */
export const verifyRequest = z
  .strictObject({
    secret: z.string().max(512).meta({ description: 'The signing secret the receiver uses.' }),
    body: z
      .string()
      .max(MAX_RAW_BODY_CHARACTERS)
      .meta({ description: 'The raw body as received, byte for byte, as a text.' }),
    headers: z
      .record(z.string().max(256), z.string().max(8_192))
      .optional()
      .meta({ description: 'The headers as received; without them the signature in the body is checked.' }),
    signature: z
      .string()
      .max(1_024)
      .optional()
      .meta({ description: 'A single signature to judge, wherever it came from.' }),
    now: instant.optional().meta({ description: 'The time to judge the age by; now where absent.' }),
  })
  .meta({ id: 'VerifyRequest' });
export type VerifyRequest = z.output<typeof verifyRequest>;

export const verdictView = z
  .object({
    valid: z.boolean(),
    checks: z.array(
      z.object({ rule: z.string(), passed: z.boolean(), code: z.string(), message: z.string() }),
    ),
  })
  .meta({ id: 'Verdict' });

function isObjectText(text: string): boolean {
  try {
    return isPlainObject(JSON.parse(text));
  } catch {
    return false;
  }
}
