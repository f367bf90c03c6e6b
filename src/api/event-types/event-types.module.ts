import { Module } from '@nestjs/common';
import { EventTypeStore } from '../../storage/events/event-type-store.ts';
import { provideStore } from '../dependencies.ts';
import { EventTypeCatalogue } from './event-type-catalogue.ts';
import { EventTypesController } from './event-types.controller.ts';
import { EventTypesService } from './event-types.service.ts';
import { SchemaChecker } from './schema-checker.ts';

/**
 * The catalogue of event types, open to other modules as `EventTypeCatalogue`, and the checks of data as
 * `SchemaChecker`.
 */
@Module({
  controllers: [EventTypesController],
  providers: [provideStore(EventTypeStore), EventTypeCatalogue, EventTypesService, SchemaChecker],
  exports: [EventTypeCatalogue, SchemaChecker],
})
export class EventTypesModule {}
