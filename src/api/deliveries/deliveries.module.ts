import { Module } from '@nestjs/common';
import { SignableDeliveries } from '../../storage/claims/signable-deliveries.ts';
import { AttemptStore } from '../../storage/history/attempt-store.ts';
import { DeliveryStore } from '../../storage/history/delivery-store.ts';
import { DeliveryActions } from '../../storage/open/delivery-actions.ts';
import type { Database } from '../../storage/postgres/database.ts';
import { SecretBox } from '../../storage/sealed/secret-box.ts';
import { OutcomeFeed } from '../../storage/stats/outcome-feed.ts';
import { DATABASE, provideStore } from '../dependencies.ts';
import { EventTypesModule } from '../event-types/event-types.module.ts';
import { FindingModule } from '../finding/finding.module.ts';
import { DeliveriesController } from './deliveries.controller.ts';
import { DeliveriesService } from './deliveries.service.ts';
import { RunSignals } from './run-signals.ts';
import { SignedRequestController } from './signed-request.controller.ts';
import { DeliveryStreamController } from './stream/delivery-stream.controller.ts';
import { OutcomeHub } from './stream/outcome-hub.ts';

const stores = [provideStore(DeliveryStore), provideStore(AttemptStore), provideStore(DeliveryActions)];

const signable = {
  provide: SignableDeliveries,
  inject: [DATABASE, SecretBox],
  useFactory: (database: Database, secretBox: SecretBox) => new SignableDeliveries(database, secretBox),
};

/** Deliveries and their attempts: reading, following, retrying, cancelling. */
@Module({
  imports: [EventTypesModule, FindingModule],
  controllers: [DeliveryStreamController, SignedRequestController, DeliveriesController],
  providers: [...stores, signable, provideStore(OutcomeFeed), DeliveriesService, OutcomeHub, RunSignals],
  exports: [...stores, DeliveriesService, RunSignals],
})
export class DeliveriesModule {}
