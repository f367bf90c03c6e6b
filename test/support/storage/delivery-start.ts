import type { DeliveryStart } from '../../../src/domain/delivery-start.ts';

/** What a run of this delivery would begin with, at once and without a person's wish. */
export function deliveryStart(deliveryId: string): DeliveryStart {
  return {
    deliveryId,
    eventId: 'evt_1',
    event: 'job.completed',
    endpointId: 'ep_1',
    customerId: 'acme',
    host: 'receiver.example',
    attemptsMade: 0,
    dueInMs: 0,
    mark: null,
  };
}
