import { Module } from '@nestjs/common';
import { EventSender } from '../../storage/events/event-sender.ts';
import { DeliveriesModule } from '../deliveries/deliveries.module.ts';
import { provideStore } from '../dependencies.ts';
import { EndpointsModule } from '../endpoints/endpoints.module.ts';
import { EventsModule } from '../events/events.module.ts';
import { FindingModule } from '../finding/finding.module.ts';
import { EventSendingController } from './event-sending.controller.ts';
import { EventSendingService } from './event-sending.service.ts';
import { NewReplaysController } from './new-replays.controller.ts';
import { ReplaysModule } from './replays.module.ts';

/** Sending what was accepted before, to endpoints that it went to or not. */
@Module({
  imports: [DeliveriesModule, EndpointsModule, EventsModule, FindingModule, ReplaysModule],
  controllers: [EventSendingController, NewReplaysController],
  providers: [provideStore(EventSender), EventSendingService],
})
export class SendAgainModule {}
