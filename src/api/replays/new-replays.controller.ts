import { Body, Controller, HttpCode, HttpStatus, Post, Res } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { ReplaySelection } from '../../storage/replays/replay-selection.ts';
import { DeliveryRuns } from '../../temporal/delivery-runs.ts';
import { EndpointsService } from '../endpoints/endpoints.service.ts';
import { requireNotDisabled } from '../endpoints/switch/endpoint-switch.service.ts';
import { EventFinder } from '../finding/event-finder.ts';
import { Caller, customerScope, NeedsScope } from '../platform/access/caller.ts';
import { cappedCount, showCapped } from '../platform/answers/capped-count.ts';
import { Documented } from '../platform/answers/document.ts';
import { Audited } from '../platform/audit/audited.ts';
import { Idempotent } from '../platform/idempotency/idempotent.ts';
import { idOf } from '../platform/input/fields.ts';
import { isPreview } from '../platform/input/json-object.ts';
import { ofOtherCustomer } from './event-sending.service.ts';
import { type ReplayAnswer, replayAnswer, showReplay } from './replay.dto.ts';
import { ReplaysService } from './replays.service.ts';
import { deliveryFilter, selectionBody, toSelectionFilter } from './selection.dto.ts';

const newReplay = selectionBody({
  filter: deliveryFilter,
  to_endpoint_id: idOf('ep').optional().meta({
    description: 'Where all of it goes, as new deliveries; each goes to its own endpoint where left out.',
  }),
  new_delivery: z
    .boolean()
    .optional()
    .meta({ description: 'Send new deliveries instead of the same under their ids.' }),
}).meta({ id: 'NewReplay' });

type NewReplay = z.output<typeof newReplay>;

/** Begins replays of any selection. */
@ApiTags('replays')
@Controller('v1/replays')
export class NewReplaysController {
  readonly #replays: ReplaysService;
  readonly #endpoints: EndpointsService;
  readonly #finder: EventFinder;
  readonly #runs: DeliveryRuns;

  constructor(replays: ReplaysService, endpoints: EndpointsService, finder: EventFinder, runs: DeliveryRuns) {
    this.#replays = replays;
    this.#endpoints = endpoints;
    this.#finder = finder;
    this.#runs = runs;
  }

  @Post()
  @NeedsScope('retry')
  @Audited('replay.create', { unless: isPreview })
  @Idempotent()
  @HttpCode(202)
  @ApiOkResponse({ standardSchema: cappedCount, description: 'dry_run: how many it would be.' })
  @Documented({
    operation: 'replays_create',
    summary: 'Send any selection of deliveries once more',
    description:
      'After live ones, in the order of acceptance. To their own endpoints they go under the same ' +
      '`delivery_id`: receivers that go by it ignore what they have, unless `new_delivery` is true. What ' +
      'was delivered before stays delivered if it fails now. `total` is counted on the way. What was ' +
      'erased is left out. With dry_run it answers 200 with the count and does nothing.',
    status: 202,
    answer: replayAnswer,
    headers: ['Idempotent-Replayed'],
    errors: [400, 403, 404, 409, 415, 422],
  })
  async create(
    @Body({ schema: newReplay }) body: NewReplay,
    @Caller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ReplayAnswer | z.output<typeof cappedCount>> {
    const selection = await this.#selectionOf(body, caller);
    if (isPreview(body)) {
      reply.status(HttpStatus.OK);
      return showCapped(await this.#replays.count(selection));
    }
    return showReplay(await this.#replays.begin(selection, caller), { caller, runs: this.#runs });
  }

  async #selectionOf({ filter, ...body }: NewReplay, caller: Caller): Promise<ReplaySelection> {
    const customerId = customerScope(caller, filter?.customer_id, 'filter');
    const keys = await this.#finder.keysOf(filter?.data, 'filter');
    const target = await this.#targetOf(body.to_endpoint_id, { customerId, caller });
    const isNewDelivery = body.new_delivery ?? false;
    return {
      kind: 'deliveries',
      filter: toSelectionFilter(filter, { customerId, ...keys }),
      target,
      isNewDelivery,
    };
  }

  async #targetOf(
    id: string | undefined,
    { customerId, caller }: { readonly customerId: string | undefined; readonly caller: Caller },
  ): Promise<ReplaySelection['target']> {
    if (id === undefined) return undefined;
    const endpoint = requireNotDisabled(await this.#endpoints.read(id, caller));
    const isForeign =
      endpoint.customerId !== null && endpoint.customerId !== (customerId ?? endpoint.customerId);
    if (isForeign) throw ofOtherCustomer('/to_endpoint_id');
    return { endpointId: endpoint.id, customerId: endpoint.customerId };
  }
}
