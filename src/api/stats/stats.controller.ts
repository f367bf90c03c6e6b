import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Caller, customerScope } from '../platform/access/caller.ts';
import { Documented } from '../platform/answers/document.ts';
import { NOTHING_INSIDE, type NowAnswer, type NowQuery, nowAnswer, nowQuery, showNow } from './now.dto.ts';
import { type SeriesAnswer, type SeriesQuery, seriesAnswer, seriesQuery } from './series.dto.ts';
import { SeriesService } from './series.service.ts';
import { spanOf } from './span.ts';
import { type StatsAnswer, type StatsQuery, statsAnswer, statsQuery } from './stats.dto.ts';
import { StatsService } from './stats.service.ts';
import { type TopAnswer, type TopQuery, topAnswer, topQuery } from './top.dto.ts';

/** Counts over all endpoints: of a span, over time, the largest, and at this moment. */
@ApiTags('stats')
@Controller('v1/stats')
export class StatsController {
  readonly #stats: StatsService;
  readonly #series: SeriesService;

  constructor(stats: StatsService, series: SeriesService) {
    this.#stats = stats;
    this.#series = series;
  }

  @Get()
  @Documented({
    operation: 'stats_get',
    summary: 'Success rates, latencies and errors over all endpoints',
    description:
      'A customer’s key counts that customer’s endpoints, here and below. ' +
      'Listeners are left out, unless an endpoint is named.',
    answer: statsAnswer,
    errors: [403, 422],
  })
  async read(
    @Query({ schema: statsQuery }) query: StatsQuery,
    @Caller() caller: Caller,
  ): Promise<StatsAnswer> {
    const customerId = customerScope(caller, query.customer_id);
    return this.#stats.count(spanOf(query, new Date()), { customerId });
  }

  @Get('now')
  @Documented({
    operation: 'stats_get_now',
    summary: 'What waits, is held, is sent and is dead at this moment',
    answer: nowAnswer,
    errors: [403, 422],
  })
  async readNow(@Query({ schema: nowQuery }) query: NowQuery, @Caller() caller: Caller): Promise<NowAnswer> {
    const customerId = customerScope(caller, query.customer_id);
    const { now, inside } = await this.#stats.now(customerId);
    return showNow(now, caller.kind === 'operator' ? inside : NOTHING_INSIDE);
  }

  @Get('series')
  @Documented({
    operation: 'stats_get_series',
    summary: 'Counts and percentiles over time',
    description:
      'Attempts are counted when they began, ends when they happened, created when ' +
      'events were accepted; tests are left out. Percentiles are exact to 5 %; ' +
      '`first_attempt_…` is how long after it was due a first attempt began.',
    answer: seriesAnswer,
    errors: [403, 422],
  })
  async readSeries(
    @Query({ schema: seriesQuery }) query: SeriesQuery,
    @Caller() caller: Caller,
  ): Promise<SeriesAnswer> {
    return await this.#series.read(query, customerScope(caller, query.customer_id));
  }

  @Get('top')
  @Documented({
    operation: 'stats_list_top',
    summary: 'The endpoints, error codes, customers or event types with the largest counts',
    answer: topAnswer,
    errors: [403, 422],
  })
  async readTop(@Query({ schema: topQuery }) query: TopQuery, @Caller() caller: Caller): Promise<TopAnswer> {
    const customerId = customerScope(caller, query.customer_id);
    return await this.#stats.top(spanOf(query, new Date()), { query, customerId });
  }
}
