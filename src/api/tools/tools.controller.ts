import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import type { Config } from '../../config.ts';
import { type SenderName, senderNameOf } from '../../settings/sender-name.ts';
import { signDelivery } from '../../signature/sign.ts';
import { SIGNATURE_HEADER } from '../../signature/verify-header.ts';
import { CONFIG, VERSION } from '../dependencies.ts';
import { Caller, NeedsScope } from '../platform/access/caller.ts';
import { Documented } from '../platform/answers/document.ts';
import { NotAudited } from '../platform/audit/audited.ts';
import { Diagnoser } from './diagnoser.ts';
import {
  type SignRequest,
  signedView,
  signRequest,
  type VerifyRequest,
  verdictView,
  verifyRequest,
} from './tools.dto.ts';

const ERRORS = [400, 413, 415, 422];

/** Tools for the engineers of receivers. Their bodies carry secrets, which are neither kept nor logged. */
@ApiTags('tools')
@NeedsScope('view')
@NotAudited('computes only')
@Controller('v1/tools')
export class ToolsController {
  readonly #sender: SenderName;
  readonly #diagnoser: Diagnoser;

  constructor(@Inject(VERSION) version: string, @Inject(CONFIG) config: Config, diagnoser: Diagnoser) {
    this.#sender = senderNameOf(config, version);
    this.#diagnoser = diagnoser;
  }

  @Post('sign')
  @HttpCode(200)
  @Documented({
    operation: 'tools_sign',
    summary: 'Sign a body',
    description: 'Builds the request that a delivery with these members would send, to test a receiver with.',
    answer: signedView,
    errors: ERRORS,
  })
  sign(@Body({ schema: signRequest }) request: SignRequest): z.output<typeof signedView> {
    const { event, delivery_id: deliveryId, attempt, secret, timestamp = new Date() } = request;
    const dataText = request.data_text ?? request.data?.text ?? '{}';
    const secrets = { primary: secret, additional: request.additional_secrets };
    const signed = signDelivery({ event, deliveryId, attempt, timestamp, dataText, secrets });
    const { userAgent, headerPrefix } = this.#sender;
    const { 'X-Webhook-Signature': digest, ...standard } = signed.headers;
    const headers = {
      'Content-Type': 'application/json; charset=utf-8',
      'User-Agent': userAgent,
      [`${headerPrefix}Event`]: event,
      [`${headerPrefix}Delivery`]: deliveryId,
      [`${headerPrefix}Attempt`]: String(attempt),
      [`${headerPrefix}Signature`]: digest,
      ...standard,
    };
    return { body: signed.body.toString(), headers, signature: signed.bodySignature };
  }

  @Post('verify')
  @HttpCode(200)
  @Documented({
    operation: 'tools_verify',
    summary: 'Find out why a request does not verify',
    description:
      'Checks what a receiver got by every rule and says for each whether it ' +
      'passed, and if not what probably happened to the request.',
    answer: verdictView,
    errors: ERRORS,
  })
  async verify(
    @Body({ schema: verifyRequest }) request: VerifyRequest,
    @Caller() caller: Caller,
  ): Promise<z.output<typeof verdictView>> {
    const { body: rawBody, secret, signature, now } = request;
    const headers = request.headers && this.#asNamed(request.headers);
    const received = { rawBody, secret, headers, signature, now };
    const { verified, checks } = await this.#diagnoser.diagnose(received, caller.keyId ?? caller.kind);
    return {
      valid: verified,
      checks: checks.map(({ rule, passed, code, message }) => ({ rule, passed, code, message })),
    };
  }

  /** The signature that has another name in this installation goes by the name that the rules know it by. */
  #asNamed(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
    const own = `${this.#sender.headerPrefix}Signature`.toLowerCase();
    const entries = Object.entries(headers);
    return Object.fromEntries(
      entries.map(([name, value]) => [name.toLowerCase() === own ? SIGNATURE_HEADER : name, value]),
    );
  }
}
