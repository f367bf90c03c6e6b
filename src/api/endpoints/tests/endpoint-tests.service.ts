import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { Config } from '../../../config.ts';
import type { Endpoint } from '../../../domain/endpoint.ts';
import { parseFilterEntry } from '../../../domain/event-filter.ts';
import { type EventType, isReservedEventType } from '../../../domain/event-type.ts';
import { UNVERIFIED } from '../../../domain/ownership.ts';
import { Publisher } from '../../../storage/events/publisher.ts';
import { AttemptStore } from '../../../storage/history/attempt-store.ts';
import { DeliveryStore } from '../../../storage/history/delivery-store.ts';
import type { Database } from '../../../storage/postgres/database.ts';
import { showAttempt } from '../../deliveries/attempt-view.ts';
import { CONFIG, DATABASE } from '../../dependencies.ts';
import { EventTypeCatalogue } from '../../event-types/event-type-catalogue.ts';
import { CheckTime, SchemaChecker } from '../../event-types/schema-checker.ts';
import type { Caller } from '../../platform/access/caller.ts';
import { invalidInput, invalidMember, Problem } from '../../platform/answers/problem.ts';
import type { JsonText } from '../../platform/input/json-text.ts';
import { unverified } from '../ownership/unverified.ts';
import type { EndpointTestAnswer, EndpointTestBody } from './endpoint-test.dto.ts';
import { sampleDataFor } from './sample-data.ts';

const DEFAULT_EVENT = 'job.completed';
const FIRST_LOOK_MS = 15;
const LONGEST_LOOK_MS = 500;

/** Sends a test event to one endpoint through the real machinery, and waits for what comes of it. */
@Injectable()
export class EndpointTestsService {
  readonly #publisher: Publisher;
  readonly #catalogue: EventTypeCatalogue;
  readonly #deliveries: DeliveryStore;
  readonly #attempts: AttemptStore;
  readonly #checker: SchemaChecker;
  readonly #maxBytes: number;
  readonly #marginMs: number;
  readonly #underWay: UnderWay;
  #isStopping = false;

  constructor(
    publisher: Publisher,
    catalogue: EventTypeCatalogue,
    deliveries: DeliveryStore,
    attempts: AttemptStore,
    checker: SchemaChecker,
    @Inject(CONFIG) config: Config,
    @Inject(DATABASE) database: Database,
  ) {
    this.#publisher = publisher;
    this.#catalogue = catalogue;
    this.#deliveries = deliveries;
    this.#attempts = attempts;
    this.#checker = checker;
    this.#maxBytes = config.limits.maxEventBytes;
    this.#marginMs = database.timing.testWaitMs;
    this.#underWay = new UnderWay(config.limits.maxTestsPerCustomer);
  }

  /** Nobody waits on while the API is being stopped. */
  onModuleDestroy(): void {
    this.#isStopping = true;
  }

  /**
   * The delivery and its attempt; `attempt` is null where none was recorded within the endpoint's timeout and ten
   * seconds.
   * @throws Problem 422 for an unknown event type or data that its schema refuses, 413 for data that is too large, 409
   * for an endpoint that is unverified, 429 while its customer has too many tests under way
   */
  async run(
    endpoint: Endpoint,
    test: { readonly body: EndpointTestBody; readonly caller: Caller },
  ): Promise<EndpointTestAnswer> {
    if (endpoint.disabledReason === UNVERIFIED) throw unverified(endpoint.id);
    const done = this.#underWay.begin(endpoint.customerId);
    try {
      return await this.#send(endpoint, test);
    } finally {
      done();
    }
  }

