import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { DeliveryRuns } from '../../temporal/delivery-runs.ts';
import { type DeliveryAnswer, deliveryAnswer, showDelivery } from '../deliveries/delivery-view.ts';
import { Caller, NeedsScope } from '../platform/access/caller.ts';
import { Documented } from '../platform/answers/document.ts';
import { Audited } from '../platform/audit/audited.ts';
import { Idempotent } from '../platform/idempotency/idempotent.ts';
import { idInPath, idOf } from '../platform/input/fields.ts';
import { EventSendingService } from './event-sending.service.ts';

const sendBody = z
  .strictObject({ endpoint_id: idOf('ep').meta({ description: 'Subscribed or not, new or old.' }) })
  .meta({ id: 'EventSending' });

/** Sends an event that was accepted before. */
@ApiTags('events')
@Controller('v1/events/:id')
export class EventSendingController {
  readonly #service: EventSendingService;
  readonly #runs: DeliveryRuns;

  constructor(service: EventSendingService, runs: DeliveryRuns) {
    this.#service = service;
    this.#runs = runs;
  }

  @Post('send')
  @NeedsScope('retry')
  @Audited('event.send')
  @Idempotent()
  @HttpCode(202)
  @Documented({
    operation: 'events_send',
    summary: 'Send an event to one endpoint, once more or for the first time',
    description:
      'A new delivery with an id of its own, whatever the endpoint subscribes to; receivers ' +
      'that go by `delivery_id` process it. The endpoint is one of the event’s customer or ' +
      'of the operator, of any customer where the event went to all. 409 where the endpoint ' +
      'is disabled, the data is erased, or the event is a test.',
    status: 202,
    answer: deliveryAnswer,
    headers: ['Idempotent-Replayed'],
    errors: [400, 404, 409, 415, 422],
  })
  async send(
    @Param('id', idInPath('evt')) id: string,
    @Body({ schema: sendBody }) { endpoint_id: endpointId }: z.output<typeof sendBody>,
    @Caller() caller: Caller,
  ): Promise<DeliveryAnswer> {
    const delivery = await this.#service.send(id, { endpointId, caller });
    return showDelivery(delivery, { caller, runs: this.#runs });
  }
}
