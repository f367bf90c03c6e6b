import { z } from 'zod';
import type { Endpoint, EndpointStatus } from '../../domain/endpoint.ts';
import { adviceFor } from '../../domain/error-code.ts';
import { MAX_COUNTED } from '../../storage/postgres/capped-count.ts';
import type { EndpointHealth } from '../../storage/stats/endpoint-health.ts';
import { pageOf } from '../deliveries/delivery-view.ts';
import { breakerState, endpointStatus, errorCode } from '../platform/answers/named-schemas.ts';
import { metadataField } from '../platform/input/metadata-field.ts';
import { showTls } from './settings/connection-fields.ts';
import { filterAnswer, showFilter } from './settings/filter-field.ts';
import { replayOnRecoveryField } from './settings/recovery-field.ts';
import { retryField, showRetry } from './settings/retry-field.ts';
import { ruleAnswers, showRules } from './settings/rule-fields.ts';
import { showWire, wireAnswers } from './settings/wire-fields.ts';

const switched = z
  .object({
    since: z.iso.datetime(),
    by: z
      .string()
      .nullable()
      .meta({
        description:
          '`operator`, the id of the customer’s key, or who a signal from ' +
          'Temporal says; null where it happened by itself.',
      }),
    reason: z.string().nullable().meta({ description: 'In the words of whoever did it.' }),
  })
  .nullable();

const paused = switched
  .unwrap()
  .extend({
    until: z.iso
      .datetime()
      .nullable()
      .meta({ description: 'When it ends by itself, within seconds; null: not.' }),
  })
  .nullable();

/** An endpoint as the API answers it; sensitive header values read `***`. */
export const endpointAnswer = z
  .object({
    id: z.string().meta({ examples: ['ep_01J8Q2M4T6V8X0Z2B4D6F8H0K2'] }),
    url: z.string(),
    customer_id: z.string().nullable(),
    uid: z.string().nullable(),
    events: z.array(z.string()),
    filter: filterAnswer,
    description: z.string(),
    metadata: metadataField,
    headers: z.record(z.string(), z.string()),
    timeout_ms: z.int(),
    retry: retryField,
    tls: z.object({
      min_version: z.enum(['1.2', '1.3']),
      client_certificate: z.string().nullable(),
      client_key: z.string().nullable(),
    }),
    egress_address: z.string().nullable(),
    replay_on_recovery: replayOnRecoveryField,
    ...ruleAnswers,
    ...wireAnswers,
    status: endpointStatus,
    disabled_reason: z.string().nullable().meta({
      description:
        '`by_hand`, `gone` (it answered 410), `failing` (for too long) or `unverified` (see `verify`) while disabled.',
    }),
    paused,
    disabled: switched,
    breaker_state: breakerState,
    secret_rotation: z
      .object({ overlap_ends_at: z.iso.datetime() })
      .nullable()
      .meta({ description: 'While former secrets are live beside the newest: until when.' }),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  })
  .meta({ id: 'Endpoint' });

/** An endpoint as it is read, alone and in lists: with how it fares. */
export const endpointWithHealth = endpointAnswer
  .extend({
    health: z.object({
      last_success_at: z.iso.datetime().nullable().meta({ description: 'Known some seconds later.' }),
      failing_since: z.iso.datetime().nullable().meta({
        description: 'The first failure of those since its last success; null where that was last.',
      }),
      last_error_code: errorCode.nullable().meta({ description: 'Of its last failure.' }),
      advice: z.string().nullable().meta({ description: 'What to do about that, while it fails.' }),
      probe_at: z.iso.datetime().nullable().meta({ description: 'When the open breaker tries it next.' }),
      held: z.int().meta({ description: `Deliveries that are held, up to ${MAX_COUNTED}.` }),
      waiting: z.int().meta({ description: 'Those queued or retrying, likewise.' }),
    }),
  })
  .meta({ id: 'EndpointWithHealth' });

export type EndpointWithHealth = z.output<typeof endpointWithHealth>;

/** A page of endpoints, newest first. */
export const endpointPage = pageOf(endpointWithHealth).meta({ id: 'EndpointList' });

/** The answer to a creation, with the signing secret. */
export const createdEndpointAnswer = endpointAnswer
  .extend({
    secret: z.string().meta({
      description: 'Signs every delivery. No later answer about the endpoint shows it; GET …/secret does.',
    }),
    warnings: z
      .array(z.string())
      .meta({ description: 'What may not be meant, such as another endpoint with the same URL.' }),
  })
  .meta({ id: 'NewEndpointWithSecret' });

/** The answer to a creation or change by an own id: the secret only where it was created. */
export const putEndpointAnswer = createdEndpointAnswer.partial({ secret: true }).meta({ id: 'EndpointPut' });

/** What a creation that is only tried out answers: nothing keeps it from being made. */
export const rehearsedEndpointAnswer = z
  .object({ valid: z.literal(true), warnings: z.array(z.string()) })
  .meta({ id: 'EndpointRehearsal' });

export type EndpointAnswer = z.output<typeof endpointAnswer>;

/** Shapes an endpoint for an answer. */
export function showEndpoint(endpoint: Endpoint): EndpointAnswer {
  return {
    id: endpoint.id,
    url: endpoint.url,
    customer_id: endpoint.customerId,
    uid: endpoint.uid,
    events: [...endpoint.events],
    filter: showFilter(endpoint.filter),
    description: endpoint.description,
    metadata: { ...endpoint.metadata },
    headers: Object.fromEntries(endpoint.headers.map(({ name, value }) => [name, value])),
    timeout_ms: endpoint.timeoutMs,
    retry: showRetry(endpoint.retry),
    tls: showTls(endpoint.route),
    egress_address: endpoint.route?.egressAddress ?? null,
    replay_on_recovery: endpoint.replayOnRecovery,
    ...showRules(endpoint),
    ...showWire(endpoint),
    status: endpoint.status,
    disabled_reason: endpoint.disabledReason,
    paused: showPause(endpoint),
    disabled: showSwitch(endpoint, 'disabled'),
    breaker_state: endpoint.breakerState,
    secret_rotation: showRotation(endpoint),
    created_at: endpoint.createdAt.toISOString(),
    updated_at: endpoint.updatedAt.toISOString(),
  };
}

function showRotation({ secretOverlapEndsAt: end }: Endpoint): EndpointAnswer['secret_rotation'] {
  return end === null ? null : { overlap_ends_at: end.toISOString() };
}

function showPause(endpoint: Endpoint): z.output<typeof paused> {
  const shown = showSwitch(endpoint, 'paused');
  return shown && { ...shown, until: endpoint.pausedUntil?.toISOString() ?? null };
}

function showSwitch(endpoint: Endpoint, status: EndpointStatus): z.output<typeof switched> {
  if (endpoint.status !== status) return null;
  const { statusSince, statusBy: by, statusReason: reason } = endpoint;
  return { since: statusSince.toISOString(), by, reason };
}

/** Shapes an endpoint with how it fares. */
export function showWithHealth(endpoint: Endpoint, health: EndpointHealth | undefined): EndpointWithHealth {
  const { failingSince = null, probeAt = null } = health?.breaker ?? {};
  const code = health?.lastErrorCode ?? null;
  return {
    ...showEndpoint(endpoint),
    health: {
      last_success_at: health?.lastSuccessAt?.toISOString() ?? null,
      failing_since: timeOf(failingSince),
      last_error_code: code,
      advice: failingSince === null || code === null ? null : adviceFor(code),
      probe_at: timeOf(probeAt),
      held: health?.held ?? 0,
      waiting: health?.waiting ?? 0,
    },
  };
}

function timeOf(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
