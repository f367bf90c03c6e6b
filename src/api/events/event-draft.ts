import { createHash } from 'node:crypto';
import type { ZodType } from 'zod';
import type { InputProblem } from '../../domain/errors.ts';
import { type EventType, isReservedEventType } from '../../domain/event-type.ts';
import { type SearchToken, searchTokensOf } from '../../domain/searchable.ts';
import { scopeOfCustomer } from '../../storage/events/event-uids.ts';
import type { NewEvent } from '../../storage/events/new-event.ts';
import type { CheckedData } from '../event-types/schema-checker.ts';
import { type Caller, foreignCustomer } from '../platform/access/caller.ts';
import { Problem } from '../platform/answers/problem.ts';
import { idempotencyKey } from '../platform/idempotency/idempotency-key.ts';
import { isPlainObject } from '../platform/input/json-object.ts';
import type { JsonText } from '../platform/input/json-text.ts';
import { newEvent } from './events.dto.ts';

const MAX_SCHEDULED_AHEAD_MS = 366 * 86_400_000;

/** Who publishes, when, in which trace, and under which idempotency key if that came as a header. */
export interface IntakeContext {
  readonly caller: Caller;
  readonly now: number;
  readonly traceParent: string | null;
  readonly idempotencyKey?: string | undefined;
}

/** What can be said of an event whose members are each right or wrong on their own; a wrong member is null here. */
export class EventDraft {
  readonly event: string | null;
  readonly #data: JsonText | null;
  readonly #deliverAt: Date | null;
  readonly #said: Said;
  /** Null is everybody, undefined is nobody. */
  readonly customerId: string | null | undefined;
  /** Why it is nobody's event, where it is. */
  readonly #addressing: InputProblem | null;
  readonly #key: string | null;
  readonly #now: number;
  readonly #traceParent: string | null;
  readonly #maxBytes: number;

  constructor(
    input: unknown,
    {
      caller,
      now,
      traceParent,
      idempotencyKey: headerKey,
      maxBytes,
    }: IntakeContext & { readonly maxBytes: number },
  ) {
    const members = isPlainObject(input) ? input : {};
    const { event, data, deliver_at, customer_id, broadcast } = newEvent.shape;
    this.event = read(event, members.event);
    this.#data = read(data, members.data);
    this.#deliverAt = read(deliver_at, members.deliver_at);
    const addressed = customerOf(caller, {
      customer: customer_id.safeParse(members.customer_id),
      isBroadcast: read(broadcast, members.broadcast) ?? false,
    });
    this.customerId = isProblem(addressed) ? undefined : addressed;
    this.#addressing = isProblem(addressed) ? addressed : null;
    this.#said = readSaid(members);
    this.#key = headerKey ?? read(idempotencyKey, members.idempotency_key);
    this.#now = now;
    this.#traceParent = traceParent;
    this.#maxBytes = maxBytes;
  }

  /** The data as far as it can be held to a schema; null where it is none, or too large. */
  get checkable(): CheckedData | null {
    return this.#data !== null && Buffer.byteLength(this.#data.text) <= this.#maxBytes ? this.#data : null;
  }

  /** Whether it is to be delivered later. */
  get isScheduled(): boolean {
    return this.#deliverAt !== null;
  }

