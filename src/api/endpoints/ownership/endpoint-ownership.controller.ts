import { Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Caller, NeedsScope } from '../../platform/access/caller.ts';
import { Documented, problemResponse } from '../../platform/answers/document.ts';
import { Audited } from '../../platform/audit/audited.ts';
import { idInPath } from '../../platform/input/fields.ts';
import { EndpointsService } from '../endpoints.service.ts';
import { showVerification, type VerificationAnswer, verificationAnswer } from './endpoint-ownership.dto.ts';
import { EndpointOwnershipService } from './endpoint-ownership.service.ts';

/** Whether an endpoint has shown that it answers for its URL, where `POSTHORN_VERIFY_OWNERSHIP` asks for that. */
@ApiTags('endpoints')
@Controller('v1/endpoints/:id')
export class EndpointOwnershipController {
  readonly #endpoints: EndpointsService;
  readonly #ownership: EndpointOwnershipService;

  constructor(endpoints: EndpointsService, ownership: EndpointOwnershipService) {
    this.#endpoints = endpoints;
    this.#ownership = ownership;
  }

  @Post('verify')
  @NeedsScope('manage_endpoints')
  @Audited('endpoint.verify')
  @HttpCode(200)
  @Documented({
    operation: 'endpoints_verify',
    summary: 'Send an unverified endpoint another challenge and wait for its answer',
    description:
      'Answers what GET verification does, once the endpoint answered or its ' +
      'timeout and ten seconds are over. While a challenge is under way it waits ' +
      'for that one. 409 where the endpoint is not unverified.',
    answer: verificationAnswer,
    errors: [404, 409],
  })
  @problemResponse(429, 'A challenge was sent a moment ago; go on after `Retry-After` seconds.')
  async verify(
    @Param('id', idInPath('ep')) id: string,
    @Caller() caller: Caller,
  ): Promise<VerificationAnswer> {
    await this.#ownership.verify(await this.#endpoints.read(id, caller), caller);
    return await this.read(id, caller);
  }

  @Get('verification')
  @Documented({
    operation: 'endpoints_get_verification',
    summary: 'Read whether an endpoint is verified, and what came of its last challenge',
    answer: verificationAnswer,
    errors: [404],
  })
  async read(@Param('id', idInPath('ep')) id: string, @Caller() caller: Caller): Promise<VerificationAnswer> {
    const seen = await this.#ownership.read(await this.#endpoints.read(id, caller), caller);
    // Read once more: an answer that came since has changed both, and they must fit together.
    return showVerification(await this.#endpoints.read(id, caller), seen);
  }
}
