import { Body, Controller, HttpCode, HttpStatus, Param, Post, Res } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { DeliveryRuns } from '../../temporal/delivery-runs.ts';
import { EndpointsService } from '../endpoints/endpoints.service.ts';
import { requireNotDisabled } from '../endpoints/switch/endpoint-switch.service.ts';
import { EventFinder } from '../finding/event-finder.ts';
import { Caller, NeedsScope } from '../platform/access/caller.ts';
import { cappedCount, showCapped } from '../platform/answers/capped-count.ts';
import { Documented } from '../platform/answers/document.ts';
import { Audited } from '../platform/audit/audited.ts';
import { Idempotent } from '../platform/idempotency/idempotent.ts';
import { idInPath } from '../platform/input/fields.ts';
import { isPreview } from '../platform/input/json-object.ts';
import {
  RECOVERY_BODY_SCHEMA,
  type ReplayAnswer,
  readRecovery,
  replayAnswer,
  showReplay,
} from './replay.dto.ts';
import { ReplaysService } from './replays.service.ts';
import { inHex } from './selection.dto.ts';

/** Sends what an endpoint missed. */
@ApiTags('endpoints')
@Controller('v1/endpoints/:id')
export class EndpointRecoveryController {
  readonly #endpoints: EndpointsService;
  readonly #replays: ReplaysService;
  readonly #finder: EventFinder;
  readonly #runs: DeliveryRuns;

  constructor(endpoints: EndpointsService, replays: ReplaysService, finder: EventFinder, runs: DeliveryRuns) {
    this.#endpoints = endpoints;
    this.#replays = replays;
    this.#finder = finder;
    this.#runs = runs;
  }

  @Post('recover')
  @NeedsScope('retry')
  @Audited('endpoint.recover', { unless: isPreview })
  @Idempotent()
  @HttpCode(202)
  @ApiBody({ required: false, schema: RECOVERY_BODY_SCHEMA as never })
  @ApiOkResponse({ standardSchema: cappedCount, description: 'dry_run: how many it would be.' })
  @Documented({
    operation: 'endpoints_recover',
    summary: 'Send what an endpoint missed while it was disabled',
    description:
      'Begins a replay of its skipped deliveries, after live ones. Once more is harmless: ' +
      'what is not skipped any more is not selected. With dry_run it answers 200 with the ' +
      'count and does nothing. 409 while the endpoint is disabled: enable it.',
    status: 202,
    answer: replayAnswer,
    headers: ['Idempotent-Replayed'],
    errors: [400, 404, 409, 415, 422],
  })
  async recover(
    @Param('id', idInPath('ep')) id: string,
    @Body() body: unknown,
    @Caller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ReplayAnswer | z.output<typeof cappedCount>> {
    const endpoint = await this.#endpoints.read(id, caller);
    const { filter, data, isPreview } = readRecovery(body, { endpointId: id, now: new Date() });
    const found = await this.#finder.keysOf(data, 'filter');
    const selection = { kind: 'missed', filter: { ...filter, ...inHex(found) } } as const;
    if (isPreview) {
      reply.status(HttpStatus.OK);
      return showCapped(await this.#replays.count(selection));
    }
    requireNotDisabled(endpoint);
    return showReplay(await this.#replays.begin(selection, caller), { caller, runs: this.#runs });
  }
}
