import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { DeliveryStore } from '../../storage/history/delivery-store.ts';
import { DeliveryRuns } from '../../temporal/delivery-runs.ts';
import { EventFinder } from '../finding/event-finder.ts';
import { Caller, customerScope, NeedsScope } from '../platform/access/caller.ts';
import { cappedCount, showCapped } from '../platform/answers/capped-count.ts';
import { Documented } from '../platform/answers/document.ts';
import { Pager } from '../platform/answers/paging.ts';
import { notFound } from '../platform/answers/problem.ts';
import { Audited } from '../platform/audit/audited.ts';
import { idInPath } from '../platform/input/fields.ts';
import { type AttemptAnswer, attemptAnswer } from './attempt-view.ts';
import { DeliveriesService } from './deliveries.service.ts';
import {
  type AttemptQuery,
  attemptQuery,
  type DeliveryCountQuery,
  type DeliveryListQuery,
  deliveryCountQuery,
  deliveryListQuery,
  toListFilter,
} from './delivery.dto.ts';
import {
  attemptPage,
  type DeliveryAnswer,
  type DeliveryWithAttempts,
  deliveryAnswer,
  deliveryPage,
  deliveryWithAttempts,
  showDelivery,
} from './delivery-view.ts';

/** Deliveries: reading, retrying, cancelling. */
@ApiTags('deliveries')
@Controller('v1/deliveries')
export class DeliveriesController {
  readonly #service: DeliveriesService;
  readonly #store: DeliveryStore;
  readonly #pager: Pager;
  readonly #runs: DeliveryRuns;

  readonly #finder: EventFinder;

  constructor(
    service: DeliveriesService,
    store: DeliveryStore,
    pager: Pager,
    runs: DeliveryRuns,
    finder: EventFinder,
  ) {
    this.#service = service;
    this.#store = store;
    this.#pager = pager;
    this.#runs = runs;
    this.#finder = finder;
  }

  @Get()
  @Documented({
    operation: 'deliveries_list',
    summary: 'List deliveries, newest first',
    answer: deliveryPage,
    errors: [403, 422],
  })
  async list(
    @Query({ schema: deliveryListQuery }) query: DeliveryListQuery,
    @Caller() caller: Caller,
  ): Promise<{ items: DeliveryAnswer[]; next_cursor: string | null }> {
    const { limit: _limit, cursor: _cursor, ...filters } = query;
    const customerId = customerScope(caller, query.customer_id);
    const page = this.#pager.open({ list: 'deliveries', caller, filters }, query);
    const filter = { ...toListFilter(filters, customerId), ...(await this.#finder.keysOf(query.data)) };
    const { rows, lookedTo } = await this.#store.list(filter, page);
    return page.answer(rows, (row) => this.#show(row, caller), lookedTo);
  }

  @Get('count')
  @Documented({
    operation: 'deliveries_count',
    summary: 'Count deliveries',
    description: 'By the filters of the list.',
    answer: cappedCount,
    errors: [403, 422],
  })
  async count(
    @Query({ schema: deliveryCountQuery }) query: DeliveryCountQuery,
    @Caller() caller: Caller,
  ): Promise<z.output<typeof cappedCount>> {
    const customerId = customerScope(caller, query.customer_id);
    const filter = { ...toListFilter(query, customerId), ...(await this.#finder.keysOf(query.data)) };
    return showCapped(await this.#store.count(filter));
  }

  @Get(':id')
  @Documented({
    operation: 'deliveries_get',
    summary: 'Read a delivery with its last attempts, and what holds it back',
    answer: deliveryWithAttempts,
    errors: [404],
  })
  async read(
    @Param('id', idInPath('del')) id: string,
    @Caller() caller: Caller,
  ): Promise<DeliveryWithAttempts> {
    const delivery = await this.#service.read(id, caller);
    const attempts = await this.#service.attemptsOf(delivery, caller);
    const held_by = delivery.status === 'held' ? await this.#store.holdReasonOf(id) : null;
    return { ...this.#show(delivery, caller), held_by, attempts };
  }

  @Get(':id/attempts')
  @Documented({
    operation: 'deliveries_list_attempts',
    summary: 'List the attempts of a delivery, newest first',
    description: 'With the bodies of as many as fit into one answer; read alone, an attempt has them.',
    answer: attemptPage,
    errors: [404, 422],
  })
  async listAttempts(
    @Param('id', idInPath('del')) id: string,
    @Query({ schema: attemptQuery }) query: AttemptQuery,
    @Caller() caller: Caller,
  ): Promise<z.output<typeof attemptPage>> {
    return await this.#service.attemptPage(id, { query, caller });
  }

  @Get(':id/attempts/:number')
  @Documented({
    operation: 'deliveries_get_attempt',
    summary: 'Read an attempt with its bodies',
    answer: attemptAnswer,
    errors: [404],
  })
  async readAttempt(
    @Param('id', idInPath('del')) id: string,
    @Param('number') number: string,
    @Caller() caller: Caller,
  ): Promise<AttemptAnswer> {
    if (!/^[1-9]\d{0,8}$/.test(number)) throw notFound('attempt');
    return await this.#service.attempt(id, { number: Number(number), caller });
  }

  @Post(':id/retry')
  @NeedsScope('retry')
  @Audited('delivery.retry')
  @HttpCode(202)
  @Documented({
    operation: 'deliveries_retry',
    summary: 'Send a delivery once more, now',
    description:
      'One attempt on the endpoint’s current URL and secret, whatever its state; on a delivered one ' +
      'a resend. It passes a pause and an open breaker, but waits for the endpoint’s rate and cap. ' +
      'Asking again before it is sent changes nothing. 409 while an attempt is under way, for a ' +
      'cancelled or scheduled delivery, for a challenge, where the endpoint is deleted or ' +
      'unverified, and where it keeps the order and another comes before.',
    status: 202,
    answer: deliveryAnswer,
    errors: [404, 409],
  })
  async retry(@Param('id', idInPath('del')) id: string, @Caller() caller: Caller): Promise<DeliveryAnswer> {
    return this.#show(await this.#service.retry(id, caller), caller);
  }

  @Post(':id/cancel')
  @NeedsScope('retry')
  @Audited('delivery.cancel')
  @HttpCode(202)
  @Documented({
    operation: 'deliveries_cancel',
    summary: 'End a delivery that is not delivered yet',
    description:
      'One that is being sent is cancelled unless its answer is 2xx. 409 where it has ended otherwise.',
    status: 202,
    answer: deliveryAnswer,
    errors: [404, 409],
  })
  async cancel(@Param('id', idInPath('del')) id: string, @Caller() caller: Caller): Promise<DeliveryAnswer> {
    return this.#show(await this.#service.cancel(id, caller), caller);
  }

  #show(delivery: Parameters<typeof showDelivery>[0], caller: Caller): DeliveryAnswer {
    return showDelivery(delivery, { caller, runs: this.#runs });
  }
}
