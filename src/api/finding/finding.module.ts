import { Module } from '@nestjs/common';
import { SearchKeys } from '../../storage/history/search-keys.ts';
import { provideStore } from '../dependencies.ts';
import { EventTypesModule } from '../event-types/event-types.module.ts';
import { EventFinder } from './event-finder.ts';

/** Finding events, deliveries and dead letters by members of data. */
@Module({
  imports: [EventTypesModule],
  providers: [provideStore(SearchKeys), EventFinder],
  exports: [SearchKeys, EventFinder],
})
export class FindingModule {}
