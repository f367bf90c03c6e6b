import { Controller, Get, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { NotAudited } from '../platform/audited.ts';
import { Caller, NeedsScope } from '../platform/caller.ts';
import { Documented } from '../platform/document.ts';
import { idInPath } from '../platform/fields.ts';
import { Problem } from '../platform/problem.ts';
import { EndpointsService } from './endpoints.service.ts';

const errors = [404, 501];

/** Actions that come with recovery and with secret rotation; until then each answers 501. */
@ApiTags('endpoints')
@Controller('v1/endpoints/:id')
export class EndpointLaterActionsController {
  readonly #service: EndpointsService;

  constructor(service: EndpointsService) {
    this.#service = service;
  }

  @Post(['recover', 'secret/rotate', 'secret/promote', 'secret/revoke'])
  @NotAudited('does nothing yet')
  @Documented({ summary: 'Not supported yet', status: 501, errors })
  async act(@Param('id', idInPath('ep')) id: string, @Caller() caller: Caller): Promise<never> {
    return this.#refuse(id, caller);
  }

  @Get('secret')
  @NeedsScope('manage')
  @Documented({ summary: 'Not supported yet', status: 501, errors })
  async readSecret(@Param('id', idInPath('ep')) id: string, @Caller() caller: Caller): Promise<never> {
    return this.#refuse(id, caller);
  }

  async #refuse(id: string, caller: Caller): Promise<never> {
    await this.#service.read(id, caller);
    throw new Problem(501, 'not_supported_yet', { detail: 'This action is not supported yet.' });
  }
}
