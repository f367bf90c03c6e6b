import { BUILT_IN_EVENT_TYPES, type EventType } from '../../domain/event-type.ts';
import { OPERATIONAL_EVENT_TYPES } from '../../domain/operational-event.ts';
import { VERIFICATION_EVENT } from '../../domain/ownership.ts';

const HEADERS: Readonly<Record<string, string>> = {
  'webhook-id': 'Delivery id: the same over every attempt. Process each once.',
  'webhook-timestamp': 'Unix seconds of signing. Refuse what is more than 300 s off.',
  'webhook-signature':
    'Standard Webhooks: `v1,` and base64 of HMAC-SHA256 over `id.timestamp.body`, keyed with the ' +
    'decoded secret; during a rotation one entry a live secret, separated by blanks.',
  'X-Webhook-Signature':
    '`sha256=` and hex of HMAC-SHA256 over the exact body, keyed with the text of the secret.',
  'X-Webhook-Event': 'Event type; for information, not signed.',
  'X-Webhook-Event-Id': 'Event id; for information, not signed.',
  'X-Webhook-Delivery': 'Delivery id; for information, not signed.',
  'X-Webhook-Attempt': 'Number of the attempt; for information, not signed.',
};

/** A request that receivers get. */
interface Webhook extends Pick<EventType, 'name' | 'description' | 'schema'> {
  /** Where an answer means something else than for events, by status. */
  readonly answers?: Readonly<Record<string, string>>;
}

const ANSWERS = {
  '2XX': 'Received. Answer at once and do the work afterwards; bodies are not needed.',
  '410': 'The endpoint is gone: it is disabled and gets nothing more.',
  default: 'Not received: tried again on the schedule of the endpoint.',
};

const CHALLENGE: Webhook = {
  name: VERIFICATION_EVENT,
  description:
    'Asks an endpoint whether it answers for its URL, where the operator wants that of a ' +
    'new endpoint or another URL. Nobody can publish it or subscribe to it.',
  schema: { type: 'object', required: ['challenge'], properties: { challenge: { type: 'string' } } },
  answers: {
    '2XX': 'Verified, if the body is `{"challenge":"…"}` with the challenge, or the challenge as plain text.',
    default: 'Not verified, and not tried again until somebody asks for another challenge.',
  },
};

const BATCH_ITEM = {
  event: { type: 'string' },
  created_at: { type: 'string', format: 'date-time' },
  delivery_id: { type: 'string', description: 'Deduplicate by this one.' },
  data: { type: 'object' },
};

const BATCH: Webhook = {
  name: 'batch',
  description:
    'Several events in one call, for endpoints with `batch`. Signed, answered and ' +
    'tried again as one; its own `delivery_id` begins with `bat_`.',
  schema: {
    type: 'object',
    required: ['count', 'events'],
    properties: {
      count: { type: 'integer', minimum: 1 },
      events: {
        type: 'array',
        items: { type: 'object', required: Object.keys(BATCH_ITEM), properties: BATCH_ITEM },
      },
    },
  },
};

/** The requests that receivers get, by the event that they name, as OpenAPI 3.1 `webhooks`. */
export function describeWebhooks(): Record<string, unknown> {
  const all: readonly Webhook[] = [...BUILT_IN_EVENT_TYPES, BATCH, CHALLENGE, ...OPERATIONAL_EVENT_TYPES];
  return Object.fromEntries(all.map((webhook) => [webhook.name, { post: describeWebhook(webhook) }]));
}

function describeWebhook(webhook: Webhook): Record<string, unknown> {
  const { name, description, answers = ANSWERS } = webhook;
  return {
    summary: name,
    description,
    operationId: `webhook_${name.replaceAll('.', '_')}`,
    security: [],
    parameters: Object.entries(HEADERS).map(([name, description]) => ({
      name,
      in: 'header',
      required: true,
      description,
      schema: { type: 'string' },
    })),
    requestBody: { required: true, content: { 'application/json': { schema: bodySchema(webhook) } } },
    responses: Object.fromEntries(
      Object.entries(answers).map(([status, meaning]) => [status, { description: meaning }]),
    ),
  };
}

function bodySchema({ name, schema }: Webhook): Record<string, unknown> {
  const properties = {
    event: { const: name },
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
    data: schema ?? { type: 'object' },
  };
  return { type: 'object', required: Object.keys(properties), properties };
}
