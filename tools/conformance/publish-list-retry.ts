import createClient from 'openapi-fetch';
import type { components, paths } from '../../clients/typescript/schema.ts';

type Delivery = components['schemas']['Delivery'];

/** What a client of the generated types did: compiles only where the document says what comes back. */
export interface Journey {
  readonly eventId: string;
  readonly delivery: Delivery;
  readonly retried: Delivery;
}

/**
 * Publishes an event of `acme`, finds its only delivery in a list and has it sent once more, all by generated types.
 */
export async function publishListRetry(baseUrl: string, key: string): Promise<Journey> {
  const client = createClient<paths>({ baseUrl, headers: { Authorization: `Bearer ${key}` } });
  const published = await client.POST('/v1/events', {
    body: { event: 'job.completed', customer_id: 'acme', data: { job_id: 'job_7', rows: [1, 2] } },
  });
  const eventId = resultOf(published).id;
  const listed = await client.GET('/v1/deliveries', { params: { query: { event_id: eventId, limit: 1 } } });
  const [delivery] = resultOf(listed).items;
  if (delivery === undefined) throw new Error(`event ${eventId} has no delivery`);
  const { id } = delivery;
  const retried = await client.POST('/v1/deliveries/{id}/retry', { params: { path: { id } } });
  return { eventId, delivery, retried: resultOf(retried) };
}

/** What a call that fails is answered, as its types have it. */
export async function publishNothing(
  baseUrl: string,
  key: string,
): Promise<components['schemas']['Problem'] | undefined> {
  const client = createClient<paths>({ baseUrl, headers: { Authorization: `Bearer ${key}` } });
  const { error } = await client.POST('/v1/events', { body: { event: 'no.such', data: {} } });
  return error;
}

interface Result<T> {
  readonly data?: T;
  readonly error?: components['schemas']['Problem'];
}

function resultOf<T>({ data, error }: Result<T>): T {
  if (data === undefined) throw new Error(error?.detail ?? 'an answer without a body');
  return data;
}
