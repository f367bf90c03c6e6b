import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { OperatorOnly } from '../platform/access/caller.ts';
import { Documented } from '../platform/answers/document.ts';
import { invalidInput } from '../platform/answers/problem.ts';
import { Audited } from '../platform/audit/audited.ts';
import { toInputProblems } from '../platform/input/input-problems.ts';
import { isPlainObject } from '../platform/input/json-object.ts';
import {
  type MasterKeyAnswer,
  masterKeyView,
  type RotationStepAnswer,
  rotationStepBody,
  rotationStepView,
  showMasterKey,
  showStep,
} from './master-key.dto.ts';
import { MasterKeyService } from './master-key.service.ts';

const STEP_SCHEMA = z.toJSONSchema(rotationStepBody, { io: 'input', unrepresentable: 'any' });

/** The key that encrypts what is secret in Postgres; `posthorn keys rotate-master` works by this. */
@ApiTags('master key')
@OperatorOnly()
@Controller('v1/master-key')
export class MasterKeyController {
  readonly #service: MasterKeyService;

  constructor(service: MasterKeyService) {
    this.#service = service;
  }

  @Get()
  @Documented({
    operation: 'master_key_get',
    summary: 'Tell what is sealed with which master key',
    description: 'For the operator. No key itself is shown, only names of keys.',
    answer: masterKeyView,
    errors: [403],
  })
  async read(): Promise<MasterKeyAnswer> {
    return showMasterKey(this.#service.keyId, await this.#service.read());
  }

  @Post('rotate')
  @Audited('master_key.rotate', { unless: (_body, answer) => isPlainObject(answer) && answer.count === 0 })
  @HttpCode(200)
  @ApiBody({ required: false, schema: STEP_SCHEMA as never })
  @Documented({
    operation: 'master_key_rotate',
    summary: 'Re-encrypt a part of what is secret with the first master key',
    description:
      'For the operator; `posthorn keys rotate-master` does it all. One step goes through up to ' +
      '250 endpoints; repeat with `after` until `next` is null. Safe to repeat, while everything ' +
      'runs. 409 while a process lives that has another master key first.',
    answer: rotationStepView,
    errors: [400, 403, 409, 415, 422],
  })
  async rotate(@Body() body: unknown): Promise<RotationStepAnswer> {
    const parsed = rotationStepBody.safeParse(body ?? {});
    if (!parsed.success) throw invalidInput(toInputProblems(parsed.error.issues, body));
    return showStep(this.#service.keyId, await this.#service.reseal(parsed.data.after ?? ''));
  }
}
