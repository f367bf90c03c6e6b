import { Module } from '@nestjs/common';
import { EndpointSecrets } from '../../storage/endpoints/endpoint-secrets.ts';
import { EndpointStore } from '../../storage/endpoints/endpoint-store.ts';
import { OwnershipChecks } from '../../storage/endpoints/ownership-checks.ts';
import { Publisher } from '../../storage/events/publisher.ts';
import { EndpointRemoval } from '../../storage/gates/endpoint-removal.ts';
import { EndpointSwitch } from '../../storage/gates/endpoint-switch.ts';
import type { Database } from '../../storage/postgres/database.ts';
import { SecretBox } from '../../storage/sealed/secret-box.ts';
import { EndpointHealthStore } from '../../storage/stats/endpoint-health.ts';
import { CustomerEndpointsController } from '../customers/customer-endpoints.controller.ts';
import { CustomerPauseController } from '../customers/customer-pause.controller.ts';
import { DeliveriesModule } from '../deliveries/deliveries.module.ts';
import { DATABASE, provideStore, WAKE_WAVE, type WakeWave } from '../dependencies.ts';
import { EventTypesModule } from '../event-types/event-types.module.ts';
import { FindingModule } from '../finding/finding.module.ts';
import { EndpointRecoveryController } from '../replays/endpoint-recovery.controller.ts';
import { ReplaysModule } from '../replays/replays.module.ts';
import { StatsModule } from '../stats/stats.module.ts';
import { EndpointFilters } from './endpoint-filters.ts';
import { EndpointInputs } from './endpoint-inputs.ts';
import { EndpointsController } from './endpoints.controller.ts';
import { EndpointsService } from './endpoints.service.ts';
import { EndpointOwnershipController } from './ownership/endpoint-ownership.controller.ts';
import { EndpointOwnershipService } from './ownership/endpoint-ownership.service.ts';
import { EndpointSecretsController } from './secrets/endpoint-secrets.controller.ts';
import { EndpointSecretsService } from './secrets/endpoint-secrets.service.ts';
import { EndpointSwitchController } from './switch/endpoint-switch.controller.ts';
import { EndpointSwitchService } from './switch/endpoint-switch.service.ts';
import { EndpointActionsController } from './tests/endpoint-tests.controller.ts';
import { EndpointTestsService } from './tests/endpoint-tests.service.ts';

const endpointStore = {
  provide: EndpointStore,
  inject: [DATABASE, SecretBox],
  useFactory: (database: Database, secretBox: SecretBox) => new EndpointStore(database, secretBox),
};

const endpointSecrets = {
  provide: EndpointSecrets,
  inject: [DATABASE, SecretBox],
  useFactory: (database: Database, secretBox: SecretBox) => new EndpointSecrets(database, secretBox),
};

/** What it announces gets going as what is published does. */
const endpointSwitch = {
  provide: EndpointSwitch,
  inject: [DATABASE, Publisher, WAKE_WAVE],
  useFactory: (database: Database, publisher: Publisher, onLeftToWaves: WakeWave) =>
    new EndpointSwitch(database, { onAnnounced: publisher.tell, onLeftToWaves }),
};

/** Endpoints: their settings, their secrets, their switch, their tests and statistics. */
@Module({
  imports: [DeliveriesModule, EventTypesModule, FindingModule, ReplaysModule, StatsModule],
  controllers: [
    EndpointsController,
    CustomerEndpointsController,
    CustomerPauseController,
    EndpointSwitchController,
    EndpointActionsController,
    EndpointRecoveryController,
    EndpointSecretsController,
    EndpointOwnershipController,
  ],
  providers: [
    endpointStore,
    endpointSecrets,
    endpointSwitch,
    EndpointFilters,
    EndpointInputs,
    EndpointSecretsService,
    EndpointsService,
    EndpointSwitchService,
    EndpointTestsService,
    EndpointOwnershipService,
    provideStore(EndpointRemoval),
    provideStore(OwnershipChecks),
    provideStore(EndpointHealthStore),
  ],
  exports: [endpointStore, endpointSecrets, endpointSwitch, EndpointsService],
})
export class EndpointsModule {}
