import { z } from 'zod';
import { ENDPOINT_LIMITS } from '../../domain/endpoint.ts';
import { checkUrlSyntax } from '../../domain/endpoint-url.ts';
import { parseFilterEntry } from '../../domain/event-filter.ts';
import { breakerState, endpointStatus } from '../platform/answers/named-schemas.ts';
import { pageQuery } from '../platform/answers/paging.ts';
import { customerId, eventTypeName, ownId, refusal } from '../platform/input/fields.ts';
import { metadataField } from '../platform/input/metadata-field.ts';
import { egressField, tlsField } from './settings/connection-fields.ts';
import { filterField } from './settings/filter-field.ts';
import { headersField } from './settings/header-field.ts';
import { replayOnRecoveryField } from './settings/recovery-field.ts';
import { retryField } from './settings/retry-field.ts';
import { ruleFields } from './settings/rule-fields.ts';
import { secretField, signingKeyField } from './settings/secret-field.ts';
import { wireFields } from './settings/wire-fields.ts';

const url = z
  .string()
  .superRefine((text, context) => {
    const check = checkUrlSyntax(text);
    if (!check.ok) context.addIssue({ code: 'custom', message: check.message, params: { code: check.code } });
  })
  .meta({
    description: 'Where deliveries go: https, a public address, port 443; no user info, no fragment.',
    examples: ['https://example.com/hooks'],
  });

const eventEntry = z
  .string()
  .refine(
    (entry) => parseFilterEntry(entry) !== null,
    refusal('invalid_event_filter', 'Must be an event type, a wildcard such as job.*, or *.'),
  );

const events = z
  .array(eventEntry)
  .min(ENDPOINT_LIMITS.events.min)
  .max(ENDPOINT_LIMITS.events.max)
  .meta({
    description:
      'Which events it gets: types, wildcards such as job.*, or *. No wildcard includes job.progress.',
    examples: [['job.completed', 'system.*']],
  });

const description = z.string().max(ENDPOINT_LIMITS.descriptionLength.max);

const timeoutMs = z.int().min(ENDPOINT_LIMITS.timeoutMs.min).max(ENDPOINT_LIMITS.timeoutMs.max).meta({
  description: 'The most one attempt may take, from name resolution to the end of the answer.',
  default: 30_000,
});

/** Settings that can be given at creation and changed; null means the default. */
const settingFields = {
  events: events.nullish(),
  filter: filterField.nullish(),
  description: description.nullish(),
  metadata: metadataField.nullish(),
  headers: headersField.nullish(),
  timeout_ms: timeoutMs.nullish(),
  retry: retryField.nullish(),
  tls: tlsField.nullish(),
  egress_address: egressField.nullish(),
  replay_on_recovery: replayOnRecoveryField.nullish(),
  ...ruleFields,
  ...wireFields,
};

/** Body of `POST /v1/endpoints`. Who may give which `customer_id` depends on the caller. */
export const newEndpointBody = z
  .strictObject({
    url,
    customer_id: customerId.nullish().meta({
      description:
        'Required with the operator’s key; null is an endpoint of the operator, which gets all customers’ events.',
    }),
    uid: ownId.nullish().meta({
      description: 'An id of one’s own, unique among the customer’s endpoints (409 `endpoint_uid_taken`).',
    }),
    ...settingFields,
    secret: secretField.optional().meta({
      description:
        'Imports a signing secret; generated where absent. With the default signatures it is whsec_ and ' +
        'base64 of 24 to 64 bytes; with those of other senders any text of at least 16 bytes.',
    }),
    signing_key: signingKeyField.optional().meta({
      description:
        'Imports the Ed25519 private key, whsk_ and base64; generated where absent. No answer shows it.',
    }),
  })
  .meta({
    id: 'NewEndpoint',
    examples: [
      { url: 'https://example.com/hooks', customer_id: 'acme', events: ['job.completed', 'system.*'] },
    ],
  });

/** Query of `POST /v1/endpoints`. */
export const endpointCreationQuery = z.strictObject({
  dry_run: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true')
    .meta({ description: 'Check only, and create nothing.' }),
});

export type EndpointCreationQuery = z.output<typeof endpointCreationQuery>;

/** Body of `PATCH /v1/endpoints/{id}`: members left out keep their value, null returns to the default. */
export const endpointChangesBody = z.strictObject({ url: url.optional(), ...settingFields }).meta({
  id: 'EndpointChanges',
  examples: [{ events: ['job.*'], timeout_ms: 10_000, rate_limit: { limit: 10, per: 'second' } }],
});

/** Members of an endpoint that an answer has and a change may not. */
export const READ_ONLY_MEMBERS: readonly string[] = [
  'id',
  'customer_id',
  'uid',
  'status',
  'paused',
  'disabled',
  'disabled_reason',
  'breaker_state',
  'secret_rotation',
  'created_at',
  'updated_at',
  'secret',
  'signing_key',
  'public_keys',
];

export type EndpointChangesBody = z.output<typeof endpointChangesBody>;

/** Query of `GET /v1/endpoints`. */
export const endpointListQuery = z.strictObject({
  ...pageQuery,
  customer_id: customerId.optional(),
  status: endpointStatus.optional(),
  breaker_state: breakerState.optional(),
  failing: z.enum(['true', 'false']).optional().meta({
    description: 'Only those whose last attempt failed or whose breaker is not closed, or only the others.',
  }),
  uid: ownId.optional().meta({ description: 'The one of this uid, or of each customer one.' }),
  event: eventTypeName.optional().meta({ description: 'Only those that get events of this type.' }),
  url: z
    .string()
    .min(1)
    .max(ENDPOINT_LIMITS.urlLength.max)
    .regex(/^[\x21-\x7e]+$/)
    .optional()
    .meta({ description: 'Only those whose URL contains this text.' }),
});

export type EndpointListQuery = z.output<typeof endpointListQuery>;
