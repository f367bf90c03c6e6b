import { Injectable } from '@nestjs/common';
import { BUILT_IN_EVENT_TYPES, type EventType } from '../../domain/event-type.ts';
import { OPERATIONAL_EVENT_TYPES } from '../../domain/operational-event.ts';
import {
  type CustomEventType,
  EventTypeStore,
  type TypeRules,
} from '../../storage/events/event-type-store.ts';

/** For how long a reading may be used: changes made through another replica show within this time. */
const FRESH_FOR_MS = 1_000;

/** Those that every installation has. */
const FIXED_TYPES: readonly EventType[] = [...BUILT_IN_EVENT_TYPES, ...OPERATIONAL_EVENT_TYPES];

/** Of a type that is gone and of which nothing is kept. */
const NO_RULES: TypeRules = { optIn: false, searchable: [], sensitive: [] };

interface Reading {
  readonly types: ReadonlyMap<string, EventType>;
  readonly readAt: number;
}

/**
 * All event types: built-in, operational and registered. Kept in memory for a second; a name not found is looked up
 * again at once.
 */
@Injectable()
export class EventTypeCatalogue {
  readonly #store: EventTypeStore;
  #reading: Reading = { types: new Map(), readAt: Number.NEGATIVE_INFINITY };
  #underWay: Promise<Reading> | null = null;
  #changes = 0;

  constructor(store: EventTypeStore) {
    this.#store = store;
  }

  /** The type of this name; null where there is none. */
  async find(name: string): Promise<EventType | null> {
    const fixed = FIXED_TYPES.find((type) => type.name === name);
    if (fixed !== undefined) return fixed;
    const isFresh = performance.now() - this.#reading.readAt < FRESH_FOR_MS;
    const known = isFresh ? this.#reading.types.get(name) : undefined;
    return known ?? (await this.#read()).types.get(name) ?? null;
  }

  /** What of the type of an event decided which endpoints get it, as it was when the event was accepted. */
  async rulesOf({
    event,
    createdAt,
  }: {
    readonly event: string;
    readonly createdAt: Date;
  }): Promise<TypeRules> {
    const fixed = FIXED_TYPES.find((type) => type.name === event);
    return fixed ?? (await this.#store.rulesAt(event, createdAt)) ?? (await this.find(event)) ?? NO_RULES;
  }

  /** Members whose values are shown to nobody; those of a type that is gone stay hidden. */
  async sensitiveOf(name: string): Promise<readonly string[]> {
    const type = (await this.find(name)) ?? (await this.#store.rulesAt(name, new Date()));
    return type?.sensitive ?? [];
  }

  async isKnown(name: string): Promise<boolean> {
    return (await this.find(name)) !== null;
  }

  /** Every type, by name. */
  async list(): Promise<readonly EventType[]> {
    const { types } = await this.#read();
    return [...types.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  /** Every member of `data` that events of some type are found by. */
  async searchable(): Promise<ReadonlySet<string>> {
    return new Set((await this.list()).flatMap((type) => type.searchable));
  }

  async names(): Promise<readonly string[]> {
    return (await this.list()).map((type) => type.name);
  }

  /** To be called after a change made here, so that the next question sees it. */
  forget(): void {
    this.#reading = { types: this.#reading.types, readAt: Number.NEGATIVE_INFINITY };
    this.#underWay = null;
    this.#changes += 1;
  }

  async #read(): Promise<Reading> {
    this.#underWay ??= this.#readStore();
    const reading = this.#underWay;
    try {
      return await reading;
    } finally {
      if (this.#underWay === reading) this.#underWay = null;
    }
  }

  async #readStore(): Promise<Reading> {
    const readAt = performance.now();
    const changes = this.#changes;
    const custom = (await this.#store.list()).map((row) => this.#keepUnchanged(toEventType(row)));
    const types = [...FIXED_TYPES, ...custom].map((type) => [type.name, type] as const);
    const reading = { types: new Map(types), readAt };
    // What was read before a change must not outlive it.
    if (changes === this.#changes) this.#reading = reading;
    return reading;
  }

  /** An unchanged type stays the same object, by which its compiled schema is found. */
  #keepUnchanged(type: EventType): EventType {
    const earlier = this.#reading.types.get(type.name);
    return JSON.stringify(earlier) === JSON.stringify(type) && earlier !== undefined ? earlier : type;
  }
}

function toEventType({ createdAt: _, ...type }: CustomEventType): EventType {
  return { ...type, builtIn: false };
}
