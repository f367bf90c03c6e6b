import { Inject, Injectable } from '@nestjs/common';
import type { Config } from '../../config.ts';
import { DomainError } from '../../domain/errors.ts';
import {
  BUILT_IN_EVENT_TYPES,
  type EventType,
  isEventTypeName,
  isReservedEventType,
} from '../../domain/event-type.ts';
import { isOperationalEvent } from '../../domain/operational-event.ts';
import type { ProblemCode } from '../../domain/problems/problem-code.ts';
import { type CustomEventType, EventTypeStore } from '../../storage/events/event-type-store.ts';
import { CONFIG } from '../dependencies.ts';
import { invalidMember, notFound } from '../platform/answers/problem.ts';
import { limitReached } from '../platform/limits/limit-reached.ts';
import { OneAtATime } from '../platform/limits/one-at-a-time.ts';
import { EventTypeCatalogue } from './event-type-catalogue.ts';
import type { EventTypeChange, NewEventType } from './event-types.dto.ts';
import { SchemaChecker } from './schema-checker.ts';

/** Changes the catalogue: registers, changes and deletes types of the operator's own. */
@Injectable()
export class EventTypesService {
  readonly #store: EventTypeStore;
  readonly #catalogue: EventTypeCatalogue;
  readonly #checker: SchemaChecker;
  readonly #maxTypes: number;
  readonly #registering = new OneAtATime();

  constructor(
    store: EventTypeStore,
    catalogue: EventTypeCatalogue,
    checker: SchemaChecker,
    @Inject(CONFIG) config: Config,
  ) {
    this.#store = store;
    this.#catalogue = catalogue;
    this.#checker = checker;
    this.#maxTypes = config.limits.maxEventTypes;
  }

  /** @throws Problem 404 */
  async read(name: string): Promise<EventType> {
    const type = await this.#catalogue.find(name);
    if (type === null) throw notFound('event type');
    return type;
  }

  /**
   * @throws DomainError `conflict` where the name is taken; Problem 422 for reserved names, unusable schemas and too
   * many types
   */
  async register(input: NewEventType): Promise<EventType> {
    if (isReservedEventType(input.name)) {
      throw invalidMember('/name', 'reserved_event_type', `${input.name} is reserved for Posthorn itself.`);
    }
    await this.#requireUsable(input.schema);
    return await this.#registering.run('', async () => {
      const created = await this.#insert(input);
      this.#catalogue.forget();
      if (created !== null) return { ...created, builtIn: false };
      throw conflict('event_type_exists', `There is an event type ${input.name} already.`);
    });
  }

  /** Null where the name is taken. */
  async #insert(input: NewEventType): Promise<CustomEventType | null> {
    const { name, description, schema, broadcast, opt_in: optIn, searchable = [], sensitive = [] } = input;
    if (BUILT_IN_EVENT_TYPES.some((type) => type.name === name)) return null;
    const isFull = (await this.#store.count()) >= this.#maxTypes;
    if (isFull && (await this.#catalogue.find(name)) === null)
      throw limitReached('event_type', this.#maxTypes);
    return await this.#store.insert({ name, description, schema, broadcast, optIn, searchable, sensitive });
  }

  /** @throws DomainError `conflict` for a built-in type; Problem 404, or 422 for an unusable schema */
  async change(name: string, change: EventTypeChange): Promise<EventType> {
    requireChangeable(name, 'changed');
    await this.#requireUsable(change.schema ?? null);
    const changed = await this.#store.update(name, change);
    this.#catalogue.forget();
    if (changed === null) throw notFound('event type');
    return { ...changed, builtIn: false };
  }

  /** @throws DomainError `conflict` for a built-in type and while an endpoint names it; Problem 404 */
  async delete(name: string): Promise<void> {
    requireChangeable(name, 'deleted');
    const result = await this.#store.deleteUnused(name);
    this.#catalogue.forget();
    if (result === 'missing') throw notFound('event type');
    if (result === 'in_use') {
      throw conflict(
        'event_type_in_use',
        `An endpoint names ${name} in its events; take it out there first.`,
      );
    }
  }

  async #requireUsable(schema: EventType['schema']): Promise<void> {
    const fault = schema === null ? null : await this.#checker.findFault(schema);
    if (fault !== null) throw invalidMember('/schema', 'invalid_schema', fault);
  }
}

function requireChangeable(name: string, what: string): void {
  if (!isEventTypeName(name)) throw notFound('event type');
  const isFixed = isOperationalEvent(name) || BUILT_IN_EVENT_TYPES.some((type) => type.name === name);
  if (!isFixed) return;
  throw conflict('event_type_built_in', `${name} is built in and cannot be ${what}.`);
}

function conflict(code: ProblemCode, message: string): DomainError {
  return new DomainError('conflict', code, { message });
}
