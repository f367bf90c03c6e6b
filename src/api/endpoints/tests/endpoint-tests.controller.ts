import { Body, Controller, Get, HttpCode, HttpStatus, Param, Post, Query, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBody, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Caller, NeedsScope } from '../../platform/access/caller.ts';
import { Documented } from '../../platform/answers/document.ts';
import { invalidInput } from '../../platform/answers/problem.ts';
import { NotAudited } from '../../platform/audit/audited.ts';
import { Idempotent } from '../../platform/idempotency/idempotent.ts';
import { idInPath } from '../../platform/input/fields.ts';
import { toInputProblems } from '../../platform/input/input-problems.ts';
import { spanOf } from '../../stats/span.ts';
import {
  type EndpointStatsAnswer,
  type EndpointStatsQuery,
  endpointStatsAnswer,
  endpointStatsQuery,
} from '../../stats/stats.dto.ts';
import { StatsService } from '../../stats/stats.service.ts';
import { EndpointsService } from '../endpoints.service.ts';
import { type EndpointTestAnswer, endpointTestAnswer, endpointTestBody } from './endpoint-test.dto.ts';
import { EndpointTestsService } from './endpoint-tests.service.ts';

const testSchema = z.toJSONSchema(endpointTestBody.unwrap().unwrap(), {
  io: 'input',
  unrepresentable: 'any',
});

/** What can be tried on and learnt from one endpoint. */
@ApiTags('endpoints')
@Controller('v1/endpoints/:id')
export class EndpointActionsController {
  readonly #service: EndpointsService;
  readonly #tests: EndpointTestsService;
  readonly #stats: StatsService;

  constructor(service: EndpointsService, tests: EndpointTestsService, stats: StatsService) {
    this.#service = service;
    this.#tests = tests;
    this.#stats = stats;
  }

  @Post('test')
  @NeedsScope('test')
  @NotAudited('changes nothing; the test delivery is its own record')
  @Idempotent()
  @HttpCode(200)
  @ApiBody({ required: false, schema: testSchema as never })
  @ApiAcceptedResponse({
    standardSchema: endpointTestAnswer,
    description: 'No attempt was recorded in time.',
  })
  @Documented({
    operation: 'endpoints_test',
    summary: 'Send a test event to an endpoint and wait for its answer',
    description:
      'One attempt, without retries, whatever the endpoint’s filter and status are; ' +
      '409 where it is unverified. Answers 202 with attempt null where none was ' +
      'recorded within the endpoint’s timeout and ten seconds.',
    answer: endpointTestAnswer,
    headers: ['Idempotent-Replayed'],
    errors: [400, 404, 409, 413, 415, 422],
  })
  async test(
    @Param('id', idInPath('ep')) id: string,
    @Body() body: unknown,
    @Caller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<EndpointTestAnswer> {
    const endpoint = await this.#service.read(id, caller);
    const parsed = endpointTestBody.safeParse(body);
    if (!parsed.success) throw invalidInput(toInputProblems(parsed.error.issues, body));
    const result = await this.#tests.run(endpoint, { body: parsed.data, caller });
    if (result.attempt === null) reply.status(HttpStatus.ACCEPTED);
    return result;
  }

  @Get('stats')
  @Documented({
    operation: 'endpoints_get_stats',
    summary: 'Success rates, latencies, errors and backlog of an endpoint',
    answer: endpointStatsAnswer,
    errors: [404, 422],
  })
  async stats(
    @Param('id', idInPath('ep')) id: string,
    @Query({ schema: endpointStatsQuery }) query: EndpointStatsQuery,
    @Caller() caller: Caller,
  ): Promise<EndpointStatsAnswer> {
    await this.#service.read(id, caller);
    return this.#stats.countEndpoint(spanOf(query, new Date()), id);
  }
}
