import { Module } from '@nestjs/common';
import { EventTypeStore } from '../../storage/events/event-type-store.ts';
import { provideStore } from '../dependencies.ts';
import { EventTypeCatalogue } from './event-type-catalogue.ts';
import { EventTypesController } from './event-types.controller.ts';
import { EventTypesService } from './event-types.service.ts';
import { SchemaChecker } from './schema-checker.ts';
import { SensitiveData } from './sensitive-data.ts';

/**
 * The catalogue of event types, open to other modules as `EventTypeCatalogue`, the checks of data as `SchemaChecker`,
 * and what answers show of data as `SensitiveData`.
 */
@Module({
  controllers: [EventTypesController],
  providers: [
    provideStore(EventTypeStore),
    EventTypeCatalogue,
    EventTypesService,
    SchemaChecker,
    SensitiveData,
  ],
  exports: [EventTypeCatalogue, SchemaChecker, SensitiveData],
})
export class EventTypesModule {}
