import { Controller, Get, Inject, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { DomainError } from '../../domain/errors.ts';
import { SignableDeliveries } from '../../storage/claims/signable-deliveries.ts';
import { SIGN_REQUEST, type SignRequest } from '../dependencies.ts';
import { Caller, NeedsScope } from '../platform/access/caller.ts';
import { Documented } from '../platform/answers/document.ts';
import { Audited } from '../platform/audit/audited.ts';
import { idInPath } from '../platform/input/fields.ts';
import { DeliveriesService } from './deliveries.service.ts';
import { showSignedRequest, signedRequestAnswer } from './signed-request.ts';

/** The request of a delivery, for whoever wants to send it from elsewhere. */
@ApiTags('deliveries')
@Controller('v1/deliveries/:id/signed-request')
export class SignedRequestController {
  readonly #deliveries: DeliveriesService;
  readonly #signable: SignableDeliveries;
  readonly #sign: SignRequest;

  constructor(
    deliveries: DeliveriesService,
    signable: SignableDeliveries,
    @Inject(SIGN_REQUEST) sign: SignRequest,
  ) {
    this.#deliveries = deliveries;
    this.#signable = signable;
    this.#sign = sign;
  }

  @Get()
  @NeedsScope('secrets')
  @Audited('delivery.signed_request', { isNeeded: true })
  @Documented({
    operation: 'deliveries_get_signed_request',
    summary: 'Show the request of a delivery, signed now',
    description:
      'By the endpoint’s current URL, headers and secrets, by itself also where it went in a batch, and ' +
      'as a curl line. Nothing is sent and no attempt is counted. Each look is noted in the audit log; ' +
      'without that nothing is shown. 409 where the endpoint is deleted or the data is erased.',
    answer: signedRequestAnswer,
    errors: [404, 409],
  })
  async read(
    @Param('id', idInPath('del')) id: string,
    @Caller() caller: Caller,
  ): Promise<z.output<typeof signedRequestAnswer>> {
    await this.#deliveries.read(id, caller);
    const found = await this.#signable.read(id);
    if (found === null) throw gone('endpoint_deleted', 'The endpoint of this delivery was deleted.');
    if (found.isErased) throw gone('event_erased', 'What the event carried is erased for good.');
    const now = new Date();
    return showSignedRequest({ url: found.claim.url, ...this.#sign(found.claim, now) }, now);
  }
}

function gone(code: 'event_erased' | 'endpoint_deleted', message: string): DomainError {
  return new DomainError('conflict', code, { message });
}
