import { Inject, Injectable } from '@nestjs/common';
import type { Config } from '../../config.ts';
import type { InputProblem } from '../../domain/errors.ts';
import { EventStore } from '../../storage/events/event-store.ts';
import { CONFIG } from '../dependencies.ts';

/** A count is believed for so long, so that scheduling costs no count an event. */
const BELIEVED_MS = 5_000;
const MOST_REMEMBERED = 10_000;

interface Figure {
  readonly at: number;
  /** What Postgres counted, and what was let through here since. */
  count: number;
}

/** How many events each customer has scheduled, by figures that are five seconds old at most. */
@Injectable()
export class ScheduledQuota {
  readonly #store: EventStore;
  readonly #max: number;
  readonly #figures = new Map<string | null, Promise<Figure>>();

  constructor(store: EventStore, @Inject(CONFIG) config: Config) {
    this.#store = store;
    this.#max = config.limits.maxScheduledPerCustomer;
  }

  /** Why one more event may not be scheduled for this customer (null: everybody); it counts where it may. */
  async findProblems(customerId: string | null): Promise<readonly InputProblem[]> {
    const figure = await this.#figureOf(customerId);
    if (figure.count < this.#max) {
      figure.count += 1;
      return [];
    }
    const message =
      `This customer has ${this.#max} scheduled events, and no more may be; cancel some, or have ` +
      `the operator raise the limit.`;
    return [{ pointer: '/deliver_at', code: 'scheduled_limit_reached', message }];
  }

  async #figureOf(customerId: string | null): Promise<Figure> {
    const known = this.#figures.get(customerId);
    if (known !== undefined) {
      const figure = await known;
      if (performance.now() - figure.at < BELIEVED_MS) return figure;
      if (this.#figures.get(customerId) !== known) return await this.#figureOf(customerId);
    }
    if (this.#figures.size >= MOST_REMEMBERED) this.#figures.clear();
    const fresh = this.#count(customerId);
    this.#figures.set(customerId, fresh);
    fresh.catch(() => this.#figures.delete(customerId));
    return await fresh;
  }

  async #count(customerId: string | null): Promise<Figure> {
    return { at: performance.now(), count: await this.#store.countScheduled(customerId, this.#max) };
  }
}
