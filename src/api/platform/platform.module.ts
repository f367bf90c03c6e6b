import { type DynamicModule, Global, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE, DiscoveryModule } from '@nestjs/core';
import { AuditStore } from '../../storage/access/audit-store.ts';
import { RememberedAnswers } from '../../storage/access/remembered-answers.ts';
import { RequestCounter } from '../../storage/access/request-counter.ts';
import { SessionStore } from '../../storage/access/session-store.ts';
import { CustomerStore } from '../../storage/customers/customer-store.ts';
import type { Database } from '../../storage/postgres/database.ts';
import { SecretBox } from '../../storage/sealed/secret-box.ts';
import { DATABASE, provideStore } from '../dependencies.ts';
import { AuthGuard } from './access/auth.guard.ts';
import { Identification } from './access/identification.ts';
import { KnownCustomers } from './access/known-customers.ts';
import { QuotaAnnouncer } from './access/quota-announcer.ts';
import { RateLimiter } from './access/rate-limiter.ts';
import { SessionCookie } from './access/session-cookie.ts';
import { DatabaseTrouble } from './answers/database-trouble.ts';
import { Pager } from './answers/paging.ts';
import { ProblemFilter } from './answers/problem.filter.ts';
import { AuditDeclarations } from './audit/audit-declarations.ts';
import { Departure } from './http/departure.ts';
import { RouteTable } from './http/route-table.ts';
import { ValidationPipe } from './input/validation.pipe.ts';
import { OpenStreams } from './streams/open-streams.ts';

/** What the server under Nest shares with what Nest makes. */
export interface PlatformParts {
  readonly routes: RouteTable;
  readonly departure: Departure;
}

/**
 * What every route goes through: the guard with the quotas, the reading and checking of inputs, error answers; and
 * paging for lists, the audit log for changes.
 */
export function platformModule({ routes, departure }: PlatformParts): DynamicModule {
  return {
    module: PlatformModule,
    imports: [DiscoveryModule],
    providers: [
      { provide: RouteTable, useValue: routes },
      { provide: Departure, useValue: departure },
      { provide: APP_GUARD, useClass: AuthGuard },
      { provide: APP_PIPE, useClass: ValidationPipe },
      { provide: APP_FILTER, useClass: ProblemFilter },
      provideStore(AuditStore),
      provideStore(RequestCounter),
      provideStore(CustomerStore),
      KnownCustomers,
      provideStore(SessionStore),
      {
        provide: RememberedAnswers,
        inject: [DATABASE, SecretBox],
        useFactory: (database: Database, secretBox: SecretBox) => new RememberedAnswers(database, secretBox),
      },
      DatabaseTrouble,
      QuotaAnnouncer,
      RateLimiter,
      AuditDeclarations,
      Identification,
      SessionCookie,
      Pager,
      OpenStreams,
    ],
    exports: [
      DatabaseTrouble,
      AuditStore,
      CustomerStore,
      Departure,
      KnownCustomers,
      Identification,
      SessionCookie,
      SessionStore,
      OpenStreams,
      Pager,
      RememberedAnswers,
    ],
  };
}

@Global()
@Module({})
class PlatformModule {}
