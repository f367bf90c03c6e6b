import { Controller, Delete, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { hashKey } from '../../settings/api-key-text.ts';
import { shownKey } from '../platform/access/auth.guard.ts';
import { BrowserSessions, type SessionPlace } from '../platform/access/browser-session.ts';
import { OperatorOnly, Public } from '../platform/access/caller.ts';
import { Documented } from '../platform/answers/document.ts';
import { Audited, NotAudited } from '../platform/audit/audited.ts';

const CODEC_PATH = '/v1/temporal/codec';

/** Sessions by which the Temporal UI of an operator may ask the codec endpoint. */
@ApiTags('temporal')
@Controller('v1/temporal/codec/session')
export class CodecSessionController {
  readonly #sessions: BrowserSessions;

  constructor(sessions: BrowserSessions) {
    this.#sessions = sessions;
  }

  @Post()
  @OperatorOnly()
  @Audited('codec_session.begin')
  @HttpCode(204)
  @Documented({
    operation: 'temporal_codec_begin_session',
    summary: 'Let this browser’s Temporal UI show payloads',
    description:
      'For the operator. Sets a cookie that stands for the key at the codec endpoint, for twelve hours, out of reach of scripts and of other sites. It opens nothing once the key is revoked, replaced or expired.',
    status: 204,
    errors: [403],
  })
  begin(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): void {
    const keyHash = hashKey(shownKey(request.headers.authorization));
    void reply.header('Set-Cookie', this.#sessions.begin(keyHash, placeOf(request)));
  }

  @Delete()
  @Public()
  @NotAudited('a browser forgets its own cookie')
  @HttpCode(204)
  @Documented({
    operation: 'temporal_codec_end_session',
    summary: 'Let this browser’s Temporal UI show payloads no longer',
    description: 'Needs no key: it only has the browser forget the cookie.',
    status: 204,
  })
  end(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): void {
    void reply.header('Set-Cookie', this.#sessions.end(placeOf(request)));
  }
}

function placeOf({ protocol }: FastifyRequest): SessionPlace {
  return { path: CODEC_PATH, secure: protocol === 'https' };
}
