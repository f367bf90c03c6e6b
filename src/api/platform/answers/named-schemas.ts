import { z } from 'zod';
import { API_KEY_SCOPES } from '../../../domain/api-key.ts';
import { BREAKER_STATES } from '../../../domain/breaker.ts';
import { DELIVERY_STATUSES, type DeliveryStatus } from '../../../domain/delivery.ts';
import { ENDPOINT_STATUSES } from '../../../domain/endpoint.ts';
import { TRANSPORT_ERROR_ADVICE } from '../../../domain/error-code.ts';
import { PROBLEM_CODES, SCHEMA_PROBLEM_PATTERN } from '../../../domain/problems/problem-code.ts';
import { REPLAY_STATUSES } from '../../../domain/replay.ts';

/** Schemas that several answers and inputs share, by the names that generated clients give their types. */
export const deliveryStatus = z.enum(DELIVERY_STATUSES).meta({ id: 'DeliveryStatus' });
export const endpointStatus = z.enum(ENDPOINT_STATUSES).meta({ id: 'EndpointStatus' });
export const breakerState = z.enum(BREAKER_STATES).meta({ id: 'BreakerState' });
export const replayStatus = z.enum(REPLAY_STATUSES).meta({ id: 'ReplayStatus' });
export const keyScope = z.enum(API_KEY_SCOPES).meta({ id: 'KeyScope' });

/** A count for every state of a delivery. */
export const deliveryCounts = z
  .object(
    Object.fromEntries(DELIVERY_STATUSES.map((status) => [status, z.int()])) as Record<
      DeliveryStatus,
      z.ZodInt
    >,
  )
  .meta({ id: 'DeliveryCounts' });

/** The code of a failed attempt. */
export const errorCode = z.string().meta({
  id: 'ErrorCode',
  description:
    'Why an attempt failed. Beside those listed, `http_` and the status of an answer that was no success.',
  ...openList(Object.keys(TRANSPORT_ERROR_ADVICE), '^http_[1-9][0-9]{2}$'),
});

/** The code of a problem, or of one fault of an input. */
export const problemCode = z.string().meta({
  id: 'ProblemCode',
  description:
    'Stable; for programs. What each means is at `/docs/problems/<code>`. Beside those ' +
    'listed, `schema_` and the keyword of the JSON Schema that `data` breaks.',
  ...openList(PROBLEM_CODES, SCHEMA_PROBLEM_PATTERN),
});

function openList(listed: readonly string[], pattern: string) {
  return {
    anyOf: [
      { type: 'string', enum: [...listed] },
      { type: 'string', pattern },
    ],
  } as const;
}
