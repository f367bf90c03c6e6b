import { z } from 'zod';
import type { Endpoint } from '../../../domain/endpoint.ts';
import { UNVERIFIED } from '../../../domain/ownership.ts';
import { attemptAnswer } from '../../deliveries/attempt-view.ts';
import type { SeenCheck } from './endpoint-ownership.service.ts';

const OUTCOMES = ['pending', 'verified', 'failed', 'expired'] as const;

/** How an endpoint stands with the ownership of its URL. */
export const verificationAnswer = z
  .object({
    endpoint_id: z.string(),
    unverified: z.boolean().meta({ description: 'Whether it is disabled until it answers a challenge.' }),
    last_check: z
      .object({
        url: z.string(),
        outcome: z.enum(OUTCOMES).meta({ description: '`expired`: not answered in time, or not sent.' }),
        requested_at: z.iso.datetime(),
        expires_at: z.iso.datetime(),
        delivery_id: z.string().nullable(),
        error_code: z.string().nullable(),
        advice: z.string().nullable(),
        attempt: attemptAnswer.nullable(),
      })
      .nullable()
      .meta({ description: 'Null where it was never asked.' }),
  })
  .meta({ id: 'EndpointVerification' });

export type VerificationAnswer = z.output<typeof verificationAnswer>;

/** Shapes the verification of an endpoint for an answer. */
export function showVerification(endpoint: Endpoint, seen: SeenCheck | null): VerificationAnswer {
  return {
    endpoint_id: endpoint.id,
    unverified: endpoint.disabledReason === UNVERIFIED,
    last_check: seen === null ? null : showCheck(seen),
  };
}

function showCheck({ check, attempt }: SeenCheck): VerificationAnswer['last_check'] {
  return {
    url: check.url,
    outcome: outcomeOf({ check, attempt }),
    requested_at: check.requestedAt.toISOString(),
    expires_at: check.expiresAt.toISOString(),
    delivery_id: check.deliveryId,
    error_code: attempt?.error_code ?? null,
    advice: attempt?.advice ?? null,
    attempt,
  };
}

function outcomeOf({ check, attempt }: SeenCheck): (typeof OUTCOMES)[number] {
  if (check.usedAt !== null) return 'verified';
  if (attempt !== null) return 'failed';
  return check.isExpired ? 'expired' : 'pending';
}
