import { Body, Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Caller, OperatorOnly } from '../platform/access/caller.ts';
import { Documented } from '../platform/answers/document.ts';
import { originOf } from '../platform/answers/problem-origin.ts';
import { Audited } from '../platform/audit/audited.ts';
import { isPreview } from '../platform/input/json-object.ts';
import { type ImportAnswer, type ImportBody, importAnswer, importBody, showImport } from './imports.dto.ts';
import { ImportsService } from './imports.service.ts';

/** Endpoints of other senders. */
@ApiTags('imports')
@Controller('v1/imports')
export class ImportsController {
  readonly #service: ImportsService;

  constructor(service: ImportsService) {
    this.#service = service;
  }

  @Post()
  @Audited('endpoint.import', { unless: isPreview })
  @OperatorOnly()
  @HttpCode(200)
  @Documented({
    operation: 'imports_create',
    summary: 'Import endpoints of another sender',
    description:
      'Up to 1000, each for itself; signed and shaped as their receivers know it. ' +
      'The sender’s id of each is its uid: a second import changes nothing but what ' +
      'differs, and never a secret or whether it is enabled.',
    answer: importAnswer,
    errors: [400, 403, 415, 422],
  })
  async create(
    @Body({ schema: importBody }) body: ImportBody,
    @Caller() caller: Caller,
    @Req() request: FastifyRequest,
  ): Promise<ImportAnswer> {
    const items = await this.#service.run(body, { caller, origin: originOf(request) });
    return showImport(items, body.dry_run);
  }
}
