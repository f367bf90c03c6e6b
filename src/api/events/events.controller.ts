import {
  Body,
  Controller,
  Delete,
  Get,
  Headers,
  HttpCode,
  Param,
  Post,
  Query,
  Req,
  Res,
} from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { EventDetail } from '../../storage/events/event-store.ts';
import type { AcceptedEvent } from '../../storage/events/publisher.ts';
import { SensitiveData } from '../event-types/sensitive-data.ts';
import { Caller, NeedsScope, OperatorOnly } from '../platform/access/caller.ts';
import { AnswerRoom } from '../platform/answers/answer-room.ts';
import { Documented, unchecked } from '../platform/answers/document.ts';
import { invalidParameter, Problem } from '../platform/answers/problem.ts';
import { originOf } from '../platform/answers/problem-origin.ts';
import { Audited, NotAudited } from '../platform/audit/audited.ts';
import { TraceParent } from '../platform/http/request-trace.ts';
import { documentedKey, IDEMPOTENCY_KEY } from '../platform/idempotency/idempotency-key.ts';
import { idInPath } from '../platform/input/fields.ts';
import {
  acceptedBatchView,
  acceptedEventView,
  type EventQuery,
  eventDetailView,
  eventList,
  eventQuery,
  isPartial,
  newEvent,
  newEventBatch,
  type PartialBatch,
  partialBatchView,
  showAccepted,
  showEventDetail,
  showItem,
  showListedEvent,
} from './events.dto.ts';
import { EventsService } from './events.service.ts';
import { PublishHints } from './publish-hints.ts';

const PUBLISH_ERRORS = [400, 403, 413, 415, 422];

/** Events: publish one or many, list, read, cancel scheduled ones. */
@ApiTags('events')
@Controller('v1/events')
export class EventsController {
  readonly #service: EventsService;
  readonly #hints: PublishHints;
  readonly #sensitive: SensitiveData;

  constructor(service: EventsService, hints: PublishHints, sensitive: SensitiveData) {
    this.#service = service;
    this.#hints = hints;
    this.#sensitive = sensitive;
  }

  @Post()
  @NotAudited('an event is its own record')
  @NeedsScope('publish')
  @HttpCode(202)
  @ApiHeader(
    documentedKey(
      'For 24 hours the same key with the same event gives the first answer ' +
        '(and `Idempotent-Replayed: true`); with another event 422.',
    ),
  )
  @Documented({
    operation: 'events_publish',
    summary: 'Publish an event',
    description:
      'A 202 means that the event and its deliveries are stored for ' +
      'good: from here on nothing loses them, whatever fails.',
    status: 202,
    answer: acceptedEventView,
    headers: ['Idempotent-Replayed'],
    errors: [...PUBLISH_ERRORS, 409],
  })
  async publish(
    @Body({ schema: unchecked(newEvent) }) body: unknown,
    @Caller() caller: Caller,
    @Headers(IDEMPOTENCY_KEY) keyHeader: string | undefined,
    @TraceParent() traceParent: string | null,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.output<typeof acceptedEventView>> {
    const accepted = await this.#service.publish(body, { caller, keyHeader, traceParent });
    if (accepted.replayed) void reply.header('Idempotent-Replayed', 'true');
    const hint = await this.#hints.hintFor(accepted);
    return { ...showAccepted(accepted, caller), ...(hint !== undefined && { hint }) };
  }

  @Post('batch')
  @NotAudited('an event is its own record')
  @NeedsScope('publish')
  @HttpCode(202)
  @Documented({
    operation: 'events_publish_batch',
    summary: 'Publish many events',
    description:
      'Up to 1000; the answer has one entry an event, in the same order. All or none, ' +
      'unless `partial` is true: then each has its own status, with the event or the ' +
      'problem, and the whole is 422 where none was accepted.',
    status: 202,
    answer: z.union([acceptedBatchView, partialBatchView]),
    errors: [...PUBLISH_ERRORS, 409],
  })
  async publishMany(
    @Body({ schema: unchecked(newEventBatch) }) body: unknown,
    @Caller() caller: Caller,
    @Headers(IDEMPOTENCY_KEY) key: string | undefined,
    @TraceParent() traceParent: string | null,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.output<typeof acceptedBatchView> | PartialBatch> {
    if (key !== undefined) {
      throw invalidParameter(
        IDEMPOTENCY_KEY,
        'idempotency_key_misplaced',
        'In a batch each event has its own idempotency_key; leave the header out.',
      );
    }
    const results = await this.#service.publishMany(body, { caller, traceParent });
    const accepted = results.filter((one): one is AcceptedEvent => !(one instanceof Problem));
    if (!isPartial(body)) return { events: accepted.map((one) => showAccepted(one, caller)) };
    if (accepted.length === 0) void reply.status(422);
    const shown = { caller, origin: originOf(request), room: new AnswerRoom() };
    return { events: results.map((one) => showItem(one, shown)) };
  }

  @Get()
  @Documented({
    operation: 'events_list',
    summary: 'List events',
    description:
      "Newest first, without tests; with data where `include=data`. A customer's key sees that " +
      "customer's. A request looks at 2,000 events at most: a page may be empty and still have a " +
      'next_cursor.',
    answer: eventList,
    errors: [403, 422],
  })
  async list(
    @Query({ schema: eventQuery }) query: EventQuery,
    @Caller() caller: Caller,
  ): Promise<z.output<typeof eventList>> {
    const { page, found } = await this.#service.list(query, caller);
    const rows = await this.#sensitive.hideEach(found.rows);
    return page.answer(rows, (row) => showListedEvent(row, caller), found.lookedTo);
  }

  @Get(':id')
  @Documented({
    operation: 'events_get',
    summary: 'Read an event',
    description: 'With its data, and how many of its deliveries are in which state now.',
    answer: eventDetailView,
    errors: [404],
  })
  async read(
    @Param('id', idInPath('evt')) id: string,
    @Caller() caller: Caller,
  ): Promise<z.output<typeof eventDetailView>> {
    return await this.#show(await this.#service.read(id, caller), caller);
  }

  @Delete(':id/data')
  @Audited('event.erase')
  @OperatorOnly()
  @HttpCode(204)
  @Documented({
    operation: 'events_erase_data',
    summary: 'Erase what an event carried',
    description:
      'For good: data, metadata and uid, and what receivers answered. What waits ' +
      'of it is cancelled, dead letters are discarded, and nothing of it can be ' +
      'sent again. 409 while it is being sent. Safe to repeat.',
    status: 204,
    errors: [403, 404, 409],
  })
  async erase(@Param('id', idInPath('evt')) id: string, @Caller() caller: Caller): Promise<void> {
    await this.#service.erase(id, caller);
  }

  @Post(':id/cancel')
  @Audited('event.cancel')
  @NeedsScope('publish')
  @HttpCode(202)
  @Documented({
    operation: 'events_cancel',
    summary: 'Cancel a scheduled event',
    description:
      'Cancels its deliveries, as long as its time has not come. Cancelling twice changes nothing.',
    status: 202,
    answer: eventDetailView,
    errors: [404, 409],
  })
  async cancel(
    @Param('id', idInPath('evt')) id: string,
    @Caller() caller: Caller,
  ): Promise<z.output<typeof eventDetailView>> {
    return await this.#show(await this.#service.cancel(id, caller), caller);
  }

  async #show(event: EventDetail, caller: Caller): Promise<z.output<typeof eventDetailView>> {
    const { hidden, sensitive } = await this.#sensitive.hideAndTell(event);
    return showEventDetail(hidden, { caller, sensitive });
  }
}
