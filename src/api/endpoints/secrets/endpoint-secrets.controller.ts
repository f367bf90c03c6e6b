import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Caller, NeedsScope } from '../../platform/access/caller.ts';
import { Documented } from '../../platform/answers/document.ts';
import { invalidInput } from '../../platform/answers/problem.ts';
import { Audited } from '../../platform/audit/audited.ts';
import { Idempotent } from '../../platform/idempotency/idempotent.ts';
import { idInPath } from '../../platform/input/fields.ts';
import { toInputProblems } from '../../platform/input/input-problems.ts';
import {
  type LiveSecretsAnswer,
  liveSecretsAnswer,
  type ReadableSecretsAnswer,
  type RotationAnswer,
  readableSecretsAnswer,
  revocationBody,
  rotationAnswer,
  rotationBody,
  showLive,
  showReadable,
  showRotation,
} from './endpoint-secret.dto.ts';
import { EndpointSecretsService } from './endpoint-secrets.service.ts';

const ROTATION_SCHEMA = z.toJSONSchema(rotationBody, { io: 'input' });
const REVOCATION_SCHEMA = z.toJSONSchema(revocationBody, { io: 'input' });

/** The signing secrets of an endpoint. */
@ApiTags('endpoints')
@NeedsScope('secrets')
@Controller('v1/endpoints/:id/secret')
export class EndpointSecretsController {
  readonly #service: EndpointSecretsService;

  constructor(service: EndpointSecretsService) {
    this.#service = service;
  }

  @Get()
  @Audited('endpoint.secret_read', { isNeeded: true })
  @Documented({
    operation: 'endpoints_get_secrets',
    summary: 'Show the live signing secrets of an endpoint',
    description: 'Each look is noted in the audit log; without that nothing is shown.',
    answer: readableSecretsAnswer,
    errors: [404],
  })
  async read(
    @Param('id', idInPath('ep')) id: string,
    @Caller() caller: Caller,
  ): Promise<ReadableSecretsAnswer> {
    return showReadable(await this.#service.read(id, caller));
  }

  @Post('rotate')
  @Audited('endpoint.secret_rotate')
  @Idempotent()
  @HttpCode(200)
  @ApiBody({ required: false, schema: ROTATION_SCHEMA as never })
  @Documented({
    operation: 'endpoints_rotate_secret',
    summary: 'Give an endpoint a new signing secret',
    description:
      'From the next attempt on webhook-signature has an entry of the new secret and, until the ' +
      'overlap ends, of those before it. The body’s signature and X-Webhook-Signature use the ' +
      'old one until the overlap ends or the new one is promoted. Repeated, it makes one more ' +
      'secret, unless `secret` is given. 409 where too many are live.',
    answer: rotationAnswer,
    headers: ['Idempotent-Replayed'],
    errors: [400, 404, 409, 415, 422],
  })
  async rotate(
    @Param('id', idInPath('ep')) id: string,
    @Body() body: unknown,
    @Caller() caller: Caller,
  ): Promise<RotationAnswer> {
    const { secret, live } = await this.#service.rotate(id, { body: parse(rotationBody, body), caller });
    return showRotation(secret, live);
  }

  @Post('promote')
  @Audited('endpoint.secret_promote')
  @HttpCode(200)
  @Documented({
    operation: 'endpoints_promote_secret',
    summary: 'Sign everything with the newest secret first',
    description:
      'The body’s signature and X-Webhook-Signature use the newest secret from the next attempt on; the ' +
      'others stay live in webhook-signature until their overlap ends. Safe to repeat.',
    answer: liveSecretsAnswer,
    errors: [404],
  })
  async promote(
    @Param('id', idInPath('ep')) id: string,
    @Caller() caller: Caller,
  ): Promise<LiveSecretsAnswer> {
    return showLive(await this.#service.promote(id, caller));
  }

  @Post('revoke')
  @Audited('endpoint.secret_revoke')
  @HttpCode(200)
  @ApiBody({ required: false, schema: REVOCATION_SCHEMA as never })
  @Documented({
    operation: 'endpoints_revoke_secrets',
    summary: 'Revoke signing secrets of an endpoint',
    description:
      'Without a body all but the newest. They sign no attempt from the next on. ' +
      'Revoking the newest takes its rotation back: the one before it has no end ' +
      'any more. Safe to repeat. 409 where none would be left.',
    answer: liveSecretsAnswer,
    errors: [400, 404, 409, 415, 422],
  })
  async revoke(
    @Param('id', idInPath('ep')) id: string,
    @Body() body: unknown,
    @Caller() caller: Caller,
  ): Promise<LiveSecretsAnswer> {
    return showLive(await this.#service.revoke(id, { body: parse(revocationBody, body), caller }));
  }
}

/** A body that may be left out. @throws Problem 422 */
function parse<T extends z.ZodType>(schema: T, body: unknown): z.output<T> {
  const parsed = schema.safeParse(body ?? {});
  if (!parsed.success) throw invalidInput(toInputProblems(parsed.error.issues, body));
  return parsed.data;
}
