import { Body, Controller, Param, Put, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { newEndpointBody } from '../endpoints/endpoint.dto.ts';
import { putEndpointAnswer, showEndpoint } from '../endpoints/endpoint-view.ts';
import { EndpointsService } from '../endpoints/endpoints.service.ts';
import { Caller, NeedsScope } from '../platform/access/caller.ts';
import { Documented, unchecked } from '../platform/answers/document.ts';
import { Audited } from '../platform/audit/audited.ts';
import { ownIdInPath } from '../platform/input/fields.ts';

/** A customer's endpoints by the ids that whoever sets them up gives them. */
@ApiTags('customers')
@Controller('v1/customers/:customer_id/endpoints')
export class CustomerEndpointsController {
  readonly #service: EndpointsService;

  constructor(service: EndpointsService) {
    this.#service = service;
  }

  @Put(':uid')
  @NeedsScope('manage_endpoints')
  @Audited('endpoint.put')
  @Documented({
    operation: 'customers_put_endpoint',
    summary: 'Create a customer’s endpoint, or make it what the body says',
    description:
      'For set-up that is repeated: members left out have their defaults. 201 and the ' +
      'secret where it was created, else 200; the secret of one that exists stays, ' +
      'and 409 `endpoint_secret_differs` where another is given.',
    answer: putEndpointAnswer,
    errors: [400, 404, 409, 415, 422],
  })
  async put(
    @Param('customer_id', ownIdInPath('customer_id')) customerId: string,
    @Param('uid', ownIdInPath('uid')) uid: string,
    @Body({ schema: unchecked(newEndpointBody) }) body: unknown,
    @Caller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.output<typeof putEndpointAnswer>> {
    const { endpoint, secret, warnings } = await this.#service.put(body, { customerId, uid, caller });
    const shown = { ...showEndpoint(endpoint), warnings: [...warnings] };
    if (secret === null) return shown;
    void reply.status(201);
    return { ...shown, secret };
  }
}
