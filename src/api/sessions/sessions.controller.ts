import { Controller, Delete, Get, HttpCode, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { SessionStore } from '../../storage/access/session-store.ts';
import { Caller, OperatorOnly } from '../platform/access/caller.ts';
import { Documented } from '../platform/answers/document.ts';
import { Pager } from '../platform/answers/paging.ts';
import { notFound } from '../platform/answers/problem.ts';
import { Audited } from '../platform/audit/audited.ts';
import { idInPath } from '../platform/input/fields.ts';
import { type SessionsQuery, sessionList, sessionsQuery, showSession } from './sessions.dto.ts';

/** The sessions of all browsers, for the operator. */
@ApiTags('sessions')
@OperatorOnly()
@Controller('v1/sessions')
export class SessionsController {
  readonly #store: SessionStore;
  readonly #pager: Pager;

  constructor(store: SessionStore, pager: Pager) {
    this.#store = store;
    this.#pager = pager;
  }

  @Get()
  @Documented({
    operation: 'sessions_list',
    summary: 'List sessions of the console',
    description: 'For the operator: newest first, those that are over included.',
    answer: sessionList,
    errors: [403, 422],
  })
  async list(
    @Query({ schema: sessionsQuery }) query: SessionsQuery,
    @Caller() caller: Caller,
  ): Promise<z.output<typeof sessionList>> {
    const page = this.#pager.open({ list: 'sessions', caller, filters: {} }, query);
    return page.answer(await this.#store.list('console', page), showSession);
  }

  @Delete(':id')
  @Audited('session.revoke')
  @HttpCode(204)
  @Documented({
    operation: 'sessions_revoke',
    summary: 'End a session of the console',
    description: 'For the operator. It is over with its next request, at every API.',
    status: 204,
    errors: [403, 404],
  })
  async revoke(@Param('id', idInPath('ses')) id: string): Promise<void> {
    if (!(await this.#store.revoke(id, 'console'))) throw notFound('session');
  }
}
