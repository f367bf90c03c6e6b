import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Caller, customerScope } from '../platform/access/caller.ts';
import { Documented } from '../platform/answers/document.ts';
import { type StatsAnswer, type StatsQuery, spanOf, statsAnswer, statsQuery } from './stats.dto.ts';
import { StatsService } from './stats.service.ts';

/** Counts over all endpoints. */
@ApiTags('stats')
@Controller('v1/stats')
export class StatsController {
  readonly #stats: StatsService;

  constructor(stats: StatsService) {
    this.#stats = stats;
  }

  @Get()
  @Documented({
    operation: 'stats_get',
    summary: 'Success rates, latencies and errors over all endpoints',
    description: 'A customer’s key counts that customer’s endpoints.',
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
}
