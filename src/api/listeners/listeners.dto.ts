import { z } from 'zod';
import { TRANSPORT_ERROR_ADVICE, type TransportErrorCode } from '../../domain/error-code.ts';
import type { MissedEvents } from '../../storage/listeners/missed-events.ts';
import type { RelayAnswer, RelayRequest } from '../../storage/listeners/relay-store.ts';
import { newEndpointBody } from '../endpoints/endpoint.dto.ts';
import { customerId } from '../platform/input/fields.ts';

/** Bytes of an answer's body that are kept, as of those that are fetched. */
const MAX_BODY_BASE64 = 87_384;
const MAX_HEADERS = 200;

/** Body of `PUT /v1/listeners/{name}`. */
export const listenerBody = z
  .strictObject({
    customer_id: customerId.nullish().meta({
      description: 'Required with the operator’s key; null listens to the events of all customers.',
    }),
    events: newEndpointBody.shape.events,
    timeout_ms: newEndpointBody.shape.timeout_ms,
  })
  .meta({ id: 'NewListener', examples: [{ customer_id: 'acme', events: ['job.*'] }] });
export type ListenerBody = z.output<typeof listenerBody>;

/** A listener: an endpoint without an address. */
export const listenerAnswer = z
  .object({
    id: z.string().meta({ description: 'Of its endpoint.' }),
    customer_id: z.string().nullable(),
    events: z.array(z.string()),
    secret: z.string().meta({ description: 'What its requests are signed with.' }),
    resumed: z.boolean().meta({ description: 'Whether it was there already, with what it held meanwhile.' }),
    expires_at: z.iso.datetime().meta({ description: 'It is removed then, unless somebody listens.' }),
  })
  .meta({ id: 'Listener' });
export type ListenerAnswer = z.output<typeof listenerAnswer>;

/** The `data` of a message `request`. */
export const relayedRequest = z
  .object({
    id: z.string().meta({ description: 'To be named by the answer.' }),
    headers: z.record(z.string(), z.string()),
    body_base64: z.string(),
    timeout_ms: z.int(),
  })
  .meta({ id: 'RelayedRequest' });

/** The `data` of a message `missed`. */
const missedEvents = z.object({
  after: z.iso.datetime(),
  before: z.iso.datetime(),
  count: z.int(),
  capped: z.boolean(),
});

/** Body of `POST /v1/listeners/{id}/answers`. */
export const relayedAnswer = z
  .strictObject({
    id: z.string().max(64).meta({ description: 'Of the request.' }),
    status_code: z.int().min(100).max(599).nullable().meta({ description: 'Null where nothing answered.' }),
    error_code: z
      .enum(Object.keys(TRANSPORT_ERROR_ADVICE) as [TransportErrorCode, ...TransportErrorCode[]])
      .nullish()
      .meta({ description: 'Why nothing answered.' }),
    error_detail: z.string().max(1_024).nullish(),
    headers: z
      .array(z.strictObject({ name: z.string().max(256), value: z.string().max(8_192) }))
      .max(MAX_HEADERS),
    body_base64: z.base64().max(MAX_BODY_BASE64),
    truncated: z.boolean().nullish(),
    duration_ms: z.number().min(0).max(600_000),
  })
  .meta({ id: 'RelayedAnswer' });
export type RelayedAnswer = z.output<typeof relayedAnswer>;

/** A request as it is handed out. */
export function showRequest({ id, headers, body, timeoutMs }: RelayRequest): z.output<typeof relayedRequest> {
  return { id, headers: { ...headers }, body_base64: body.toString('base64'), timeout_ms: timeoutMs };
}

/** What went by, as it is told. */
export function showMissed({ after, before, count, capped }: MissedEvents): z.output<typeof missedEvents> {
  return { after: after.toISOString(), before: before.toISOString(), count, capped };
}

/** An answer as it is kept. */
export function toAnswer(body: RelayedAnswer): RelayAnswer {
  return {
    statusCode: body.status_code,
    errorCode: body.error_code ?? null,
    errorDetail: body.error_detail ?? null,
    headers: body.headers.map(({ name, value }) => [name, value]),
    bodyBase64: body.body_base64,
    isTruncated: body.truncated ?? false,
    durationMs: body.duration_ms,
  };
}
