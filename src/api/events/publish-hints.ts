import { Injectable } from '@nestjs/common';
import { EndpointStore } from '../../storage/endpoints/endpoint-store.ts';
import type { AcceptedEvent } from '../../storage/events/publisher.ts';
import { EventTypeCatalogue } from '../event-types/event-type-catalogue.ts';

/** How long a count of endpoints is good enough for a hint. */
const COUNT_BELIEVED_MS = 5_000;
const MAX_REMEMBERED = 10_000;

/** Says why an event that was accepted reaches nobody, so that a misspelt customer is noticed at once. */
@Injectable()
export class PublishHints {
  readonly #endpoints: EndpointStore;
  readonly #catalogue: EventTypeCatalogue;
  readonly #counts = new Map<string, { readonly until: number; readonly count: number }>();

  constructor(endpoints: EndpointStore, catalogue: EventTypeCatalogue) {
    this.#endpoints = endpoints;
    this.#catalogue = catalogue;
  }

  /** Undefined where it reaches somebody, or was accepted before. */
  async hintFor({ event, customerId, deliveries, replayed }: AcceptedEvent): Promise<string | undefined> {
    if (deliveries > 0 || replayed) return undefined;
    if (customerId === null) return `No endpoint of any customer subscribes to ${event}.`;
    const quoted = JSON.stringify(customerId);
    const count = await this.#countOf(customerId);
    if (count === 0)
      return `Customer ${quoted} has no endpoint: check the id, or create one by POST /v1/endpoints.`;
    const type = await this.#catalogue.find(event);
    const how = type?.optIn === true ? 'names it, and no wildcard includes it' : 'subscribes to it';
    return `Customer ${quoted} has endpoints (${count}), but none ${how}: ${event}.`;
  }

  async #countOf(customerId: string): Promise<number> {
    const known = this.#counts.get(customerId);
    if (known !== undefined && known.until > performance.now()) return known.count;
    const count = await this.#endpoints.countOf(customerId);
    if (this.#counts.size >= MAX_REMEMBERED) this.#counts.clear();
    this.#counts.set(customerId, { until: performance.now() + COUNT_BELIEVED_MS, count });
    return count;
  }
}
