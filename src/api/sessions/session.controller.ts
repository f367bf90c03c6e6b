import { Body, Controller, Delete, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { CODE_SECONDS, CONSOLE_SESSION_SECONDS } from '../../domain/session.ts';
import { SessionStore } from '../../storage/access/session-store.ts';
import { Caller, NeedsScope, Public } from '../platform/access/caller.ts';
import { SessionCookie } from '../platform/access/session-cookie.ts';
import { Documented } from '../platform/answers/document.ts';
import { Problem } from '../platform/answers/problem.ts';
import { Audited, NotAudited } from '../platform/audit/audited.ts';
import {
  begunSessionView,
  callerView,
  type SessionCodeInput,
  sessionCode,
  sessionLinkView,
  showCaller,
} from './sessions.dto.ts';
import { SessionsService, type ShownSession } from './sessions.service.ts';

type BegunAnswer = z.output<typeof begunSessionView>;
type CallerAnswer = z.output<typeof callerView>;

/** The session of the calling browser. */
@ApiTags('sessions')
@NeedsScope('view')
@Controller('v1/session')
export class SessionController {
  readonly #service: SessionsService;
  readonly #store: SessionStore;
  readonly #cookie: SessionCookie;

  constructor(service: SessionsService, store: SessionStore, cookie: SessionCookie) {
    this.#service = service;
    this.#store = store;
    this.#cookie = cookie;
  }

  @Post()
  @Audited('session.begin')
  @Documented({
    operation: 'session_begin',
    summary: 'Begin a session of this browser',
    description:
      'Sets a cookie that stands for the key, for twelve hours, out of reach of scripts and of other ' +
      'sites. It opens nothing once the key is revoked or has expired, or the session was ended.',
    status: 201,
    answer: begunSessionView,
    errors: [403],
  })
  async begin(
    @Caller() caller: Caller,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<BegunAnswer> {
    refuseBorrowed(caller);
    return this.#answer(await this.#service.begin(caller), { request, reply });
  }

  @Post('exchange')
  @Public()
  @NotAudited('the link that it comes from is')
  @Documented({
    operation: 'session_exchange',
    summary: 'Begin a session by the code of a link',
    description:
      'Needs no key. A code works once and for a quarter of an hour. A link to ' +
      'the console sets a cookie; one to a portal answers a token.',
    status: 201,
    answer: begunSessionView,
    errors: [400, 401, 415, 422],
  })
  async exchange(
    @Body({ schema: sessionCode }) { code }: SessionCodeInput,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<BegunAnswer> {
    return this.#answer(await this.#service.exchange(code), { request, reply });
  }

  @Post('links')
  @Audited('session.link')
  @Documented({
    operation: 'session_link',
    summary: 'Make a link that signs a browser in',
    description:
      `The URL begins one session of the console, for the key that made it, within ${CODE_SECONDS / 60} ` +
      `minutes. What \`npm start\` prints.`,
    status: 201,
    answer: sessionLinkView,
    errors: [403],
  })
  async link(
    @Caller() caller: Caller,
    @Req() request: FastifyRequest,
  ): Promise<z.output<typeof sessionLinkView>> {
    refuseBorrowed(caller);
    const { stored, code } = await this.#service.link(caller);
    return {
      id: stored.id,
      url: this.#service.urlOf(request, { page: 'ui', code }),
      code_expires_at: new Date(stored.createdAt.getTime() + CODE_SECONDS * 1_000).toISOString(),
      expires_at: stored.expiresAt.toISOString(),
    };
  }

  @Get()
  @Documented({
    operation: 'session_get',
    summary: 'Who is calling',
    description: 'The rights of the session, or of the key, that the request shows.',
    answer: callerView,
  })
  read(@Caller() caller: Caller): CallerAnswer {
    return showCaller(caller);
  }

  @Delete()
  @Audited('session.end')
  @HttpCode(204)
  @Documented({
    operation: 'session_end',
    summary: 'End the session of this browser',
    description: 'For good, and everywhere. A request that shows a key instead ends nothing.',
    status: 204,
  })
  async end(
    @Caller() { session }: Caller,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    void reply.header('Set-Cookie', this.#cookie.clear(request));
    if (session !== undefined) await this.#store.revoke(session.id, session.kind);
  }

  #answer(
    { stored, token }: ShownSession,
    { request, reply }: { readonly request: FastifyRequest; readonly reply: FastifyReply },
  ): BegunAnswer {
    const isConsole = stored.kind === 'console';
    if (isConsole) {
      const cookie = this.#cookie.set(token, { request, seconds: CONSOLE_SESSION_SECONDS });
      void reply.header('Set-Cookie', cookie);
    }
    return {
      id: stored.id,
      kind: stored.kind,
      token: isConsole ? null : token,
      expires_at: stored.expiresAt.toISOString(),
    };
  }
}

/** What a portal's link allows must not outlive it, and whom a proxy lets in has no key to stand for. */
function refuseBorrowed({ session, person }: Caller): void {
  if (session?.kind !== 'portal' && person === undefined) return;
  const detail = 'Only who shows a key, or a session of the console, can begin other sessions.';
  throw new Problem(403, 'scope_missing', { detail });
}
