import { Module } from '@nestjs/common';
import { EventStore } from '../../storage/events/event-store.ts';
import { provideStore } from '../dependencies.ts';
import { EventTypesModule } from '../event-types/event-types.module.ts';
import { EventIntake } from './event-intake.ts';
import { EventsController } from './events.controller.ts';
import { EventsService } from './events.service.ts';
import { ScheduledQuota } from './scheduled-quota.ts';

/** Publishing and reading of events. */
@Module({
  imports: [EventTypesModule],
  controllers: [EventsController],
  providers: [provideStore(EventStore), EventIntake, EventsService, ScheduledQuota],
})
export class EventsModule {}
