import { Module } from '@nestjs/common';
import { AttemptStore } from '../../storage/history/attempt-store.ts';
import { DeliveryStore } from '../../storage/history/delivery-store.ts';
import { DeliveryActions } from '../../storage/open/delivery-actions.ts';
import { OutcomeFeed } from '../../storage/stats/outcome-feed.ts';
import { provideStore } from '../dependencies.ts';
import { FindingModule } from '../finding/finding.module.ts';
import { DeliveriesController } from './deliveries.controller.ts';
import { DeliveriesService } from './deliveries.service.ts';
import { RunSignals } from './run-signals.ts';
import { DeliveryStreamController } from './stream/delivery-stream.controller.ts';
import { OutcomeHub } from './stream/outcome-hub.ts';

const stores = [provideStore(DeliveryStore), provideStore(AttemptStore), provideStore(DeliveryActions)];

/** Deliveries and their attempts: reading, following, retrying, cancelling. */
@Module({
  imports: [FindingModule],
  controllers: [DeliveryStreamController, DeliveriesController],
  providers: [...stores, provideStore(OutcomeFeed), DeliveriesService, OutcomeHub, RunSignals],
  exports: [...stores, DeliveriesService, RunSignals],
})
export class DeliveriesModule {}
