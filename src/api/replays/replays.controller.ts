import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Replay, ReplayStore } from '../../storage/replays/replay-store.ts';
import { DeliveryRuns } from '../../temporal/delivery-runs.ts';
import { Caller, customerScope, NeedsScope } from '../platform/access/caller.ts';
import { Documented } from '../platform/answers/document.ts';
import { Pager } from '../platform/answers/paging.ts';
import { Audited } from '../platform/audit/audited.ts';
import { idInPath } from '../platform/input/fields.ts';
import {
  type ReplayAnswer,
  type ReplayListQuery,
  replayAnswer,
  replayListQuery,
  replayPage,
  showReplay,
} from './replay.dto.ts';
import { ReplaysService } from './replays.service.ts';

/** Replays: what is sent once more in bulk. */
@ApiTags('replays')
@Controller('v1/replays')
export class ReplaysController {
  readonly #service: ReplaysService;
  readonly #store: ReplayStore;
  readonly #pager: Pager;
  readonly #runs: DeliveryRuns;

  constructor(service: ReplaysService, store: ReplayStore, pager: Pager, runs: DeliveryRuns) {
    this.#service = service;
    this.#store = store;
    this.#pager = pager;
    this.#runs = runs;
  }

  @Get()
  @Documented({
    operation: 'replays_list',
    summary: 'List replays, newest first',
    description:
      'Begun by POST /v1/replays, POST /v1/dead-letters/retry and POST /v1/endpoints/{id}/recover.',
    answer: replayPage,
    errors: [403, 422],
  })
  async list(
    @Query({ schema: replayListQuery }) query: ReplayListQuery,
    @Caller() caller: Caller,
  ): Promise<{ items: ReplayAnswer[]; next_cursor: string | null }> {
    const { limit: _limit, cursor: _cursor, ...filters } = query;
    const page = this.#pager.open({ list: 'replays', caller, filters }, query);
    const filter = {
      customerId: customerScope(caller, query.customer_id),
      endpointId: query.endpoint_id,
      status: query.status,
    };
    return page.answer(await this.#store.list(filter, page), (row) => this.#show(row, caller));
  }

  @Get(':id')
  @Documented({
    operation: 'replays_get',
    summary: 'Read a replay and how far it has come',
    answer: replayAnswer,
    errors: [404],
  })
  async read(@Param('id', idInPath('rpl')) id: string, @Caller() caller: Caller): Promise<ReplayAnswer> {
    return this.#show(await this.#service.read(id, caller), caller);
  }

  @Post(':id/cancel')
  @NeedsScope('retry')
  @Audited('replay.cancel')
  @HttpCode(202)
  @Documented({
    operation: 'replays_cancel',
    summary: 'Cancel a replay',
    description:
      'Nothing more is released, and what was released and not attempted since is again what it ' +
      'was; deliveries that the replay made are cancelled. What is being sent or waits for a retry ' +
      'goes on. Cancelled already, nothing changes; 409 where it is completed.',
    status: 202,
    answer: replayAnswer,
    errors: [404, 409],
  })
  async cancel(@Param('id', idInPath('rpl')) id: string, @Caller() caller: Caller): Promise<ReplayAnswer> {
    return this.#show(await this.#service.cancel(id, caller), caller);
  }

  @Post(':id/continue')
  @NeedsScope('retry')
  @Audited('replay.continue')
  @HttpCode(202)
  @Documented({
    operation: 'replays_continue',
    summary: 'Have a cancelled replay go on',
    description:
      'With what it had not released, and what was taken back; what it attempted ' +
      'is not sent again. While it runs nothing changes; 409 where it is ' +
      'completed, or what it released is still being taken back.',
    status: 202,
    answer: replayAnswer,
    errors: [404, 409],
  })
  async goOn(@Param('id', idInPath('rpl')) id: string, @Caller() caller: Caller): Promise<ReplayAnswer> {
    return this.#show(await this.#service.goOn(id, caller), caller);
  }

  #show(replay: Replay, caller: Caller): ReplayAnswer {
    return showReplay(replay, { caller, runs: this.#runs });
  }
}
