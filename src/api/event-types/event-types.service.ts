import { Injectable } from '@nestjs/common';
import { DomainError } from '../../domain/errors.ts';
import {
  BUILT_IN_EVENT_TYPES,
  type EventType,
  isEventTypeName,
  isReservedEventType,
} from '../../domain/event-type.ts';
import { isOperationalEvent } from '../../domain/operational-event.ts';
import type { ProblemCode } from '../../domain/problems/problem-code.ts';
import { EventTypeStore } from '../../storage/events/event-type-store.ts';
import { invalidMember, notFound } from '../platform/answers/problem.ts';
import { findSchemaFault } from './data-schema.ts';
import { EventTypeCatalogue } from './event-type-catalogue.ts';
import type { EventTypeChange, NewEventType } from './event-types.dto.ts';

/** Changes the catalogue: registers, changes and deletes types of the operator's own. */
@Injectable()
export class EventTypesService {
  readonly #store: EventTypeStore;
  readonly #catalogue: EventTypeCatalogue;

  constructor(store: EventTypeStore, catalogue: EventTypeCatalogue) {
    this.#store = store;
    this.#catalogue = catalogue;
  }

  /** @throws Problem 404 */
  async read(name: string): Promise<EventType> {
    const type = await this.#catalogue.find(name);
    if (type === null) throw notFound('event type');
    return type;
  }

  /** @throws DomainError `conflict` where the name is taken; Problem 422 for reserved names and unusable schemas */
  async register(input: NewEventType): Promise<EventType> {
    if (isReservedEventType(input.name)) {
      throw invalidMember('/name', 'reserved_event_type', `${input.name} is reserved for Posthorn itself.`);
    }
    requireUsableSchema(input.schema);
    const { name, description, schema, broadcast, opt_in: optIn } = input;
    const isTaken = BUILT_IN_EVENT_TYPES.some((type) => type.name === name);
    const created = isTaken
      ? null
      : await this.#store.insert({ name, description, schema, broadcast, optIn });
    this.#catalogue.forget();
    if (created !== null) return { ...created, builtIn: false };
    throw conflict('event_type_exists', `There is an event type ${name} already.`);
  }

  /** @throws DomainError `conflict` for a built-in type; Problem 404, or 422 for an unusable schema */
  async change(name: string, change: EventTypeChange): Promise<EventType> {
    requireChangeable(name, 'changed');
    requireUsableSchema(change.schema ?? null);
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
}

function requireUsableSchema(schema: EventType['schema']): void {
  const fault = schema === null ? null : findSchemaFault(schema);
  if (fault !== null) throw invalidMember('/schema', 'invalid_schema', fault);
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
