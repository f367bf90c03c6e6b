import { z } from 'zod';
import { BREAKER_STATES } from '../../domain/breaker.ts';
import { ENDPOINT_STATUSES } from '../../domain/endpoint.ts';
import { explain } from '../../domain/explanation/explain.ts';
import {
  type EndpointThen,
  type EventAtEndpoint,
  EXPLAINED_OUTCOMES,
  EXPLANATION_RULES,
  type ExplainedEvent,
} from '../../domain/explanation/explained.ts';
import { pageQuery } from '../platform/answers/paging.ts';
import { wholeNumberText } from '../platform/input/fields.ts';

/** So many endpoints one answer tells of. */
const MAX_EXPLAINED = 500;

/** Which endpoints are told of. */
export const explanationQuery = z.strictObject({
  ...pageQuery,
  limit: wholeNumberText(1, MAX_EXPLAINED)
    .default(MAX_EXPLAINED)
    .meta({ description: 'Endpoints a page.', default: MAX_EXPLAINED }),
});
export type ExplanationQuery = z.output<typeof explanationQuery>;

const time = z.string().meta({ format: 'date-time' });

const endpointThenView = z
  .object({
    url: z.string(),
    events: z.array(z.string()),
    filter: z.record(z.string(), z.array(z.string())).nullable(),
    status: z.enum(ENDPOINT_STATUSES),
    disabled_reason: z.string().nullable(),
    breaker_state: z.enum(BREAKER_STATES),
    since: time,
    by: z.string().nullable().meta({ description: 'Who changed its status; null where it was Posthorn.' }),
    reason: z.string().nullable(),
  })
  .meta({ id: 'EndpointThen', description: 'What an endpoint was when an event was accepted.' });

const explainedEndpoint = z
  .object({
    endpoint_id: z.string(),
    customer_id: z.string().nullable(),
    delivery_id: z.string().nullable(),
    outcome: z.enum(EXPLAINED_OUTCOMES),
    rule: z
      .enum(EXPLANATION_RULES)
      .nullable()
      .meta({
        description:
          'Why: what holds it, why it is dead, cancelled or skipped, or ' +
          'which rule kept it away; null of what was delivered.',
      }),
    sentence: z
      .string()
      .meta({ examples: ['The endpoint took job.failed, which does not include job.completed.'] }),
    endpoint_then: endpointThenView.nullable().meta({
      description: 'Null where the endpoint was created later, was deleted before, or that is not kept.',
    }),
  })
  .meta({ id: 'ExplainedEndpoint' });

/** Why an event did or did not reach each endpoint. */
export const explanationAnswer = z
  .object({
    event_id: z.string(),
    event: z.string(),
    customer_id: z.string().nullable(),
    created_at: time,
    endpoints: z.array(explainedEndpoint),
    next_cursor: z.string().nullable(),
  })
  .meta({ id: 'EventExplanation' });
export type ExplanationAnswer = z.output<typeof explanationAnswer>;

/** Shapes what became of an event at an endpoint. */
export function showExplained(
  event: ExplainedEvent,
  at: EventAtEndpoint,
): z.output<typeof explainedEndpoint> {
  const { endpoint, endpointThen, delivery } = at;
  return {
    endpoint_id: endpoint.id,
    customer_id: endpoint.customerId,
    delivery_id: delivery?.id ?? null,
    ...explain(event, at),
    endpoint_then: endpointThen === null || endpointThen.isDeleted ? null : showThen(endpointThen),
  };
}

function showThen(endpointThen: EndpointThen): z.output<typeof endpointThenView> {
  const { url, events, filter, status, by, reason } = endpointThen;
  return {
    url,
    events: [...events],
    filter:
      filter === null
        ? null
        : Object.fromEntries(Object.entries(filter).map(([name, values]) => [name, [...values]])),
    status,
    disabled_reason: endpointThen.disabledReason,
    breaker_state: endpointThen.breakerState,
    since: endpointThen.since.toISOString(),
    by,
    reason,
  };
}
