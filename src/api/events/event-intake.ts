import { Inject, Injectable } from '@nestjs/common';
import type { Config } from '../../config.ts';
import type { InputProblem } from '../../domain/errors.ts';
import { type EventType, isReservedEventType } from '../../domain/event-type.ts';
import { Pace } from '../../loop-turns.ts';
import { EventStore } from '../../storage/events/event-store.ts';
import type { NewEvent } from '../../storage/events/new-event.ts';
import { SearchKeys } from '../../storage/history/search-keys.ts';
import { CONFIG } from '../dependencies.ts';
import { EventTypeCatalogue } from '../event-types/event-type-catalogue.ts';
import { CheckTime, SchemaChecker } from '../event-types/schema-checker.ts';
import { KnownCustomers } from '../platform/access/known-customers.ts';
import { invalidInput, MAX_PROBLEMS, Problem } from '../platform/answers/problem.ts';
import { toInputProblems } from '../platform/input/input-problems.ts';
import { isPlainObject } from '../platform/input/json-object.ts';
import { EventDraft, type IntakeContext } from './event-draft.ts';
import { newBatchEvent, newEvent } from './events.dto.ts';
import { ScheduledQuota } from './scheduled-quota.ts';

/** Checks events as producers hand them in and makes them ready to publish; finds everything that is wrong at once. */
@Injectable()
export class EventIntake {
  readonly #catalogue: EventTypeCatalogue;
  readonly #checker: SchemaChecker;
  readonly #store: EventStore;
  readonly #scheduled: ScheduledQuota;
  readonly #customers: KnownCustomers;
  readonly #searchKeys: SearchKeys;
  readonly #maxBytes: number;

  constructor(
    catalogue: EventTypeCatalogue,
    checker: SchemaChecker,
    store: EventStore,
    scheduled: ScheduledQuota,
    customers: KnownCustomers,
    searchKeys: SearchKeys,
    @Inject(CONFIG) config: Config,
  ) {
    this.#catalogue = catalogue;
    this.#checker = checker;
    this.#store = store;
    this.#scheduled = scheduled;
    this.#customers = customers;
    this.#searchKeys = searchKeys;
    this.#maxBytes = config.limits.maxEventBytes;
  }

  /** @throws Problem 422, 403 for another customer's event, 413 for too much data */
  async accept(input: unknown, context: IntakeContext): Promise<NewEvent> {
    const judged = await this.#judge(input, newEvent, { ...context, time: new CheckTime() });
    requireNone(judged.problems);
    return judged.toEvent();
  }

  /** All or none; pointers lead into `/events/<index>`. Throws as `accept` does. */
  async acceptMany(inputs: readonly unknown[], context: IntakeContext): Promise<readonly NewEvent[]> {
    const judged: Judged[] = [];
    const problems: InputProblem[] = [];
    const [pace, time] = [new Pace(), new CheckTime()];
    for (const [index, input] of inputs.entries()) {
      await pace.rest();
      const one = await this.#judge(input, newBatchEvent, { ...context, time });
      judged.push(one);
      problems.push(...below(`/events/${index}`, one.problems));
      if (problems.length >= MAX_PROBLEMS) break;
    }
    requireNone(problems);
    const events: NewEvent[] = [];
    for (const one of judged) {
      await pace.rest();
      events.push(one.toEvent());
    }
    return events;
  }

  /** Each for itself, in order: the event, or why it is refused; pointers lead into `/events/<index>`. */
  async acceptEach(
    inputs: readonly unknown[],
    context: IntakeContext,
  ): Promise<readonly (NewEvent | Problem)[]> {
    const results: (NewEvent | Problem)[] = [];
    const [pace, time] = [new Pace(), new CheckTime()];
    for (const [index, input] of inputs.entries()) {
      await pace.rest();
      results.push(await this.#acceptItem(input, { ...context, time, index }));
    }
    return results;
  }

  async #acceptItem(
    input: unknown,
    { index, ...context }: IntakeContext & { readonly time: CheckTime; readonly index: number },
  ): Promise<NewEvent | Problem> {
    try {
      const judged = await this.#judge(input, newBatchEvent, context);
      return refusalOf(below(`/events/${index}`, judged.problems)) ?? judged.toEvent();
    } catch (error) {
      if (error instanceof Problem) return error;
      throw error;
    }
  }

  async #judge(
    input: unknown,
    schema: typeof newEvent,
    context: IntakeContext & { readonly time: CheckTime },
  ): Promise<Judged> {
    const parsed = schema.safeParse(input);
    const draft = new EventDraft(input, { ...context, maxBytes: this.#maxBytes });
    const type = draft.event === null ? null : await this.#catalogue.find(draft.event);
    const searchTokens = draft.searchTokens(type);
    const searchKeys = await this.#searchKeys.keysOf(searchTokens);
    const toEvent = () => draft.toEvent(type, { searchKeys, searchTokens });
    const problems: InputProblem[] = [
      ...(parsed.success ? [] : toInputProblems(parsed.error.issues, input)),
      ...(isPlainObject(input) ? draft.findProblems(type) : []),
      ...(await this.#customers.problemsOf(draft.customerId)),
      ...(await this.#findSchemaProblems(draft, { type, time: context.time })),
    ];
    if (problems.length === 0 && draft.isScheduled) {
      problems.push(...(await this.#scheduled.findProblems(draft.customerId ?? null)));
    }
    const isLate = problems.length === 1 && problems[0]?.code === 'deliver_at_past';
    if (isLate && (await this.#isRepeat(toEvent()))) return { problems: [], toEvent };
    return { problems, toEvent };
  }

  async #findSchemaProblems(
    draft: EventDraft,
    { type, time }: { readonly type: EventType | null; readonly time: CheckTime },
  ): Promise<readonly InputProblem[]> {
    if (type === null || isReservedEventType(type.name) || draft.checkable === null) return [];
    const options = { owner: draft.customerId ?? 'operator', time };
    return below('/data', await this.#checker.findProblems(type, draft.checkable, options));
  }

  /** A repeated request is answered as the first was, although the time it asked for has come meanwhile. */
  async #isRepeat({ idempotency }: NewEvent): Promise<boolean> {
    return idempotency !== null && (await this.#store.wasAccepted(idempotency));
  }
}

interface Judged {
  readonly problems: readonly InputProblem[];
  /** To be called only where there are no problems but lateness. */
  readonly toEvent: () => NewEvent;
}

function below(prefix: string, problems: readonly InputProblem[]): readonly InputProblem[] {
  return problems.map((problem) => ({ ...problem, pointer: prefix + problem.pointer }));
}

function requireNone(problems: readonly InputProblem[]): void {
  const refusal = refusalOf(problems);
  if (refusal !== null) throw refusal;
}

function refusalOf(problems: readonly InputProblem[]): Problem | null {
  const tooLarge = problems.find((problem) => problem.code === 'data_too_large');
  if (tooLarge !== undefined) {
    return new Problem(413, 'data_too_large', { detail: tooLarge.message, errors: problems });
  }
  return problems.length === 0 ? null : invalidInput(problems);
}
