import { type DynamicModule, Global, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE, DiscoveryModule } from '@nestjs/core';
import { AuditStore } from '../../storage/audit-store.ts';
import { RequestCounter } from '../../storage/request-counter.ts';
import { provideStore } from '../dependencies.ts';
import { AuditDeclarations } from './audit-declarations.ts';
import { AuthGuard } from './auth.guard.ts';
import { BrowserSessions } from './browser-session.ts';
import { Pager } from './paging.ts';
import { ProblemFilter } from './problem.filter.ts';
import { QuotaAnnouncer } from './quota-announcer.ts';
import { RateLimiter } from './rate-limiter.ts';
import { RouteTable } from './route-table.ts';
import { ValidationPipe } from './validation.pipe.ts';

/** What every route goes through: the guard with the quotas, the reading and checking of inputs, error answers; and paging for lists, the audit log for changes. */
export function platformModule(routes: RouteTable): DynamicModule {
  return {
    module: PlatformModule,
    imports: [DiscoveryModule],
    providers: [
      { provide: RouteTable, useValue: routes },
      { provide: APP_GUARD, useClass: AuthGuard },
      { provide: APP_PIPE, useClass: ValidationPipe },
      { provide: APP_FILTER, useClass: ProblemFilter },
      provideStore(AuditStore),
      provideStore(RequestCounter),
      QuotaAnnouncer,
      RateLimiter,
      AuditDeclarations,
      BrowserSessions,
      Pager,
    ],
    exports: [AuditStore, BrowserSessions, Pager],
  };
}

@Global()
@Module({})
class PlatformModule {}