  async #send(
    endpoint: Endpoint,
    { body, caller }: { readonly body: EndpointTestBody; readonly caller: Caller },
  ): Promise<EndpointTestAnswer> {
    const type = await this.#typeOf(body?.event ?? (await this.#firstEventOf(endpoint)), endpoint);
    const dataText = await this.#checkedData(type, { given: body?.data, owner: endpoint.customerId });
    const { testDeliveryId } = await this.#publisher.publish({
      event: type.name,
      customerId: endpoint.customerId,
      dataText,
      optIn: type.optIn,
      deliverAt: null,
      idempotency: null,
      test: { endpointId: endpoint.id },
    });
    if (testDeliveryId === undefined) throw new Error('a test event has no delivery');
    return this.await(testDeliveryId, { caller, endpoint });
  }

  async #firstEventOf({ events }: Endpoint): Promise<string> {
    const named = events.find((entry) => parseFilterEntry(entry)?.kind === 'name');
    if (named !== undefined) return named;
    const prefixes = events.flatMap((entry) => {
      const parsed = parseFilterEntry(entry);
      return parsed?.kind === 'prefix' ? [parsed.prefix] : [];
    });
    if (events.includes('*') || prefixes.some((prefix) => DEFAULT_EVENT.startsWith(prefix))) {
      return DEFAULT_EVENT;
    }
    const names = await this.#catalogue.names();
    return names.find((name) => prefixes.some((prefix) => name.startsWith(prefix))) ?? DEFAULT_EVENT;
  }

  async #typeOf(event: string, { customerId }: Endpoint): Promise<EventType> {
    if (customerId !== null && isReservedEventType(event)) {
      const message = `${event} is for endpoints of the operator (customer_id null) only.`;
      throw invalidMember('/event', 'reserved_event_type', message);
    }
    const type = await this.#catalogue.find(event);
    if (type !== null) return type;
    const message = `There is no event type ${JSON.stringify(event)}; see GET /v1/event-types.`;
    throw invalidMember('/event', 'unknown_event_type', message);
  }

  /** Waits for the first attempt of such a delivery; `attempt` is null where none was recorded in time. */
  async await(
    id: string,
    { caller, endpoint }: { readonly caller: Caller; readonly endpoint: Endpoint },
  ): Promise<EndpointTestAnswer> {
    const giveUpAt = performance.now() + endpoint.timeoutMs + this.#marginMs;
    let lookMs = FIRST_LOOK_MS;
    for (;;) {
      const [attempt] = await this.#attempts.listOf(id, { fetchLimit: 1 });
      const isLate = this.#isStopping || performance.now() >= giveUpAt;
      if (attempt !== undefined || isLate) {
        const delivery = await this.#deliveries.read(id);
        if (delivery === null) throw new Error(`the test delivery ${id} is gone`);
        const shown = attempt === undefined ? null : showAttempt(attempt, { delivery, caller });
        return { delivery_id: id, status: delivery.status, attempt: shown };
      }
      await delay(lookMs);
      lookMs = Math.min(LONGEST_LOOK_MS, lookMs * 1.5);
    }
  }

  async #checkedData(
    type: EventType,
    { given, owner }: { readonly given: JsonText | undefined; readonly owner: string | null },
  ): Promise<string> {
    const text = given?.text ?? JSON.stringify(sampleDataFor(type.name));
    if (Buffer.byteLength(text) > this.#maxBytes) {
      const detail = `The data has more than ${this.#maxBytes} bytes.`;
      throw new Problem(413, 'data_too_large', { detail });
    }
    if (given === undefined) return text;
    const options = { owner: owner ?? 'operator', time: new CheckTime() };
    const problems = await this.#checker.findProblems(type, given, options);
    if (problems.length === 0) return text;
    throw invalidInput(problems.map((problem) => ({ ...problem, pointer: `/data${problem.pointer}` })));
  }
}

/** The tests under way by customer; each costs a run, a send and a look at the database every half second. */
class UnderWay {
  readonly #max: number;
  readonly #count = new Map<string | null, number>();

  constructor(max: number) {
    this.#max = max;
  }

  /** Counts one until the function it returns is called. @throws Problem 429 where there are too many */
  begin(customerId: string | null): () => void {
    const count = this.#count.get(customerId) ?? 0;
    if (count >= this.#max) throw tooManyTests(this.#max);
    this.#count.set(customerId, count + 1);
    return () => {
      const left = (this.#count.get(customerId) ?? 1) - 1;
      if (left > 0) this.#count.set(customerId, left);
      else this.#count.delete(customerId);
    };
  }
}

function tooManyTests(max: number): Problem {
  const detail = `This customer has ${max} tests of endpoints under way, and no more may be; wait for an answer.`;
  return new Problem(429, 'test_limit_reached', { detail, headers: { 'Retry-After': '1' } });
}
