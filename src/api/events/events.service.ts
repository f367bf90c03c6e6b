import { Injectable } from '@nestjs/common';
import { DomainError } from '../../domain/errors.ts';
import { type EventDetail, EventStore, type EventSummary } from '../../storage/event-store.ts';
import { type AcceptedEvent, Publisher } from '../../storage/publisher.ts';
import { type Caller, customerScope, maySee } from '../platform/caller.ts';
import { toInputProblems } from '../platform/input-problems.ts';
import { type Page, Pager } from '../platform/paging.ts';
import { invalidInput, notFound } from '../platform/problem.ts';
import { EventIntake } from './event-intake.ts';
import { batchFrame, type EventQuery, idempotencyKey } from './events.dto.ts';

/** Publishes, reads and cancels events on behalf of a caller. */
@Injectable()
export class EventsService {
  readonly #intake: EventIntake;
  readonly #publisher: Publisher;
  readonly #store: EventStore;
  readonly #pager: Pager;

  constructor(intake: EventIntake, publisher: Publisher, store: EventStore, pager: Pager) {
    this.#intake = intake;
    this.#publisher = publisher;
    this.#store = store;
    this.#pager = pager;
  }

  /** @throws Problem 422, 403, 413; DomainError where the idempotency key is in use or was used otherwise */
  async publish(body: unknown, caller: Caller, keyHeader: string | undefined): Promise<AcceptedEvent> {
    if (keyHeader !== undefined) requireIdempotencyKey(keyHeader);
    const context = { caller, now: Date.now(), idempotencyKey: keyHeader };
    return await this.#publisher.publish(await this.#intake.accept(body, context));
  }

  /** All or none, answers in order. Throws as `publish` does. */
  async publishMany(body: unknown, caller: Caller): Promise<readonly AcceptedEvent[]> {
    const frame = batchFrame.safeParse(body);
    if (!frame.success) throw invalidInput(toInputProblems(frame.error.issues, body));
    const events = await this.#intake.acceptMany(frame.data.events, { caller, now: Date.now() });
    return await this.#publisher.publishMany(events);
  }

  async list(
    query: EventQuery,
    caller: Caller,
  ): Promise<{ readonly page: Page; readonly rows: readonly EventSummary[] }> {
    const { event, after, before } = query;
    const filters = { event, customerId: customerScope(caller, query.customer_id), after, before };
    const page = this.#pager.open({ list: 'events', caller, filters }, query);
    return { page, rows: await this.#store.list(filters, page) };
  }

  /** @throws Problem 404, also for another customer's event */
  async read(id: string, caller: Caller): Promise<EventDetail> {
    const event = await this.#store.find(id, caller.kind === 'customer' ? caller.customerId : null);
    if (event === null || !maySee(caller, event.customerId)) throw notFound('event');
    return event;
  }

  /** Cancels a scheduled event and its deliveries; on a cancelled one changes nothing. @throws DomainError `conflict` once its time has come */
  async cancel(id: string, caller: Caller): Promise<EventDetail> {
    const event = await this.read(id, caller);
    if (event.cancelledAt === null && !(await this.#store.cancelScheduled(id))) {
      const message =
        event.deliverAt === null
          ? 'Only a scheduled event can be cancelled, and this one was due at once.'
          : 'The time of this event has come; cancel its deliveries one by one instead.';
      throw new DomainError('conflict', 'event_not_scheduled', { message });
    }
    return await this.read(id, caller);
  }
}

function requireIdempotencyKey(key: string): void {
  const parsed = idempotencyKey.safeParse(key);
  if (parsed.success) return;
  throw invalidInput(
    toInputProblems(parsed.error.issues, key).map((problem) => ({ ...problem, pointer: '/idempotency_key' })),
  );
}
