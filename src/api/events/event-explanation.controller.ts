import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ExplanationStore } from '../../storage/history/explanation-store.ts';
import { EventTypeCatalogue } from '../event-types/event-type-catalogue.ts';
import { Caller } from '../platform/access/caller.ts';
import { Documented } from '../platform/answers/document.ts';
import { Pager } from '../platform/answers/paging.ts';
import { idInPath } from '../platform/input/fields.ts';
import { EventsService } from './events.service.ts';
import {
  type ExplanationAnswer,
  type ExplanationQuery,
  explanationAnswer,
  explanationQuery,
  showExplained,
} from './explanation.dto.ts';

/** Why an event did or did not reach each endpoint. */
@ApiTags('events')
@Controller('v1/events/:id')
export class EventExplanationController {
  readonly #events: EventsService;
  readonly #store: ExplanationStore;
  readonly #catalogue: EventTypeCatalogue;

  readonly #pager: Pager;

  constructor(events: EventsService, store: ExplanationStore, catalogue: EventTypeCatalogue, pager: Pager) {
    this.#events = events;
    this.#store = store;
    this.#catalogue = catalogue;
    this.#pager = pager;
  }

  @Get('explain')
  @Documented({
    operation: 'events_explain',
    summary: 'Explain why an event did or did not reach each endpoint',
    description:
      'By what endpoints and its type were when it was accepted, whatever they are ' +
      'now: those it went to first, then those that could have got it, then deleted ' +
      'ones. A customer’s key is told of that customer’s endpoints.',
    answer: explanationAnswer,
    errors: [404],
  })
  async explain(
    @Param('id', idInPath('evt')) id: string,
    @Query({ schema: explanationQuery }) query: ExplanationQuery,
    @Caller() caller: Caller,
  ): Promise<ExplanationAnswer> {
    const event = await this.#events.read(id, caller);
    const page = this.#pager.open({ list: 'explanation', caller, filters: { id } }, query);
    const found = await this.#store.of(event, {
      seenBy: caller.kind === 'customer' ? caller.customerId : null,
      after: page.beforeId,
      limit: page.fetchLimit,
    });
    const sensitive = await this.#catalogue.sensitiveOf(event.event);
    const explained = { ...event, ...(await this.#catalogue.rulesOf(event)), sensitive };
    const { items, next_cursor } = page.answer(found, (at) => showExplained(explained, at));
    return {
      event_id: event.id,
      event: event.event,
      customer_id: event.customerId,
      created_at: event.createdAt.toISOString(),
      endpoints: items,
      next_cursor,
    };
  }
}
