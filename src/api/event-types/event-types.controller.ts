import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { Caller, OperatorOnly } from '../platform/access/caller.ts';
import { Documented } from '../platform/answers/document.ts';
import { Pager } from '../platform/answers/paging.ts';
import { Audited } from '../platform/audit/audited.ts';
import { Idempotent } from '../platform/idempotency/idempotent.ts';
import { EventTypeCatalogue } from './event-type-catalogue.ts';
import {
  type EventTypeChange,
  type EventTypeQuery,
  eventTypeChange,
  eventTypeList,
  eventTypeQuery,
  eventTypeView,
  type NewEventType,
  newEventType,
  showEventType,
} from './event-types.dto.ts';
import { EventTypesService } from './event-types.service.ts';

type View = z.output<typeof eventTypeView>;

/** The catalogue of event types. */
@ApiTags('event types')
@Controller('v1/event-types')
export class EventTypesController {
  readonly #service: EventTypesService;
  readonly #catalogue: EventTypeCatalogue;
  readonly #pager: Pager;

  constructor(service: EventTypesService, catalogue: EventTypeCatalogue, pager: Pager) {
    this.#service = service;
    this.#catalogue = catalogue;
    this.#pager = pager;
  }

  @Get()
  @Documented({
    operation: 'event_types_list',
    summary: 'List event types',
    description: 'Built-in, operational and registered ones, by name.',
    answer: eventTypeList,
    errors: [422],
  })
  async list(
    @Query({ schema: eventTypeQuery }) query: EventTypeQuery,
    @Caller() caller: Caller,
  ): Promise<z.output<typeof eventTypeList>> {
    const page = this.#pager.open({ list: 'event-types', caller, filters: {} }, query);
    const after = page.beforeId ?? '';
    const rows = (await this.#catalogue.list()).filter((type) => type.name > after).slice(0, page.fetchLimit);
    return page.answer(
      rows.map((type) => ({ id: type.name, type })),
      ({ type }) => showEventType(type),
    );
  }

  @Get(':name')
  @Documented({
    operation: 'event_types_get',
    summary: 'Read an event type',
    answer: eventTypeView,
    errors: [404],
  })
  async read(@Param('name') name: string): Promise<View> {
    return showEventType(await this.#service.read(name));
  }

  @Post()
  @Audited('event_type.create')
  @Idempotent()
  @OperatorOnly()
  @Documented({
    operation: 'event_types_create',
    summary: 'Register an event type',
    description: 'For the operator. `batch`, `endpoint.*` and `delivery.*` are reserved.',
    status: 201,
    answer: eventTypeView,
    headers: ['Idempotent-Replayed'],
    errors: [400, 403, 409, 415, 422],
  })
  async register(@Body({ schema: newEventType }) body: NewEventType): Promise<View> {
    return showEventType(await this.#service.register(body));
  }

  @Patch(':name')
  @Audited('event_type.update')
  @OperatorOnly()
  @Documented({
    operation: 'event_types_update',
    summary: 'Change an event type',
    description:
      'For the operator: description and schema of a registered type. Events accepted before stay as they are.',
    answer: eventTypeView,
    errors: [400, 403, 404, 409, 415, 422],
  })
  async change(
    @Param('name') name: string,
    @Body({ schema: eventTypeChange }) body: EventTypeChange,
  ): Promise<View> {
    return showEventType(await this.#service.change(name, body));
  }

  @Delete(':name')
  @Audited('event_type.delete')
  @OperatorOnly()
  @HttpCode(204)
  @Documented({
    operation: 'event_types_delete',
    summary: 'Delete an event type',
    description: 'For the operator: a registered type that no endpoint names.',
    status: 204,
    errors: [403, 404, 409],
  })
  async delete(@Param('name') name: string): Promise<void> {
    await this.#service.delete(name);
  }
}
