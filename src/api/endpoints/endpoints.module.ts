import { Module } from '@nestjs/common';
import type { Database } from '../../storage/database.ts';
import { EndpointGate } from '../../storage/endpoint-gate.ts';
import { EndpointSecrets } from '../../storage/endpoint-secrets.ts';
import { EndpointStore } from '../../storage/endpoint-store.ts';
import { OwnershipChecks } from '../../storage/ownership-checks.ts';
import { Publisher } from '../../storage/publisher.ts';
import { SecretBox } from '../../storage/secret-box.ts';
import { DeliveriesModule } from '../deliveries/deliveries.module.ts';
import { DATABASE, provideStore, WAKE_WAVE, type WakeWave } from '../dependencies.ts';
import { EventTypesModule } from '../event-types/event-types.module.ts';
import { ReplaysModule } from '../replays/replays.module.ts';
import { StatsModule } from '../stats/stats.module.ts';
import { EndpointActionsController } from './endpoint-actions.controller.ts';
import { EndpointFilters } from './endpoint-filters.ts';
import { EndpointInputs } from './endpoint-inputs.ts';
import { EndpointOwnershipController } from './endpoint-ownership.controller.ts';
import { EndpointOwnershipService } from './endpoint-ownership.service.ts';
import { EndpointRecoveryController } from './endpoint-recovery.controller.ts';
import { EndpointSecretsController } from './endpoint-secrets.controller.ts';
import { EndpointSecretsService } from './endpoint-secrets.service.ts';
import { EndpointSwitchController } from './endpoint-switch.controller.ts';
import { EndpointSwitchService } from './endpoint-switch.service.ts';
import { EndpointTestsService } from './endpoint-tests.service.ts';
import { EndpointsController } from './endpoints.controller.ts';
import { EndpointsService } from './endpoints.service.ts';

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
const endpointGate = {
  provide: EndpointGate,
  inject: [DATABASE, Publisher, WAKE_WAVE],
  useFactory: (database: Database, publisher: Publisher, onLeftToWaves: WakeWave) =>
    new EndpointGate(database, { onAnnounced: publisher.tell, onLeftToWaves }),
};

/** Endpoints: their settings, their secrets, their switch, their tests and statistics. */
@Module({
  imports: [DeliveriesModule, EventTypesModule, ReplaysModule, StatsModule],
  controllers: [
    EndpointsController,
    EndpointSwitchController,
    EndpointActionsController,
    EndpointRecoveryController,
    EndpointSecretsController,
    EndpointOwnershipController,
  ],
  providers: [
    endpointStore,
    endpointSecrets,
    endpointGate,
    EndpointFilters,
    EndpointInputs,
    EndpointSecretsService,
    EndpointsService,
    EndpointSwitchService,
    EndpointTestsService,
    EndpointOwnershipService,
    provideStore(OwnershipChecks),
  ],
})
export class EndpointsModule {}
