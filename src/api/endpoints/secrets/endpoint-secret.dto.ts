import { z } from 'zod';
import { SECRET_LIMITS } from '../../../domain/endpoint.ts';
import type { LiveSecret, ReadableSecret } from '../../../storage/endpoints/endpoint-secrets.ts';
import { secretField } from '../settings/secret-field.ts';

const { overlapSeconds, live } = SECRET_LIMITS;
const MAX_NUMBER = 2_147_483_647;

/** Body of `secret/rotate`; may be left out. */
export const rotationBody = z.strictObject({
  secret: secretField.optional().meta({
    description:
      'The new secret; generated where absent. Repeated with the same one, the request is refused and changes nothing.',
  }),
  overlap_seconds: z.int().min(overlapSeconds.min).max(overlapSeconds.max).optional().meta({
    default: overlapSeconds.initial,
    description: 'How long the secrets before it stay live; 0 ends them at once.',
  }),
});
export type RotationBody = z.output<typeof rotationBody>;

/** Body of `secret/revoke`; may be left out. */
export const revocationBody = z.strictObject({
  numbers: z.array(z.int().min(1).max(MAX_NUMBER)).min(1).max(100).optional().meta({
    description: 'Which secrets; all but the newest where absent.',
  }),
});
export type RevocationBody = z.output<typeof revocationBody>;

const liveSecret = z.object({
  number: z.int().meta({ description: 'Counts the secrets that the endpoint ever had.' }),
  is_primary: z.boolean().meta({
    description: 'Whether it makes the body’s signature and X-Webhook-Signature, which have room for one.',
  }),
  created_at: z.iso.datetime(),
  expires_at: z.iso.datetime().nullable().meta({
    description: 'When it stops signing; null of the newest.',
  }),
});
const secrets = z.array(liveSecret).meta({
  description: `The live secrets, at most ${live.max}, the primary one first.`,
});

/** The live secrets without their texts. */
export const liveSecretsAnswer = z.object({ secrets }).meta({ id: 'LiveSecrets' });
export type LiveSecretsAnswer = z.output<typeof liveSecretsAnswer>;

/** The answer to a rotation. */
export const rotationAnswer = z
  .object({
    secret: z.string().meta({ description: 'The new secret.' }),
    number: z.int(),
    overlap_ends_at: z.iso.datetime().nullable().meta({
      description: 'When the last of the secrets before it stops signing; null where they did at once.',
    }),
    secrets,
  })
  .meta({ id: 'RotatedSecret' });
export type RotationAnswer = z.output<typeof rotationAnswer>;

/** The live secrets with their texts. */
export const readableSecretsAnswer = z
  .object({ secrets: z.array(liveSecret.extend({ secret: z.string() })) })
  .meta({ id: 'ReadableSecrets' });
export type ReadableSecretsAnswer = z.output<typeof readableSecretsAnswer>;

/** Shapes live secrets for an answer. */
export function showLive(secrets: readonly LiveSecret[]): LiveSecretsAnswer {
  return { secrets: secrets.map(showSecret) };
}

/** Shapes what came of a rotation for an answer: the newest of the live secrets is the new one. */
export function showRotation(secret: string, secrets: readonly LiveSecret[]): RotationAnswer {
  const ends = secrets.flatMap(({ expiresAt }) => (expiresAt === null ? [] : [expiresAt.getTime()]));
  return {
    secret,
    number: Math.max(...secrets.map(({ number }) => number)),
    overlap_ends_at: ends.length === 0 ? null : new Date(Math.max(...ends)).toISOString(),
    ...showLive(secrets),
  };
}

/** Shapes live secrets in clear for an answer. */
export function showReadable(secrets: readonly ReadableSecret[]): ReadableSecretsAnswer {
  return { secrets: secrets.map((one) => ({ ...showSecret(one), secret: one.secret })) };
}

function showSecret({ number, isPrimary, createdAt, expiresAt }: LiveSecret): z.output<typeof liveSecret> {
  return {
    number,
    is_primary: isPrimary,
    created_at: createdAt.toISOString(),
    expires_at: expiresAt?.toISOString() ?? null,
  };
}
