import { BUILT_IN_EVENT_TYPES, type EventType } from '../../domain/event-type.ts';
import { OPERATIONAL_EVENT_TYPES } from '../../domain/operational-event.ts';

const HEADERS: Readonly<Record<string, string>> = {
  'webhook-id': 'Delivery id: the same over every attempt. Process each once.',
  'webhook-timestamp': 'Unix seconds of signing. Refuse what is more than 300 s off.',
  'webhook-signature':
    'Standard Webhooks: `v1,` and base64 of HMAC-SHA256 over `id.timestamp.body`, keyed with the decoded secret; during a rotation one entry a live secret, separated by blanks.',
  'X-Webhook-Signature':
    '`sha256=` and hex of HMAC-SHA256 over the exact body, keyed with the text of the secret.',
  'X-Webhook-Event': 'Event type; for information, not signed.',
  'X-Webhook-Event-Id': 'Event id; for information, not signed.',
  'X-Webhook-Delivery': 'Delivery id; for information, not signed.',
  'X-Webhook-Attempt': 'Number of the attempt; for information, not signed.',
};

/** The requests that receivers get, by event type, as OpenAPI 3.1 `webhooks`. */
export function describeWebhooks(
  types: readonly EventType[] = [...BUILT_IN_EVENT_TYPES, ...OPERATIONAL_EVENT_TYPES],
): Record<string, unknown> {
  return Object.fromEntries(types.map((type) => [type.name, { post: describeWebhook(type) }]));
}

function describeWebhook(type: EventType): Record<string, unknown> {
  return {
    summary: type.name,
    description: type.description,
    operationId: `webhook_${type.name.replaceAll('.', '_')}`,
    security: [],
    parameters: Object.entries(HEADERS).map(([name, description]) => ({
      name,
      in: 'header',
      required: true,
      description,
      schema: { type: 'string' },
    })),
    requestBody: { required: true, content: { 'application/json': { schema: bodySchema(type) } } },
    responses: {
      '2XX': { description: 'Received. Answer at once and do the work afterwards; bodies are not needed.' },
      '410': { description: 'The endpoint is gone: it is disabled and gets nothing more.' },
      default: { description: 'Not received: tried again on the schedule of the endpoint.' },
    },
  };
}

function bodySchema(type: EventType): Record<string, unknown> {
  const properties = {
    event: { const: type.name },
    timestamp: {
      type: 'string',
      format: 'date-time',
      description: 'When this attempt was signed; whole seconds.',
    },
    signature: {
      type: 'string',
      pattern: '^sha256=[0-9a-f]{64}$',
      description: 'HMAC-SHA256 over this body with `signature` emptied, keyed with the text of the secret.',
    },
    delivery_id: { type: 'string', description: 'The same over every attempt; deduplicate by it.' },
    attempt: { type: 'integer', minimum: 1 },
    data: type.schema ?? { type: 'object' },
  };
  return { type: 'object', required: Object.keys(properties), properties };
}
