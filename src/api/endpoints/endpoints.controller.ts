import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  HttpStatus,
  Param,
  Patch,
  Post,
  Query,
  Res,
} from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { EndpointStore } from '../../storage/endpoints/endpoint-store.ts';
import { EndpointHealthStore } from '../../storage/stats/endpoint-health.ts';
import { Caller, customerScope, NeedsScope } from '../platform/access/caller.ts';
import { Documented, unchecked } from '../platform/answers/document.ts';
import { Pager } from '../platform/answers/paging.ts';
import { Audited } from '../platform/audit/audited.ts';
import { Idempotent } from '../platform/idempotency/idempotent.ts';
import { idInPath } from '../platform/input/fields.ts';
import { isPlainObject } from '../platform/input/json-object.ts';
import {
  type EndpointCreationQuery,
  type EndpointListQuery,
  endpointChangesBody,
  endpointCreationQuery,
  endpointListQuery,
  newEndpointBody,
} from './endpoint.dto.ts';
import { EndpointFilters } from './endpoint-filters.ts';
import {
  createdEndpointAnswer,
  type EndpointAnswer,
  type EndpointWithHealth,
  endpointAnswer,
  endpointPage,
  endpointWithHealth,
  rehearsedEndpointAnswer,
  showEndpoint,
  showWithHealth,
} from './endpoint-view.ts';
import { EndpointsService } from './endpoints.service.ts';

/** Customers' URLs with their settings. */
@ApiTags('endpoints')
@Controller('v1/endpoints')
export class EndpointsController {
  readonly #service: EndpointsService;
  readonly #store: EndpointStore;
  readonly #filters: EndpointFilters;
  readonly #pager: Pager;
  readonly #health: EndpointHealthStore;

  constructor(
    service: EndpointsService,
    store: EndpointStore,
    filters: EndpointFilters,
    pager: Pager,
    health: EndpointHealthStore,
  ) {
    this.#service = service;
    this.#store = store;
    this.#filters = filters;
    this.#pager = pager;
    this.#health = health;
  }

  @Post()
  @NeedsScope('manage_endpoints')
  @Audited('endpoint.create', { unless: (_body, answer) => !isPlainObject(answer) || !('id' in answer) })
  @Idempotent()
  @Documented({
    operation: 'endpoints_create',
    summary: 'Create an endpoint',
    description:
      'The answer shows its signing secret. With `dry_run=true` everything is checked as at ' +
      'creation, destination too, and nothing is kept; it answers 200. Where ownership is ' +
      'verified it is disabled until it answers the challenge that it is sent.',
    status: 201,
    answer: createdEndpointAnswer,
    headers: ['Idempotent-Replayed'],
    errors: [400, 403, 409, 415, 422],
  })
  async create(
    @Body({ schema: unchecked(newEndpointBody) }) body: unknown,
    @Query({ schema: endpointCreationQuery }) { dry_run: isRehearsal }: EndpointCreationQuery,
    @Caller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.output<typeof createdEndpointAnswer> | z.output<typeof rehearsedEndpointAnswer>> {
    if (isRehearsal) {
      void reply.status(HttpStatus.OK);
      return { valid: true, warnings: [...(await this.#service.rehearse(body, caller))] };
    }
    const { endpoint, secret, warnings } = await this.#service.create(body, caller);
    return { ...showEndpoint(endpoint), secret, warnings: [...warnings] };
  }

  @Get()
  @Documented({
    operation: 'endpoints_list',
    summary: 'List endpoints, newest first',
    answer: endpointPage,
    errors: [403, 422],
  })
  async list(
    @Query({ schema: endpointListQuery }) query: EndpointListQuery,
    @Caller() caller: Caller,
  ): Promise<z.output<typeof endpointPage>> {
    const { limit: _limit, cursor: _cursor, ...filters } = query;
    const customerId = customerScope(caller, query.customer_id);
    const page = this.#pager.open({ list: 'endpoints', caller, filters }, query);
    const rows = await this.#store.list(await this.#filters.toFilter(filters, customerId), page);
    const health = await this.#health.of(rows.map(({ id }) => id));
    return page.answer(rows, (endpoint) => showWithHealth(endpoint, health.get(endpoint.id)));
  }

  @Get(':id')
  @Documented({
    operation: 'endpoints_get',
    summary: 'Read an endpoint, with how it fares',
    answer: endpointWithHealth,
    errors: [404],
  })
  async read(@Param('id', idInPath('ep')) id: string, @Caller() caller: Caller): Promise<EndpointWithHealth> {
    const endpoint = await this.#service.read(id, caller);
    return showWithHealth(endpoint, (await this.#health.of([id])).get(id));
  }

  @Patch(':id')
  @NeedsScope('manage_endpoints')
  @Audited('endpoint.update')
  @Documented({
    operation: 'endpoints_update',
    summary: 'Change an endpoint',
    description:
      'Members left out keep their value and null returns to the default. retry and tls are ' +
      'changed member by member; the others are replaced as a whole, rate_limit, batch and ' +
      'breaker with the defaults for what they leave out. Attempts from now on use the new ' +
      'settings, those of held deliveries too. Where ownership is verified, another URL ' +
      'disables it until it answers the challenge that is sent there.',
    answer: endpointAnswer,
    errors: [400, 404, 415, 422],
  })
  async change(
    @Param('id', idInPath('ep')) id: string,
    @Body({ schema: unchecked(endpointChangesBody) }) body: unknown,
    @Caller() caller: Caller,
  ): Promise<EndpointAnswer> {
    return showEndpoint(await this.#service.change(id, { body, caller }));
  }

  @Delete(':id')
  @NeedsScope('manage_endpoints')
  @Audited('endpoint.delete')
  @HttpCode(204)
  @Documented({
    operation: 'endpoints_delete',
    summary: 'Delete an endpoint',
    description:
      'Its open deliveries are cancelled; its secrets are gone at once; its history can still be read.',
    status: 204,
    errors: [404],
  })
  async remove(@Param('id', idInPath('ep')) id: string, @Caller() caller: Caller): Promise<void> {
    await this.#service.remove(id, caller);
  }
}
