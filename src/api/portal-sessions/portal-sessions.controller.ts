import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { PORTAL_SCOPES } from '../../domain/session.ts';
import { newId } from '../../new-id.ts';
import { hashKey } from '../../settings/api-key-text.ts';
import { newSessionText } from '../../settings/session-text.ts';
import { SessionStore } from '../../storage/access/session-store.ts';
import { Caller, OperatorOnly } from '../platform/access/caller.ts';
import { Documented } from '../platform/answers/document.ts';
import { Pager } from '../platform/answers/paging.ts';
import { notFound } from '../platform/answers/problem.ts';
import { Audited } from '../platform/audit/audited.ts';
import { Idempotent } from '../platform/idempotency/idempotent.ts';
import { idInPath } from '../platform/input/fields.ts';
import { SessionsService } from '../sessions/sessions.service.ts';
import {
  createdPortalSessionView,
  type NewPortalSessionInput,
  newPortalSession,
  type PortalSessionsQuery,
  portalSessionList,
  portalSessionsQuery,
  showPortalSession,
} from './portal-sessions.dto.ts';

/** Links by which a customer sees and does, in a portal, what the link allows. */
@ApiTags('portal links')
@OperatorOnly()
@Controller('v1/portal-sessions')
export class PortalSessionsController {
  readonly #store: SessionStore;
  readonly #sessions: SessionsService;
  readonly #pager: Pager;

  constructor(store: SessionStore, sessions: SessionsService, pager: Pager) {
    this.#store = store;
    this.#sessions = sessions;
    this.#pager = pager;
  }

  @Post()
  @Audited('portal_session.create')
  @Idempotent()
  @Documented({
    operation: 'portal_sessions_create',
    summary: 'Make a link to a customer’s portal',
    description:
      'For the operator. Send the customer there, or show it in a frame of a ' +
      'page that POSTHORN_PORTAL_FRAME_ANCESTORS names. The link opens once, and ' +
      'what it begins lasts until it expires or is revoked.',
    status: 201,
    answer: createdPortalSessionView,
    headers: ['Idempotent-Replayed'],
    errors: [400, 403, 409, 415, 422],
  })
  async create(
    @Body({ schema: newPortalSession }) body: NewPortalSessionInput,
    @Caller() { keyId }: Caller,
    @Req() request: FastifyRequest,
  ): Promise<z.output<typeof createdPortalSessionView>> {
    const code = newSessionText('code');
    const stored = await this.#store.insert({
      id: newId('pls'),
      kind: 'portal',
      keyId: null,
      adminKeyHash: null,
      customerId: body.customer_id,
      scopes: PORTAL_SCOPES.filter((scope) => scope === 'view' || body.capabilities.includes(scope)),
      look: { name: body.name, logo: body.logo, theme: body.theme },
      openedBy: keyId,
      tokenHash: null,
      code: { hash: hashKey(code), seconds: body.expires_in_seconds },
      seconds: body.expires_in_seconds,
    });
    const url = this.#sessions.urlOf(request, { page: 'portal', code });
    return { ...showPortalSession(stored), url };
  }

  @Get()
  @Documented({
    operation: 'portal_sessions_list',
    summary: 'List portal links',
    description: 'For the operator: newest first, those that are over included.',
    answer: portalSessionList,
    errors: [403, 422],
  })
  async list(
    @Query({ schema: portalSessionsQuery }) query: PortalSessionsQuery,
    @Caller() caller: Caller,
  ): Promise<z.output<typeof portalSessionList>> {
    const page = this.#pager.open({ list: 'portal-sessions', caller, filters: {} }, query);
    return page.answer(await this.#store.list('portal', page), showPortalSession);
  }

  @Delete(':id')
  @Audited('portal_session.revoke')
  @HttpCode(204)
  @Documented({
    operation: 'portal_sessions_revoke',
    summary: 'Revoke a portal link',
    description: 'For the operator. What it began is over with its next request, at every API.',
    status: 204,
    errors: [403, 404],
  })
  async revoke(@Param('id', idInPath('pls')) id: string): Promise<void> {
    if (!(await this.#store.revoke(id, 'portal'))) throw notFound('portal link');
  }
}
