import { Controller, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { NotAudited } from '../platform/audited.ts';
import { Caller } from '../platform/caller.ts';
import { Documented } from '../platform/document.ts';
import { idInPath } from '../platform/fields.ts';
import { Problem } from '../platform/problem.ts';
import { EndpointsService } from './endpoints.service.ts';

const errors = [404, 501];

/** The action that comes with recovery; until then it answers 501. */
@ApiTags('endpoints')
@Controller('v1/endpoints/:id')
export class EndpointLaterActionsController {
  readonly #service: EndpointsService;

  constructor(service: EndpointsService) {
    this.#service = service;
  }

  @Post('recover')
  @NotAudited('does nothing yet')
  @Documented({ summary: 'Not supported yet', status: 501, errors })
  async act(@Param('id', idInPath('ep')) id: string, @Caller() caller: Caller): Promise<never> {
    await this.#service.read(id, caller);
    throw new Problem(501, 'not_supported_yet', { detail: 'This action is not supported yet.' });
  }
}
