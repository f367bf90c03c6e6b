import { Body, Controller, Get, HttpCode, HttpStatus, Post, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { adviceFor } from '../../domain/error-code.ts';
import { type DeliveryState, DeliveryStore } from '../../storage/history/delivery-store.ts';
import { DeadLetters } from '../../storage/replays/dead-letters.ts';
import type { SelectionFilter } from '../../storage/replays/replay-selection.ts';
import { DeliveryRuns } from '../../temporal/delivery-runs.ts';
import { toDeliveryFilter } from '../deliveries/delivery.dto.ts';
import { showDelivery } from '../deliveries/delivery-view.ts';
import { EventFinder } from '../finding/event-finder.ts';
import { Caller, customerScope, NeedsScope } from '../platform/access/caller.ts';
import { cappedCount, showCapped } from '../platform/answers/capped-count.ts';
import { Documented } from '../platform/answers/document.ts';
import { Pager } from '../platform/answers/paging.ts';
import { Audited } from '../platform/audit/audited.ts';
import { Idempotent } from '../platform/idempotency/idempotent.ts';
import { isPreview } from '../platform/input/json-object.ts';
import { ReplaysService } from '../replays/replays.service.ts';
import { toSelectionFilter } from '../replays/selection.dto.ts';
import {
  type DeadLetterAnswer,
  type DeadLetterListQuery,
  type DeadLetterRetry,
  type DeadLetterSelection,
  deadLetterListQuery,
  deadLetterPage,
  deadLetterRetry,
  deadLetterSelection,
} from './dead-letter.dto.ts';

/** What ended undelivered. */
@ApiTags('dead letters')
@Controller('v1/dead-letters')
export class DeadLettersController {
  readonly #store: DeliveryStore;
  readonly #deadLetters: DeadLetters;
  readonly #replays: ReplaysService;
  readonly #pager: Pager;
  readonly #runs: DeliveryRuns;
  readonly #finder: EventFinder;

  constructor(
    store: DeliveryStore,
    deadLetters: DeadLetters,
    replays: ReplaysService,
    pager: Pager,
    runs: DeliveryRuns,
    finder: EventFinder,
  ) {
    this.#store = store;
    this.#deadLetters = deadLetters;
    this.#replays = replays;
    this.#pager = pager;
    this.#runs = runs;
    this.#finder = finder;
  }

  @Get()
  @Documented({
    operation: 'dead_letters_list',
    summary: 'List deliveries that ended undelivered, newest first',
    answer: deadLetterPage,
    errors: [403, 422],
  })
  async list(
    @Query({ schema: deadLetterListQuery }) query: DeadLetterListQuery,
    @Caller() caller: Caller,
  ): Promise<{ items: DeadLetterAnswer[]; next_cursor: string | null }> {
    const { limit: _limit, cursor: _cursor, ...filters } = query;
    const customerId = customerScope(caller, query.customer_id);
    const page = this.#pager.open({ list: 'dead-letters', caller, filters }, query);
    const filter = {
      ...toDeliveryFilter({ ...filters, customer_id: customerId }),
      ...(filters.reason !== undefined && { reason: filters.reason }),
      ...(await this.#finder.keysOf(query.data)),
      statuses: ['dead'] as const,
      isTest: false,
    };
    const { rows, lookedTo } = await this.#store.list(filter, page);
    return page.answer(rows, (row) => this.#show(row, caller), lookedTo);
  }

  @Post('retry')
  @NeedsScope('retry')
  @Audited('dead_letters.retry', { unless: isPreview })
  @Idempotent()
  @HttpCode(202)
  @ApiOkResponse({ standardSchema: cappedCount, description: 'dry_run: how many it would be.' })
  @Documented({
    operation: 'dead_letters_retry',
    summary: 'Send dead letters once more',
    description:
      'Begins a replay of them, after live deliveries, with their retries anew. ' +
      '`filter` takes the filters of the list, and ids; "all": true selects every ' +
      'one. With dry_run it answers 200 with the count and does nothing.',
    status: 202,
    answer: deadLetterRetry,
    headers: ['Idempotent-Replayed'],
    errors: [400, 403, 409, 415, 422],
  })
  async retry(
    @Body({ schema: deadLetterSelection }) selection: DeadLetterSelection,
    @Caller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DeadLetterRetry | z.output<typeof cappedCount>> {
    const filter = await this.#filterOf(selection, caller);
    const replayed = { kind: 'dead_letters', filter } as const;
    if (isPreview(selection)) {
      reply.status(HttpStatus.OK);
      return showCapped(await this.#replays.count(replayed));
    }
    const { id, counts, isCounted } = await this.#replays.begin(replayed, caller);
    return { ...showCapped({ count: counts.total, isCapped: !isCounted }), replay_id: id };
  }

  @Post('discard')
  @NeedsScope('retry')
  @Audited('dead_letters.discard', { unless: isPreview })
  @HttpCode(200)
  @Documented({
    operation: 'dead_letters_discard',
    summary: 'Take dead letters off the list for good',
    description:
      'They become cancelled, at most 10,000 at a time: where the answer is `capped`, ask ' +
      'again for the rest. Selects as retry does; with dry_run it only counts.',
    answer: cappedCount,
    errors: [400, 403, 415, 422],
  })
  async discard(
    @Body({ schema: deadLetterSelection }) selection: DeadLetterSelection,
    @Caller() caller: Caller,
  ): Promise<z.output<typeof cappedCount>> {
    const filter = await this.#filterOf(selection, caller);
    const counted = isPreview(selection)
      ? this.#deadLetters.count(filter)
      : this.#deadLetters.discard(filter);
    return showCapped(await counted);
  }

  async #filterOf({ filter }: DeadLetterSelection, caller: Caller): Promise<SelectionFilter> {
    const customerId = customerScope(caller, filter?.customer_id, 'filter');
    return toSelectionFilter(filter, { customerId, ...(await this.#finder.keysOf(filter?.data, 'filter')) });
  }

  #show(delivery: DeliveryState, caller: Caller): DeadLetterAnswer {
    const { lastErrorCode } = delivery;
    return {
      ...showDelivery(delivery, { caller, runs: this.#runs }),
      reason: delivery.deadReason,
      advice: lastErrorCode === null ? null : adviceFor(lastErrorCode),
    };
  }
}
