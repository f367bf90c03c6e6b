import { type DynamicModule, Global, Module, type Provider } from '@nestjs/common';
import type { Config } from '../config.ts';
import type { ProblemCode } from '../domain/problems/problem-code.ts';
import type { Logger } from '../logger.ts';
import type { Claim } from '../storage/claims/claim.ts';
import { Publisher } from '../storage/events/publisher.ts';
import type { Database } from '../storage/postgres/database.ts';
import { SecretBox } from '../storage/sealed/secret-box.ts';
import { DeliveryRuns } from '../temporal/delivery-runs.ts';
import { GateRuns } from '../temporal/gate-runs.ts';
import type { EncryptingCodec } from '../temporal/payload-codec.ts';
import { ReplayRuns } from '../temporal/replay-runs.ts';
import type { HttpLimits } from './platform/http/http-limits.ts';

/** Says why deliveries may not go to a URL (its host, its addresses); null where they may. */
export type CheckDestination = (
  url: string,
) => Promise<{ readonly code: ProblemCode; readonly message: string } | null>;

export type WakeWave = () => void;

/** Signs what a delivery would be sent as at this time. */
export type SignRequest = (
  claim: Claim,
  now: Date,
) => { readonly headers: Readonly<Record<string, string>>; readonly body: Buffer };

/** What shows operators the payloads that Temporal stores. */
export interface TemporalCodec {
  /** Null where they are not encrypted. */
  readonly codec: EncryptingCodec | null;
  /** Base URL of the Temporal UI, whose pages may ask; null where unknown. */
  readonly uiUrl: string | null;
}

/** Everything the API needs from outside; composition builds it, and every provider of the API draws on it. */
export interface ApiDependencies {
  readonly config: Config;
  readonly logger: Logger;
  readonly database: Database;
  readonly secretBox: SecretBox;
  readonly publisher: Publisher;
  readonly runs: DeliveryRuns;
  readonly gateRuns: GateRuns;
  readonly replayRuns: ReplayRuns;
  /** Has a wave take what was left to waves; returns at once. */
  readonly wakeWave: WakeWave;
  readonly checkDestination: CheckDestination;
  readonly signRequest: SignRequest;
  readonly temporalCodec: TemporalCodec;
  readonly version: string;
  /** Where the built console lies. */
  readonly consoleDirectory: string;
  /** The OpenAPI document that is served. */
  readonly documentFile: string;
  /** How long clients may take; `HTTP_LIMITS` where absent. */
  readonly httpLimits?: HttpLimits;
}

/** Tokens of the dependencies that are no classes: `@Inject(CONFIG) config: Config`. */
export const CONFIG = Symbol('Config');
export const LOGGER = Symbol('Logger');
export const DATABASE = Symbol('Database');
export const WAKE_WAVE = Symbol('WakeWave');
export const CHECK_DESTINATION = Symbol('CheckDestination');
export const SIGN_REQUEST = Symbol('SignRequest');
export const TEMPORAL_CODEC = Symbol('TemporalCodec');
export const VERSION = Symbol('version');

/** A provider of a storage class that takes nothing but the database: `providers: [provideStore(EventStore)]`. */
export function provideStore<T>(store: new (database: Database) => T): Provider<T> {
  return { provide: store, inject: [DATABASE], useFactory: (database: Database) => new store(database) };
}

/** Makes the dependencies injectable everywhere: by class where they are classes, else by token. */
export function dependenciesModule(dependencies: ApiDependencies): DynamicModule {
  const providers: Provider[] = [
    { provide: CONFIG, useValue: dependencies.config },
    { provide: LOGGER, useValue: dependencies.logger },
    { provide: DATABASE, useValue: dependencies.database },
    { provide: WAKE_WAVE, useValue: dependencies.wakeWave },
    { provide: CHECK_DESTINATION, useValue: dependencies.checkDestination },
    { provide: SIGN_REQUEST, useValue: dependencies.signRequest },
    { provide: TEMPORAL_CODEC, useValue: dependencies.temporalCodec },
    { provide: VERSION, useValue: dependencies.version },
    { provide: SecretBox, useValue: dependencies.secretBox },
    { provide: Publisher, useValue: dependencies.publisher },
    { provide: DeliveryRuns, useValue: dependencies.runs },
    { provide: GateRuns, useValue: dependencies.gateRuns },
    { provide: ReplayRuns, useValue: dependencies.replayRuns },
  ];
  return { module: DependenciesModule, providers, exports: providers };
}

@Global()
@Module({})
class DependenciesModule {}
