import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { Caller, OperatorOnly, Public } from '../platform/access/caller.ts';
import { Documented } from '../platform/answers/document.ts';
import { Pager } from '../platform/answers/paging.ts';
import { NotAudited } from '../platform/audit/audited.ts';
import {
  challengeFor,
  type EchoAnswerQuery,
  type EchoListQuery,
  echoAnswerQuery,
  echoList,
  echoListQuery,
  echoReceiptView,
  showEchoed,
} from './echo.dto.ts';
import { EchoService } from './echo.service.ts';

/** Echo receivers: URLs to try deliveries on. Off in production roles unless `POSTHORN_ECHO` turns them on. */
@ApiTags('echo')
@Controller('v1/echo')
export class EchoController {
  readonly #service: EchoService;

  readonly #pager: Pager;

  constructor(service: EchoService, pager: Pager) {
    this.#service = service;
    this.#pager = pager;
  }

  @Post(':name')
  @NotAudited('receives, and keeps in memory only')
  @Public()
  @HttpCode(200)
  @ApiBody({ required: false, schema: {}, description: 'Anything of any type, up to 1 MiB.' })
  @Documented({
    operation: 'echo_receive',
    summary: 'Receive a request',
    description:
      'Needs no key. Keeps the last 200 requests of each name in memory and answers ' +
      'as the query says; with the challenge where it is sent one.',
    answer: echoReceiptView,
    errors: [413, 422],
  })
  async receive(
    @Param('name') name: string,
    @Query({ schema: echoAnswerQuery }) query: EchoAnswerQuery,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.output<typeof echoReceiptView>> {
    const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
    const answer = await this.#service.receive(name, { headers: request.headers, body: bytes }, query);
    void reply.code(answer.status);
    if (answer.retryAfter !== null) void reply.header('Retry-After', answer.retryAfter);
    const challenge = challengeFor(bytes);
    return { received: true, name, ...(challenge !== null && { challenge }) };
  }

  @Get(':name')
  @Documented({
    operation: 'echo_list',
    summary: 'List what came',
    description: "Newest first. A customer's key sees that customer's deliveries only.",
    answer: echoList,
    errors: [404, 422],
  })
  async list(
    @Param('name') name: string,
    @Query({ schema: echoListQuery }) query: EchoListQuery,
    @Caller() caller: Caller,
  ): Promise<z.output<typeof echoList>> {
    const page = this.#pager.open({ list: 'echo', caller, filters: { name } }, query);
    const requests = await this.#service.list(name, caller);
    const older = requests.filter(({ id }) => page.beforeId === null || id < page.beforeId);
    return page.answer(older.slice(0, page.fetchLimit), showEchoed);
  }

  @Delete(':name')
  @NotAudited('forgets what was kept in memory only')
  @OperatorOnly()
  @HttpCode(204)
  @Documented({
    operation: 'echo_clear',
    summary: 'Forget what came',
    description: 'For the operator.',
    status: 204,
    errors: [403, 404],
  })
  clear(@Param('name') name: string): void {
    this.#service.clear(name);
  }
}
