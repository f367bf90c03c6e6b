import { Body, Controller, Headers, HttpCode, Inject, Options, Post, Res } from '@nestjs/common';
import { ApiExcludeEndpoint, ApiHeader, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { TEMPORAL_CODEC, type TemporalCodec } from '../dependencies.ts';
import { OperatorOnly, Public, TakesForeignPages } from '../platform/access/caller.ts';
import { Documented } from '../platform/answers/document.ts';
import { Problem } from '../platform/answers/problem.ts';
import { NotAudited } from '../platform/audit/audited.ts';
import { corsHeaders, originsOf } from './allowed-origins.ts';
import { type PayloadsView, payloadsView } from './temporal-codec.dto.ts';
import { TemporalCodecService } from './temporal-codec.service.ts';

const ERRORS = [400, 403, 409, 413, 415, 422];
const HOW =
  'For the operator, by key or by session. What tools of Temporal call a codec ' +
  'server. Pages of the Temporal UI may read the answer; errors are kept from ' +
  'them, whereupon the UI shows payloads as they are stored.';
const NAMESPACE = { name: 'X-Namespace', required: false, description: 'Must be the namespace of Posthorn.' };
const PREFLIGHT = {
  'Access-Control-Allow-Methods': 'POST',
  'Access-Control-Allow-Headers': 'Content-Type, X-Namespace, Authorization',
  'Access-Control-Max-Age': '600',
};

/** The codec endpoint that the Temporal UI and CLI ask to show encrypted payloads. */
@ApiTags('temporal')
@OperatorOnly()
@TakesForeignPages()
@Controller('v1/temporal/codec')
export class TemporalCodecController {
  readonly #service: TemporalCodecService;
  readonly #origins: readonly string[];

  constructor(service: TemporalCodecService, @Inject(TEMPORAL_CODEC) { uiUrl }: TemporalCodec) {
    this.#service = service;
    this.#origins = originsOf(uiUrl);
  }

  @Post('decode')
  @NotAudited('computes only')
  @HttpCode(200)
  @ApiHeader(NAMESPACE)
  @Documented({
    operation: 'temporal_codec_decode',
    summary: 'Decrypt payloads of Temporal',
    description: HOW,
    answer: payloadsView,
    errors: ERRORS,
  })
  async decode(
    @Body({ schema: payloadsView }) body: PayloadsView,
    @Headers() headers: FastifyRequest['headers'],
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PayloadsView> {
    const answer = await this.#service.decode(body, namespaceOf(headers));
    void reply.headers(corsHeaders(headers.origin, this.#origins));
    return answer;
  }

  @Post('encode')
  @NotAudited('computes only')
  @HttpCode(200)
  @ApiHeader(NAMESPACE)
  @Documented({
    operation: 'temporal_codec_encode',
    summary: 'Encrypt payloads for Temporal',
    description: HOW,
    answer: payloadsView,
    errors: ERRORS,
  })
  async encode(
    @Body({ schema: payloadsView }) body: PayloadsView,
    @Headers() headers: FastifyRequest['headers'],
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PayloadsView> {
    const answer = await this.#service.encode(body, namespaceOf(headers));
    void reply.headers(corsHeaders(headers.origin, this.#origins));
    return answer;
  }

  /** What a browser asks before it lets a page of another origin post. */
  @Options(['decode', 'encode'])
  @Public()
  @HttpCode(204)
  @ApiExcludeEndpoint()
  preflight(
    @Headers() { origin }: FastifyRequest['headers'],
    @Res({ passthrough: true }) reply: FastifyReply,
  ): void {
    const headers = corsHeaders(origin, this.#origins);
    if (!('Access-Control-Allow-Origin' in headers)) {
      const detail =
        `Only the Temporal UI may ask from another origin: ` +
        `${this.#origins.join(', ') || 'TEMPORAL_UI_URL is not set'}.`;
      throw new Problem(403, 'origin_not_allowed', { detail, headers });
    }
    void reply.headers({ ...headers, ...PREFLIGHT });
  }
}

function namespaceOf(headers: FastifyRequest['headers']): string | undefined {
  const given = headers['x-namespace'];
  return Array.isArray(given) ? given.join() : given;
}
