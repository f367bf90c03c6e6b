import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { ApiKeyScope } from '../../../domain/api-key.ts';
import { Problem } from '../answers/problem.ts';
import {
  type CalledRequest,
  type Caller,
  FOREIGN_PAGES,
  PUBLIC_ROUTE,
  SCOPE_OF_ROUTE,
  scopeOfMethod,
} from './caller.ts';
import { Identification } from './identification.ts';
import { RateLimiter } from './rate-limiter.ts';

/**
 * Lets a request through by its key or session, and notes the caller on it.
 * @throws Problem 401 for a key that is missing, unknown, revoked or expired; 403 for one that may not come from this
 * address or lacks the scope of the route; 429 beyond a quota
 */
@Injectable()
export class AuthGuard implements CanActivate {
  readonly #reflector: Reflector;
  readonly #identification: Identification;
  readonly #limiter: RateLimiter;

  constructor(reflector: Reflector, identification: Identification, limiter: RateLimiter) {
    this.#reflector = reflector;
    this.#identification = identification;
    this.#limiter = limiter;
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const places = [context.getHandler(), context.getClass()];
    if (this.#reflector.getAllAndOverride<boolean>(PUBLIC_ROUTE, places) === true) return true;
    const request = context.switchToHttp().getRequest<CalledRequest>();
    const takesForeignPages = this.#reflector.getAllAndOverride<boolean>(FOREIGN_PAGES, places) === true;
    const caller = await this.#identification.identify(request, takesForeignPages);
    request.caller = caller;
    await this.#limiter.admit(caller, context.switchToHttp().getResponse());
    const declared = this.#reflector.getAllAndOverride<ApiKeyScope | undefined>(SCOPE_OF_ROUTE, places);
    requireScope(caller, declared ?? scopeOfMethod(request.method));
    return true;
  }
}

function requireScope({ kind, scopes }: Caller, scope: ApiKeyScope): void {
  if (kind === 'customer' && scope === 'operate') {
    throw new Problem(403, 'operator_only', { detail: "Only the operator's key may do this." });
  }
  if (scopes.includes(scope)) return;
  const detail = `This needs a key with the scope ${scope}; this one has ${scopes.join(', ')}.`;
  throw new Problem(403, 'scope_missing', { detail });
}
