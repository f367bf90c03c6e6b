import { Module } from '@nestjs/common';
import { CustomerStore } from '../../storage/customers/customer-store.ts';
import { EndpointStore } from '../../storage/endpoints/endpoint-store.ts';
import { EventStore } from '../../storage/events/event-store.ts';
import { EndpointRemoval } from '../../storage/gates/endpoint-removal.ts';
import { ExplanationStore } from '../../storage/history/explanation-store.ts';
import type { Database } from '../../storage/postgres/database.ts';
import { SecretBox } from '../../storage/sealed/secret-box.ts';
import { Erasures } from '../../storage/upkeep/erasures.ts';
import { DeliveriesModule } from '../deliveries/deliveries.module.ts';
import { DATABASE, provideStore } from '../dependencies.ts';
import { EventTypesModule } from '../event-types/event-types.module.ts';
import { FindingModule } from '../finding/finding.module.ts';
import { EventExplanationController } from './event-explanation.controller.ts';
import { EventIntake } from './event-intake.ts';
import { EventsController } from './events.controller.ts';
import { EventsService } from './events.service.ts';
import { PublishHints } from './publish-hints.ts';
import { ScheduledQuota } from './scheduled-quota.ts';

const erasures = {
  provide: Erasures,
  inject: [DATABASE, CustomerStore],
  useFactory: (database: Database, customers: CustomerStore) =>
    new Erasures(database, { customers, removal: new EndpointRemoval(database) }),
};

const endpointStore = {
  provide: EndpointStore,
  inject: [DATABASE, SecretBox],
  useFactory: (database: Database, secretBox: SecretBox) => new EndpointStore(database, secretBox),
};

/** Publishing, reading, explaining and erasing of events. */
@Module({
  imports: [DeliveriesModule, EventTypesModule, FindingModule],
  controllers: [EventsController, EventExplanationController],
  providers: [
    provideStore(EventStore),
    provideStore(ExplanationStore),
    erasures,
    endpointStore,
    EventIntake,
    EventsService,
    PublishHints,
    ScheduledQuota,
  ],
  exports: [EventsService],
})
export class EventsModule {}
