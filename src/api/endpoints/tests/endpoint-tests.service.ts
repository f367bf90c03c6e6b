import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { Endpoint } from '../../../domain/endpoint.ts';
import { parseFilterEntry } from '../../../domain/event-filter.ts';
import { type EventType, isReservedEventType } from '../../../domain/event-type.ts';
import { UNVERIFIED } from '../../../domain/ownership.ts';
import { Publisher } from '../../../storage/events/publisher.ts';
import { AttemptStore } from '../../../storage/history/attempt-store.ts';
import { DeliveryStore } from '../../../storage/history/delivery-store.ts';
import { showAttempt } from '../../deliveries/attempt-view.ts';
import { findSchemaProblems } from '../../event-types/data-schema.ts';
import { EventTypeCatalogue } from '../../event-types/event-type-catalogue.ts';
import type { Caller } from '../../platform/access/caller.ts';
import { invalidInput, invalidMember, Problem } from '../../platform/answers/problem.ts';
import { MAX_DATA_BYTES } from '../../platform/http/json-body.ts';
import type { JsonText } from '../../platform/input/json-text.ts';
import { unverified } from '../ownership/unverified.ts';
import type { EndpointTestAnswer, EndpointTestBody } from './endpoint-test.dto.ts';
import { sampleDataFor } from './sample-data.ts';

const DEFAULT_EVENT = 'job.completed';
/** Beyond the endpoint's own timeout: for starting the run and recording the attempt. */
const WAIT_MARGIN_MS = 10_000;
const FIRST_LOOK_MS = 15;
const LONGEST_LOOK_MS = 500;

/** Sends a test event to one endpoint through the real machinery, and waits for what comes of it. */
@Injectable()
export class EndpointTestsService {
  readonly #publisher: Publisher;
  readonly #catalogue: EventTypeCatalogue;
  readonly #deliveries: DeliveryStore;
  readonly #attempts: AttemptStore;
  #isStopping = false;

  constructor(
    publisher: Publisher,
    catalogue: EventTypeCatalogue,
    deliveries: DeliveryStore,
    attempts: AttemptStore,
  ) {
    this.#publisher = publisher;
    this.#catalogue = catalogue;
    this.#deliveries = deliveries;
    this.#attempts = attempts;
  }

  /** Nobody waits on while the API is being stopped. */
  onModuleDestroy(): void {
    this.#isStopping = true;
  }

  /**
   * The delivery and its attempt; `attempt` is null where none was recorded within the endpoint's timeout and ten seconds.
   * @throws Problem 422 for an unknown event type or data that its schema refuses, 413 for data that is too large, 409 for an
   * endpoint that is unverified
   */
  async run(
    endpoint: Endpoint,
    { body, caller }: { readonly body: EndpointTestBody; readonly caller: Caller },
  ): Promise<EndpointTestAnswer> {
    if (endpoint.disabledReason === UNVERIFIED) throw unverified(endpoint.id);
    const type = await this.#typeOf(body?.event ?? (await this.#firstEventOf(endpoint)), endpoint);
    const dataText = checkedData(type, body?.data);
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
    const giveUpAt = performance.now() + endpoint.timeoutMs + WAIT_MARGIN_MS;
    let lookMs = FIRST_LOOK_MS;
    for (;;) {
      const [attempt] = await this.#attempts.listOf(id);
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
}

function checkedData(type: EventType, given: JsonText | undefined): string {
  const dataText = given?.text ?? JSON.stringify(sampleDataFor(type.name));
  if (Buffer.byteLength(dataText) > MAX_DATA_BYTES) {
    const detail = `The data has more than ${MAX_DATA_BYTES} bytes.`;
    throw new Problem(413, 'data_too_large', { detail });
  }
  const problems = given === undefined ? [] : findSchemaProblems(type, given.value);
  if (problems.length === 0) return dataText;
  throw invalidInput(problems.map((problem) => ({ ...problem, pointer: `/data${problem.pointer}` })));
}
