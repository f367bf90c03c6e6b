import { Injectable } from '@nestjs/common';
import { DomainError } from '../../domain/errors.ts';
import { type EventDetail, EventStore, type ListedEvent } from '../../storage/events/event-store.ts';
import type { NewEvent } from '../../storage/events/new-event.ts';
import { type AcceptedEvent, Publisher } from '../../storage/events/publisher.ts';
import type { Found } from '../../storage/postgres/bounded-look.ts';
import { Erasures } from '../../storage/upkeep/erasures.ts';
import { RunSignals } from '../deliveries/run-signals.ts';
import { EventFinder } from '../finding/event-finder.ts';
import { type Caller, customerScope, maySee } from '../platform/access/caller.ts';
import { describeError } from '../platform/answers/describe-error.ts';
import { type Page, Pager } from '../platform/answers/paging.ts';
import { invalidInput, notFound, Problem } from '../platform/answers/problem.ts';
import { IDEMPOTENCY_KEY, readIdempotencyKey } from '../platform/idempotency/idempotency-key.ts';
import { toInputProblems } from '../platform/input/input-problems.ts';
import type { IntakeContext } from './event-draft.ts';
import { EventIntake } from './event-intake.ts';
import { batchFrame, type EventQuery } from './events.dto.ts';

/** Who publishes, and in which trace. */
type Publishing = Pick<IntakeContext, 'caller' | 'traceParent'>;

/** Publishes, reads and cancels events on behalf of a caller. */
@Injectable()
export class EventsService {
  readonly #intake: EventIntake;
  readonly #publisher: Publisher;
  readonly #store: EventStore;
  readonly #pager: Pager;
  readonly #erasures: Erasures;
  readonly #signals: RunSignals;
  readonly #finder: EventFinder;

  constructor(
    intake: EventIntake,
    publisher: Publisher,
    store: EventStore,
    pager: Pager,
    erasures: Erasures,
    signals: RunSignals,
    finder: EventFinder,
  ) {
    this.#intake = intake;
    this.#publisher = publisher;
    this.#store = store;
    this.#pager = pager;
    this.#erasures = erasures;
    this.#signals = signals;
    this.#finder = finder;
  }

