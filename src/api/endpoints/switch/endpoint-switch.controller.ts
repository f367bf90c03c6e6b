import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import { Caller, NeedsScope } from '../../platform/access/caller.ts';
import { Documented } from '../../platform/answers/document.ts';
import { Audited } from '../../platform/audit/audited.ts';
import { idInPath } from '../../platform/input/fields.ts';
import { type EndpointAnswer, endpointAnswer, showEndpoint } from '../endpoint-view.ts';
import { EndpointSwitchService } from './endpoint-switch.service.ts';
import { PAUSE_BODY_SCHEMA, readPause, readReason, SWITCH_BODY_SCHEMA } from './switch-reason.ts';

/** The switch of an endpoint. Each action holds once it is answered, whatever crashes afterwards. */
@ApiTags('endpoints')
@Controller('v1/endpoints/:id')
export class EndpointSwitchController {
  readonly #service: EndpointSwitchService;

  constructor(service: EndpointSwitchService) {
    this.#service = service;
  }

  @Post('pause')
  @NeedsScope('manage_endpoints')
  @Audited('endpoint.pause', { keepsReason: true })
  @HttpCode(200)
  @ApiBody({ required: false, schema: PAUSE_BODY_SCHEMA as never })
  @Documented({
    operation: 'endpoints_pause',
    summary: 'Pause an endpoint',
    description:
      'Its deliveries, retries too, are held until it is resumed; new events are accepted and held. If ' +
      'it is paused already, only `until` changes, where that is given. 409 while it is disabled.',
    answer: endpointAnswer,
    errors: [400, 404, 409, 415, 422],
  })
  async pause(
    @Param('id', idInPath('ep')) id: string,
    @Body() body: unknown,
    @Caller() caller: Caller,
  ): Promise<EndpointAnswer> {
    return showEndpoint(await this.#service.pause(id, { caller, ...readPause(body) }));
  }

  @Post('resume')
  @NeedsScope('manage_endpoints')
  @Audited('endpoint.resume')
  @HttpCode(200)
  @Documented({
    operation: 'endpoints_resume',
    summary: 'Resume an endpoint',
    description:
      'What was held is sent, under the endpoint’s rules. An open circuit breaker probes at once, ' +
      'of an endpoint that is not paused too. 409 while it is disabled: enable it.',
    answer: endpointAnswer,
    errors: [404, 409],
  })
  async resume(@Param('id', idInPath('ep')) id: string, @Caller() caller: Caller): Promise<EndpointAnswer> {
    return showEndpoint(await this.#service.resume(id, caller));
  }

  @Post('enable')
  @NeedsScope('manage_endpoints')
  @Audited('endpoint.enable')
  @HttpCode(200)
  @Documented({
    operation: 'endpoints_enable',
    summary: 'Enable an endpoint',
    description:
      'Deliveries that were held while it was disabled or paused are sent now, and its circuit ' +
      'breaker starts anew. Enabled already, only the breaker changes. 409 for a customer’s key ' +
      'while it is unverified; the operator (scope operate) answers for it by this.',
    answer: endpointAnswer,
    errors: [404, 409],
  })
  async enable(@Param('id', idInPath('ep')) id: string, @Caller() caller: Caller): Promise<EndpointAnswer> {
    return showEndpoint(await this.#service.enable(id, caller));
  }

  @Post('disable')
  @NeedsScope('manage_endpoints')
  @Audited('endpoint.disable', { keepsReason: true })
  @HttpCode(200)
  @ApiBody({ required: false, schema: SWITCH_BODY_SCHEMA as never })
  @Documented({
    operation: 'endpoints_disable',
    summary: 'Disable an endpoint',
    description: 'Its open deliveries are held until it is enabled; of new events it gets skipped ones.',
    answer: endpointAnswer,
    errors: [400, 404, 415, 422],
  })
  async disable(
    @Param('id', idInPath('ep')) id: string,
    @Body() body: unknown,
    @Caller() caller: Caller,
  ): Promise<EndpointAnswer> {
    return showEndpoint(await this.#service.disable(id, { caller, reason: readReason(body) }));
  }
}
