import { Controller, Get, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ExplanationStore, MAX_EXPLAINED } from '../../storage/history/explanation-store.ts';
import { EventTypeCatalogue } from '../event-types/event-type-catalogue.ts';
import { Caller } from '../platform/access/caller.ts';
import { Documented } from '../platform/answers/document.ts';
import { idInPath } from '../platform/input/fields.ts';
import { EventsService } from './events.service.ts';
import { type ExplanationAnswer, explanationAnswer, showExplained } from './explanation.dto.ts';

/** Why an event did or did not reach each endpoint. */
@ApiTags('events')
@Controller('v1/events/:id')
export class EventExplanationController {
  readonly #events: EventsService;
  readonly #store: ExplanationStore;
  readonly #catalogue: EventTypeCatalogue;

  constructor(events: EventsService, store: ExplanationStore, catalogue: EventTypeCatalogue) {
    this.#events = events;
    this.#store = store;
    this.#catalogue = catalogue;
  }

  @Get('explain')
  @Documented({
    operation: 'events_explain',
    summary: 'Explain why an event did or did not reach each endpoint',
    description:
      'By what endpoints were when it was accepted, whatever they are now: those it went to first, then those that could have got it, then deleted ones. A customer’s key is told of that customer’s endpoints.',
    answer: explanationAnswer,
    errors: [404],
  })
  async explain(
    @Param('id', idInPath('evt')) id: string,
    @Caller() caller: Caller,
  ): Promise<ExplanationAnswer> {
    const event = await this.#events.read(id, caller);
    const type = await this.#catalogue.find(event.event);
    const found = await this.#store.of(event, caller.kind === 'customer' ? caller.customerId : null);
    const explained = { ...event, optIn: type?.optIn ?? false, searchable: type?.searchable ?? [] };
    return {
      event_id: event.id,
      event: event.event,
      customer_id: event.customerId,
      created_at: event.createdAt.toISOString(),
      endpoints: found.slice(0, MAX_EXPLAINED).map((at) => showExplained(explained, at)),
      more: found.length > MAX_EXPLAINED,
    };
  }
}
