import { type DynamicModule, Module } from '@nestjs/common';
import { ApiKeysModule } from './api-keys/api-keys.module.ts';
import { AuditModule } from './audit/audit.module.ts';
import { CustomersModule } from './customers/customers.module.ts';
import { DeadLettersModule } from './dead-letters/dead-letters.module.ts';
import { DeliveriesModule } from './deliveries/deliveries.module.ts';
import { type ApiDependencies, dependenciesModule } from './dependencies.ts';
import { DestinationRulesModule } from './destination-rules/destination-rules.module.ts';
import { EchoModule } from './echo/echo.module.ts';
import { EgressModule } from './egress/egress.module.ts';
import { EndpointsModule } from './endpoints/endpoints.module.ts';
import { EventTypesModule } from './event-types/event-types.module.ts';
import { EventsModule } from './events/events.module.ts';
import { HealthModule } from './health/health.module.ts';
import { ImportsModule } from './imports/imports.module.ts';
import { ListenersModule } from './listeners/listeners.module.ts';
import { MasterKeyModule } from './master-key/master-key.module.ts';
import { type PlatformParts, platformModule } from './platform/platform.module.ts';
import { PortalSessionsModule } from './portal-sessions/portal-sessions.module.ts';
import { ReplaysModule } from './replays/replays.module.ts';
import { SendAgainModule } from './replays/send-again.module.ts';
import { SessionsModule } from './sessions/sessions.module.ts';
import { StatsModule } from './stats/stats.module.ts';
import { TemporalCodecModule } from './temporal-codec/temporal-codec.module.ts';
import { ToolsModule } from './tools/tools.module.ts';
import { VersionModule } from './version/version.module.ts';

const NOUNS = [
  EventsModule,
  EventTypesModule,
  EndpointsModule,
  CustomersModule,
  ImportsModule,
  ListenersModule,
  DeliveriesModule,
  DeadLettersModule,
  ReplaysModule,
  SendAgainModule,
  StatsModule,
  ApiKeysModule,
  SessionsModule,
  PortalSessionsModule,
  AuditModule,
  DestinationRulesModule,
  MasterKeyModule,
  EgressModule,
  ToolsModule,
  TemporalCodecModule,
  EchoModule,
  HealthModule,
  VersionModule,
];

/** The whole API: what it depends on, what every route goes through, and a module a noun. */
export function appModule(dependencies: ApiDependencies, platform: PlatformParts): DynamicModule {
  return {
    module: AppModule,
    imports: [dependenciesModule(dependencies), platformModule(platform), ...NOUNS],
  };
}

@Module({})
class AppModule {}
