import { timingSafeEqual } from 'node:crypto';
import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Config } from '../../../config.ts';
import { API_KEY_SCOPES, type ApiKeyScope } from '../../../domain/api-key.ts';
import type { ProblemCode } from '../../../domain/problems/problem-code.ts';
import { hashKey, mayBeKey } from '../../../settings/api-key-text.ts';
import { ApiKeyLookup, type FoundApiKey } from '../../../storage/access/api-key-lookup.ts';
import { CONFIG } from '../../dependencies.ts';
import { Problem } from '../answers/problem.ts';
import { isWithin, normaliseAddress } from '../input/cidr.ts';
import { BrowserSessions, TAKES_SESSION } from './browser-session.ts';
import { type CalledRequest, type Caller, PUBLIC_ROUTE, SCOPE_OF_ROUTE, scopeOfMethod } from './caller.ts';
import { RateLimiter } from './rate-limiter.ts';

const BEARER = /^Bearer +([\x21-\x7e]{1,256})$/i;

/**
 * Lets a request through by its `Authorization: Bearer` key, on some routes by a browser's session too, and notes the caller on it.
 * @throws Problem 401 for a key that is missing, unknown, revoked or expired; 403 for one that may not come from this
 * address or lacks the scope of the route; 429 beyond a quota
 */
@Injectable()
export class AuthGuard implements CanActivate {
  readonly #reflector: Reflector;
  readonly #apiKeys: ApiKeyLookup;
  readonly #sessions: BrowserSessions;
  readonly #limiter: RateLimiter;
  readonly #adminKeyHash: Buffer;

  constructor(
    reflector: Reflector,
    apiKeys: ApiKeyLookup,
    sessions: BrowserSessions,
    limiter: RateLimiter,
    @Inject(CONFIG) config: Config,
  ) {
    this.#reflector = reflector;
    this.#apiKeys = apiKeys;
    this.#sessions = sessions;
    this.#limiter = limiter;
    this.#adminKeyHash = hashKey(config.adminKey);
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const places = [context.getHandler(), context.getClass()];
    if (this.#reflector.getAllAndOverride<boolean>(PUBLIC_ROUTE, places) === true) return true;
    const request = context.switchToHttp().getRequest<CalledRequest>();
    const takesSession = this.#reflector.getAllAndOverride<boolean>(TAKES_SESSION, places) === true;
    const caller = await this.#identify(request, this.#hashOf(request, takesSession));
    request.caller = caller;
    await this.#limiter.admit(caller, context.switchToHttp().getResponse());
    const declared = this.#reflector.getAllAndOverride<ApiKeyScope | undefined>(SCOPE_OF_ROUTE, places);
    requireScope(caller, declared ?? scopeOfMethod(request.method));
    return true;
  }

  /** The hash of the key that the request shows; null where that can be none of ours. */
  #hashOf({ headers }: CalledRequest, takesSession: boolean): Buffer | null {
    if (takesSession && headers.authorization === undefined) {
      const session = this.#sessions.read(headers.cookie);
      if (session === 'over')
        throw unauthorized('session_over', 'The session of this browser is over; begin another.');
      if (session !== 'none') return session;
    }
    const key = shownKey(headers.authorization);
    const hash = hashKey(key);
    return mayBeKey(key) || timingSafeEqual(hash, this.#adminKeyHash) ? hash : null;
  }

  async #identify(request: CalledRequest, hash: Buffer | null): Promise<Caller> {
    const address = normaliseAddress(request.ip);
    if (hash !== null && timingSafeEqual(hash, this.#adminKeyHash)) {
      return { kind: 'operator', keyId: null, scopes: API_KEY_SCOPES, address };
    }
    const found = hash === null ? null : await this.#apiKeys.find(hash);
    return admit(found, address);
  }
}

/** The key that an `Authorization` header shows. @throws Problem 401 */
export function shownKey(header: string | undefined): string {
  if (header === undefined) throw unauthorized('key_missing', 'Send "Authorization: Bearer <key>".');
  const key = BEARER.exec(header)?.[1];
  if (key !== undefined) return key;
  throw unauthorized('key_malformed', 'The Authorization header must read "Bearer <key>".');
}

function admit(found: FoundApiKey | null, address: string | null): Caller {
  if (found === null)
    throw unauthorized('key_unknown', 'This key does not exist; check that it is complete.');
  const { id: keyId, customerId, scopes, allowedCidrs, state } = found;
  if (state === 'revoked') throw unauthorized('key_revoked', 'This key was revoked; use another.');
  if (state === 'expired') {
    throw unauthorized('key_expired', 'This key has expired or was replaced by its rotation; use another.');
  }
  if (allowedCidrs.length > 0 && (address === null || !isWithin(address, allowedCidrs))) {
    const detail = `This key may not be used from ${address ?? 'an unknown address'}.`;
    throw new Problem(403, 'address_not_allowed', { detail });
  }
  return customerId === null
    ? { kind: 'operator', keyId, scopes, address }
    : { kind: 'customer', customerId, keyId, scopes, address };
}

function requireScope({ kind, scopes }: Caller, scope: ApiKeyScope): void {
  if (kind === 'customer' && scope === 'operate') {
    throw new Problem(403, 'operator_only', { detail: "Only the operator's key may do this." });
  }
  if (scopes.includes(scope)) return;
  const detail = `This needs a key with the scope ${scope}; this one has ${scopes.join(', ')}.`;
  throw new Problem(403, 'scope_missing', { detail });
}

function unauthorized(code: ProblemCode, detail: string): Problem {
  return new Problem(401, code, { detail, headers: { 'WWW-Authenticate': 'Bearer realm="posthorn"' } });
}
