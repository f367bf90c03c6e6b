import { Module } from '@nestjs/common';
import { ListenerStore } from '../../storage/listeners/listener-store.ts';
import { MissedEventStore } from '../../storage/listeners/missed-events.ts';
import { RelayStore } from '../../storage/listeners/relay-store.ts';
import { provideStore } from '../dependencies.ts';
import { EndpointsModule } from '../endpoints/endpoints.module.ts';
import { EventTypesModule } from '../event-types/event-types.module.ts';
import { ListenerStreams } from './listener-streams.ts';
import { ListenersController } from './listeners.controller.ts';
import { ListenersService } from './listeners.service.ts';

/** Endpoints without an address, for those who listen. */
@Module({
  imports: [EndpointsModule, EventTypesModule],
  controllers: [ListenersController],
  providers: [
    provideStore(ListenerStore),
    provideStore(MissedEventStore),
    provideStore(RelayStore),
    ListenersService,
    ListenerStreams,
  ],
})
export class ListenersModule {}
