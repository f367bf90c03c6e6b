import createClient, { type Client } from 'openapi-fetch';
import { inBatches } from './batches.ts';
import { type JsonText, stringify } from './json-text.ts';
import { type ItemOf, type ListOptions, type ListPath, listAll } from './lists.ts';
import { type CheckedFetch, createRetryingFetch, type RetryOptions } from './retrying-fetch.ts';
import type { components, paths } from './schema.ts';

type Schemas = components['schemas'];
type WithText<Event> = Omit<Event, 'data'> & { readonly data: Readonly<Record<string, unknown>> | JsonText };

/** An event to publish; `data` may be JSON that is sent as it is written. */
export type NewEvent = WithText<Schemas['NewEvent']>;
/** An event of a batch, with the key by which a repetition is known. */
export type NewBatchEvent = WithText<Schemas['NewBatchEvent']>;
/** What the API answers for an event that it has stored. */
export type AcceptedEvent = Schemas['AcceptedEvent'];

/** Where the API is, the key to show it, and how requests are repeated. */
export interface PosthornOptions extends RetryOptions {
  readonly url: string;
  readonly key: string;
  /** Sent with every request, before the key. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** A client of one Posthorn. Requests are repeated where that is safe, and refusals are thrown. */
export class Posthorn {
  /**
   * Every route of the API by its types. Answers have `data`; problems are thrown.
   * @throws PosthornProblem where the API refuses, PosthornUnreachable where nobody answers
   */
  readonly api: Client<paths>;
  readonly #always: CheckedFetch;

  constructor({ url, key, headers = {}, ...retries }: PosthornOptions) {
    this.#always = createRetryingFetch(retries, { always: true });
    this.api = createClient<paths>({
      baseUrl: url.replace(/\/+$/, ''),
      headers: { ...headers, Authorization: `Bearer ${key}` },
      fetch: createRetryingFetch(retries, { always: false }),
      bodySerializer: stringify,
    });
  }

  /**
   * Publishes an event: once it returns, the event is stored and nothing loses it. Tries are repeated under one key, so
   * that they make one event; give a key of your own (`job_7-completed`) where the whole call may be repeated.
   */
  async publish(
    event: NewEvent,
    { idempotencyKey = crypto.randomUUID() }: { readonly idempotencyKey?: string } = {},
  ): Promise<AcceptedEvent> {
    const { data } = await this.api.POST('/v1/events', {
      params: { header: { 'Idempotency-Key': idempotencyKey } },
      body: event as Schemas['NewEvent'],
    });
    return present(data);
  }

  /**
   * Publishes any number of events, in batches of up to 1,000 that are stored each as a whole, and answers in the order
   * of the events. If it throws, call it again with the same `idempotency_key`s: what is stored already is answered,
   * not stored twice.
   */
  async publishBatch(events: readonly NewBatchEvent[]): Promise<readonly AcceptedEvent[]> {
    const accepted: AcceptedEvent[] = [];
    const keyed = events.map((event) => ({
      ...event,
      idempotency_key: event.idempotency_key ?? crypto.randomUUID(),
    }));
    for (const batch of inBatches(keyed)) {
      const { data } = await this.api.POST('/v1/events/batch', {
        body: { events: batch as Schemas['NewBatchEvent'][] },
        fetch: this.#always,
      });
      accepted.push(...present(data).events.filter(isAccepted));
    }
    return accepted;
  }

  /** Every item of a list, newest first, page by page as they are asked for. */
  list<Path extends ListPath>(path: Path, options?: ListOptions<Path>): AsyncGenerator<ItemOf<Path>> {
    return listAll(this.api, path, options);
  }
}

function present<T>(data: T | undefined): T {
  if (data === undefined) throw new TypeError('the API answered without a body');
  return data;
}

/** Of a batch that is all or none, every item is. */
function isAccepted(item: object): item is AcceptedEvent {
  return 'id' in item;
}
