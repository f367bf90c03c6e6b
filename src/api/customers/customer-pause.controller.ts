import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { EndpointSwitchService } from '../endpoints/switch/endpoint-switch.service.ts';
import { PAUSE_BODY_SCHEMA, readPause } from '../endpoints/switch/switch-reason.ts';
import { Caller, NeedsScope } from '../platform/access/caller.ts';
import { Documented } from '../platform/answers/document.ts';
import { Audited } from '../platform/audit/audited.ts';
import { ownIdInPath } from '../platform/input/fields.ts';

const switchedAnswer = z
  .object({ count: z.int().meta({ description: 'How many endpoints changed.' }) })
  .meta({ id: 'SwitchedEndpoints' });

/** The pause of all that a customer has. */
@ApiTags('customers')
@NeedsScope('manage_endpoints')
@Controller('v1/customers/:id')
export class CustomerPauseController {
  readonly #service: EndpointSwitchService;

  constructor(service: EndpointSwitchService) {
    this.#service = service;
  }

  @Post('pause')
  @Audited('customer.pause', { keepsReason: true })
  @HttpCode(200)
  @ApiBody({ required: false, schema: PAUSE_BODY_SCHEMA as never })
  @Documented({
    operation: 'customers_pause',
    summary: 'Pause all endpoints of a customer',
    description: 'Those that are enabled now, each as if it were paused alone. Safe to repeat.',
    answer: switchedAnswer,
    errors: [400, 404, 415, 422],
  })
  async pause(
    @Param('id', ownIdInPath('id')) id: string,
    @Body() body: unknown,
    @Caller() caller: Caller,
  ): Promise<z.output<typeof switchedAnswer>> {
    return { count: await this.#service.pauseAll(id, { caller, ...readPause(body) }) };
  }

  @Post('resume')
  @Audited('customer.resume')
  @HttpCode(200)
  @Documented({
    operation: 'customers_resume',
    summary: 'Resume all paused endpoints of a customer',
    description: 'Whoever paused them. Safe to repeat.',
    answer: switchedAnswer,
    errors: [404, 422],
  })
  async resume(
    @Param('id', ownIdInPath('id')) id: string,
    @Caller() caller: Caller,
  ): Promise<z.output<typeof switchedAnswer>> {
    return { count: await this.#service.resumeAll(id, caller) };
  }
}