  /** @throws Problem 422, 403, 413; DomainError where the idempotency key is in use or was used otherwise */
  async publish(
    body: unknown,
    { keyHeader, ...from }: Publishing & { readonly keyHeader: string | undefined },
  ): Promise<AcceptedEvent> {
    const context = { ...from, now: Date.now(), idempotencyKey: readIdempotencyKey(keyHeader) };
    const event = await this.#intake.accept(body, context);
    return await this.#publisher.publish(event).catch((error: unknown) => {
      throw isOfKey(error) ? ofKeyHeader(error) : error;
    });
  }

  /** All or none, or with `partial` each for itself; answers in order. Throws as `publish` does. */
  async publishMany(body: unknown, from: Publishing): Promise<readonly (AcceptedEvent | Problem)[]> {
    const frame = batchFrame.safeParse(body);
    if (!frame.success) throw invalidInput(toInputProblems(frame.error.issues, body));
    const context = { ...from, now: Date.now() };
    return frame.data.partial === true
      ? await this.#publishEach(await this.#intake.acceptEach(frame.data.events, context))
      : await this.#publishAll(await this.#intake.acceptMany(frame.data.events, context));
  }

  async #publishAll(events: readonly NewEvent[]): Promise<readonly AcceptedEvent[]> {
    return await this.#publisher.publishMany(events).catch((error: unknown) => {
      throw pointedAt(pointersOf(events, error), error);
    });
  }

  /**
   * Those that can be published, in order, and what keeps each of the others from it.
   * @throws where nothing can be published now
   */
  async #publishEach(judged: readonly (NewEvent | Problem)[]): Promise<readonly (AcceptedEvent | Problem)[]> {
    const right = judged.filter((one): one is NewEvent => !(one instanceof Problem));
    const published = [...(await this.#publishWhatGoes(right))];
    const results = judged.map((one) => (one instanceof Problem ? one : (published.shift() ?? missing())));
    const first = results.find((result) => result instanceof Problem);
    const isNoneAccepted = results.every((result) => result instanceof Problem);
    if (isNoneAccepted && first instanceof Problem && first.status >= 500) throw first;
    return results;
  }

  /** Together where they go together, else half by half, which keeps their order. */
  async #publishWhatGoes(events: readonly NewEvent[]): Promise<readonly (AcceptedEvent | Problem)[]> {
    if (events.length === 0) return [];
    try {
      return await this.#publisher.publishMany(events);
    } catch (error) {
      const problem = describeError(error);
      if (problem.status === 500) throw error;
      if (events.length === 1 || problem.status > 500) return events.map(() => problem);
      const middle = Math.ceil(events.length / 2);
      const before = await this.#publishWhatGoes(events.slice(0, middle));
      return [...before, ...(await this.#publishWhatGoes(events.slice(middle)))];
    }
  }

  async list(
    query: EventQuery,
    caller: Caller,
  ): Promise<{ readonly page: Page; readonly found: Found<ListedEvent> }> {
    const { limit: _limit, cursor: _cursor, include, ...filters } = query;
    const { event, after, before, uid, idempotency_key: idempotencyKey } = filters;
    const customerId = customerScope(caller, query.customer_id);
    const page = this.#pager.open({ list: 'events', caller, filters: { ...filters, customerId } }, query);
    const { searchKeys } = await this.#finder.keysOf(query.data);
    const unreachedOf = query.reached === undefined ? undefined : (customerOf(caller) ?? null);
    const filter = { event, customerId, after, before, uid, idempotencyKey, searchKeys, unreachedOf };
    return { page, found: await this.#store.list(filter, page, { withData: include === 'data' }) };
  }

  /** @throws Problem 404, also for another customer's event */
  async read(id: string, caller: Caller): Promise<EventDetail> {
    const event = await this.#store.find(id, caller.kind === 'customer' ? caller.customerId : null);
    if (event === null || !maySee(caller, event.customerId)) throw notFound('event');
    return event;
  }

  /**
   * Erases for good what an event carried and what was answered to it, and cancels what waits of it; safe to repeat.
   * @throws Problem 404; DomainError `conflict` while it is being sent
   */
  async erase(id: string, caller: Caller): Promise<void> {
    await this.read(id, caller);
    const cancelled = await this.#erasures.eraseEvent(id);
    if (cancelled === null) {
      const message =
        'A delivery of this event is being sent at this moment; repeat the request when it is done.';
      throw new DomainError('conflict', 'attempt_in_progress', { message });
    }
    this.#signals.cancelAll(cancelled);
  }

  /**
   * Cancels a scheduled event and its deliveries; on a cancelled one changes nothing.
   * @throws DomainError `conflict` once its time has come
   */
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

function missing(): never {
  throw new Error('an event of a batch got no answer');
}

/** Whose endpoints a caller sees; all where undefined. */
function customerOf(caller: Caller): string | undefined {
  return caller.kind === 'customer' ? caller.customerId : undefined;
}

/** The keys of a batch that a refusal may mean: those which its message quotes. */
function pointersOf(events: readonly NewEvent[], error: unknown): readonly string[] {
  const message = error instanceof Error ? error.message : '';
  return events.flatMap(({ idempotency }, index) =>
    idempotency !== null && message.includes(JSON.stringify(idempotency.key))
      ? [`/events/${index}/idempotency_key`]
      : [],
  );
}

/** Whether storage refused an idempotency key, not knowing where it stood. */
function isOfKey(error: unknown): error is DomainError {
  return error instanceof DomainError && error.kind === 'invalid' && error.problems.length === 0;
}

function ofKeyHeader({ code, message, cause }: DomainError): Problem {
  const errors = [{ parameter: IDEMPOTENCY_KEY, code, message }];
  return new Problem(422, code, { detail: message, errors, cause });
}

/** Adds pointers to such a refusal. */
function pointedAt(pointers: readonly string[], error: unknown): unknown {
  if (!isOfKey(error)) return error;
  const { code, message } = error;
  const problems = pointers.map((pointer) => ({ pointer, code, message }));
  return new DomainError('invalid', code, { message, problems, cause: error });
}