  findProblems(type: EventType | null): readonly InputProblem[] {
    return [...this.#typeProblems(type), ...this.#customerProblems(type), ...this.#timeProblems()];
  }

  /** What it can be found by. */
  searchTokens(type: EventType | null): readonly SearchToken[] {
    return type === null || this.#data === null ? [] : searchTokensOf(this.#data.text, type.searchable);
  }

  toEvent(type: EventType | null, search: Required<Pick<NewEvent, 'searchKeys' | 'searchTokens'>>): NewEvent {
    if (this.event === null || this.#data === null || this.customerId === undefined) {
      throw new Error('this event has faults');
    }
    const { event, customerId } = this;
    const dataText = this.#data.text;
    return {
      event,
      customerId,
      dataText,
      optIn: type?.optIn ?? false,
      deliverAt: this.#deliverAt,
      ...this.#said,
      ...search,
      traceParent: this.#traceParent,
      idempotency: this.#key === null ? null : this.#use(this.#key, { event, customerId, dataText }),
    };
  }

  /** What a repetition must say too. */
  #use(
    key: string,
    { event, customerId, dataText }: Pick<NewEvent, 'event' | 'customerId' | 'dataText'>,
  ): NewEvent['idempotency'] {
    const { uid, occurredAt, metadata } = this.#said;
    const said = [uid, occurredAt?.toISOString() ?? null, metadata && Object.entries(metadata).sort()];
    const members = [event, customerId, dataText, this.#deliverAt?.toISOString() ?? null, ...said];
    const requestHash = createHash('sha256').update(JSON.stringify(members)).digest();
    return { scope: scopeOfCustomer(customerId), key, requestHash };
  }

  #typeProblems(type: EventType | null): readonly InputProblem[] {
    if (this.event !== null && isReservedEventType(this.event)) {
      const message = `${this.event} is reserved for Posthorn itself and cannot be published.`;
      return [{ pointer: '/event', code: 'reserved_event_type', message }];
    }
    if (this.event !== null && type === null) {
      const message = `There is no event type ${this.event}; register it, or see GET /v1/event-types.`;
      return [{ pointer: '/event', code: 'unknown_event_type', message }];
    }
    if (this.#data === null) return [];
    const bytes = Buffer.byteLength(this.#data.text);
    if (bytes <= this.#maxBytes) return [];
    const message = `The data has ${bytes} bytes; at most ${this.#maxBytes} are accepted.`;
    return [{ pointer: '/data', code: 'data_too_large', message }];
  }

  #customerProblems(type: EventType | null): readonly InputProblem[] {
    if (this.#addressing !== null) return [this.#addressing];
    if (this.customerId !== null || type === null || type.broadcast) return [];
    const message = `${type.name} is no broadcast type; name the customer it is for.`;
    return [{ pointer: '/broadcast', code: 'broadcast_not_allowed', message }];
  }

  #timeProblems(): readonly InputProblem[] {
    const at = this.#deliverAt?.getTime();
    if (at === undefined || (at > this.#now && at <= this.#now + MAX_SCHEDULED_AHEAD_MS)) return [];
    const pointer = '/deliver_at';
    return [
      at <= this.#now
        ? { pointer, code: 'deliver_at_past', message: 'deliver_at must lie in the future.' }
        : { pointer, code: 'deliver_at_too_far', message: 'deliver_at may lie at most a year ahead.' },
    ];
  }
}

/** What its producer says of an event beside its data; a wrong member is null here. */
type Said = Required<Pick<NewEvent, 'uid' | 'occurredAt' | 'metadata'>>;

function readSaid(members: Readonly<Record<string, unknown>>): Said {
  const { uid, occurred_at, metadata } = newEvent.shape;
  return {
    uid: read(uid, members.uid),
    occurredAt: read(occurred_at, members.occurred_at),
    metadata: read(metadata, members.metadata),
  };
}

/** A member by its schema; null where it is wrong or absent. What is absent is not judged: making errors is slow. */
function read<T>(schema: ZodType<T>, member: unknown): NonNullable<T> | null {
  return member === undefined ? null : (schema.safeParse(member).data ?? null);
}

/**
 * Whose event it is; null is everybody's. Reaching everybody has to be said: clients made from a schema send null for
 * what was forgotten. A customer of the wrong form is reported by the schema and counts as given here.
 * @throws Problem 403 for another customer's event, and for a customer who would reach all
 */
function customerOf(
  caller: Caller,
  { customer, isBroadcast }: { readonly customer: Asked; readonly isBroadcast: boolean },
): string | null | InputProblem {
  if (!customer.success) return '';
  const asked = customer.data ?? null;
  if (caller.kind === 'customer') {
    if (isBroadcast) throw onlyOperatorsBroadcast();
    if (asked === null || asked === caller.customerId) return caller.customerId;
    throw foreignCustomer(asked, { own: caller.customerId, askedIn: 'body' });
  }
  if (isBroadcast && asked !== null) {
    const message = 'A broadcast goes to every customer; leave customer_id out.';
    return { pointer: '/customer_id', code: 'broadcast_with_customer', message };
  }
  if (isBroadcast || asked !== null) return asked;
  const wanted = 'name the customer, or say "broadcast": true to reach every customer.';
  if (customer.data === null) {
    const message = `With the operator's key null reaches nobody: ${wanted}`;
    return { pointer: '/customer_id', code: 'broadcast_not_explicit', message };
  }
  const message = `With the operator's key customer_id is required: ${wanted}`;
  return { pointer: '/customer_id', code: 'required', message };
}

function onlyOperatorsBroadcast(): Problem {
  const message = "Only an operator's key may publish to every customer; leave broadcast out.";
  const errors: readonly InputProblem[] = [{ pointer: '/broadcast', code: 'broadcast_not_allowed', message }];
  return new Problem(403, 'broadcast_not_allowed', { detail: message, errors });
}

interface Asked {
  readonly success: boolean;
  readonly data?: string | null | undefined;
}

function isProblem(addressed: string | null | InputProblem): addressed is InputProblem {
  return typeof addressed === 'object' && addressed !== null;
}
