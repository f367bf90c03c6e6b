import { type DynamicModule, Global, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import { AuthGuard } from './auth.guard.ts';
import { Pager } from './paging.ts';
import { ProblemFilter } from './problem.filter.ts';
import { RouteTable } from './route-table.ts';
import { ValidationPipe } from './validation.pipe.ts';

/** What every route goes through: the guard, the reading and checking of inputs, error answers; and paging for lists. */
export function platformModule(routes: RouteTable): DynamicModule {
  return {
    module: PlatformModule,
    providers: [
      { provide: RouteTable, useValue: routes },
      { provide: APP_GUARD, useClass: AuthGuard },
      { provide: APP_PIPE, useClass: ValidationPipe },
      { provide: APP_FILTER, useClass: ProblemFilter },
      Pager,
    ],
    exports: [Pager],
  };
}

@Global()
@Module({})
class PlatformModule {}
