import { Injectable } from '@nestjs/common';
import { DomainError } from '../../domain/errors.ts';
import { mayReach } from '../../domain/event-audience.ts';
import { EventSender, type SentEvent } from '../../storage/events/event-sender.ts';
import { Publisher } from '../../storage/events/publisher.ts';
import type { DeliveryWithData } from '../../storage/history/delivery-store.ts';
import { DeliveriesService } from '../deliveries/deliveries.service.ts';
import { EndpointsService } from '../endpoints/endpoints.service.ts';
import { requireNotDisabled } from '../endpoints/switch/endpoint-switch.service.ts';
import { EventsService } from '../events/events.service.ts';
import type { Caller } from '../platform/access/caller.ts';
import { invalidMember, notFound } from '../platform/answers/problem.ts';

/** Sends events that were accepted before, on behalf of a caller. */
@Injectable()
export class EventSendingService {
  readonly #events: EventsService;
  readonly #endpoints: EndpointsService;
  readonly #deliveries: DeliveriesService;
  readonly #sender: EventSender;
  readonly #publisher: Publisher;

  constructor(
    events: EventsService,
    endpoints: EndpointsService,
    deliveries: DeliveriesService,
    sender: EventSender,
    publisher: Publisher,
  ) {
    this.#events = events;
    this.#endpoints = endpoints;
    this.#deliveries = deliveries;
    this.#sender = sender;
    this.#publisher = publisher;
  }

  /** @throws Problem 404, 422 for another customer's endpoint; DomainError `conflict` where it cannot be sent there */
  async send(
    id: string,
    { endpointId, caller }: { readonly endpointId: string; readonly caller: Caller },
  ): Promise<DeliveryWithData> {
    const event = await this.#events.read(id, caller);
    const endpoint = await this.#endpoints.read(endpointId, caller);
    if (!mayReach(event, endpoint)) throw ofOtherCustomer();
    if (event.isTest) {
      const message = 'A test goes to its endpoint only; POST /v1/endpoints/{id}/test sends another.';
      throw new DomainError('conflict', 'event_is_test', { message });
    }
    const sent = await this.#sender.send(id, requireNotDisabled(endpoint).id);
    if (sent.kind !== 'sent') throw refusalOf(sent.kind);
    this.#publisher.tell(sent.told);
    return await this.#deliveries.read(sent.deliveryId, caller);
  }
}

/** 422 for an endpoint that belongs to another customer than what is to be sent there. */
export function ofOtherCustomer(pointer = '/endpoint_id'): Error {
  const message =
    'Must be an endpoint of the event’s customer, or of the operator; what ' +
    'Posthorn tells of itself goes to the operator’s only.';
  return invalidMember(pointer, 'endpoint_of_other_customer', message);
}

function refusalOf(kind: Exclude<SentEvent['kind'], 'sent'>): Error {
  switch (kind) {
    case 'event_gone':
      return notFound('event');
    case 'endpoint_gone':
      return notFound('endpoint');
    case 'event_erased':
      return new DomainError('conflict', 'event_erased', {
        message: 'The data of this event is erased; publish the event again.',
      });
    case 'endpoint_disabled':
      return new DomainError('conflict', 'endpoint_disabled', {
        message: 'The endpoint is disabled; enable it first.',
      });
  }
}
