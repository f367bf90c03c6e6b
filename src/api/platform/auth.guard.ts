import { createHash, timingSafeEqual } from 'node:crypto';
import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Config } from '../../config.ts';
import { ApiKeyStore } from '../../storage/api-key-store.ts';
import { CONFIG } from '../dependencies.ts';
import { type CalledRequest, type Caller, OPERATOR_ROUTE, PUBLIC_ROUTE } from './caller.ts';
import { Problem } from './problem.ts';

const BEARER = /^Bearer +([\x21-\x7e]{1,256})$/i;

/**
 * Lets a request through by its `Authorization: Bearer` key and notes the caller on it.
 * @throws Problem 401 for a key that is missing, unknown or revoked; 403 for a customer's key on an operator's route
 */
@Injectable()
export class AuthGuard implements CanActivate {
  readonly #reflector: Reflector;
  readonly #apiKeys: ApiKeyStore;
  readonly #adminKeyHash: Buffer;

  constructor(reflector: Reflector, apiKeys: ApiKeyStore, @Inject(CONFIG) config: Config) {
    this.#reflector = reflector;
    this.#apiKeys = apiKeys;
    this.#adminKeyHash = hashKey(config.adminKey);
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const isMarked = (mark: string) =>
      this.#reflector.getAllAndOverride<boolean>(mark, [context.getHandler(), context.getClass()]) === true;
    if (isMarked(PUBLIC_ROUTE)) return true;
    const request = context.switchToHttp().getRequest<CalledRequest>();
    const caller = await this.#identify(request.headers.authorization);
    request.caller = caller;
    if (caller.kind === 'customer' && isMarked(OPERATOR_ROUTE)) {
      throw new Problem(403, 'operator_only', { detail: "Only the operator's key may do this." });
    }
    return true;
  }

  async #identify(header: string | undefined): Promise<Caller> {
    if (header === undefined) throw unauthorized('key_missing', 'Send "Authorization: Bearer <key>".');
    const key = BEARER.exec(header)?.[1];
    if (key === undefined) {
      throw unauthorized('key_malformed', 'The Authorization header must read "Bearer <key>".');
    }
    const hash = hashKey(key);
    if (timingSafeEqual(hash, this.#adminKeyHash)) return { kind: 'operator' };
    const found = await this.#apiKeys.use(hash);
    if (found === null) throw unauthorized('key_unknown', 'This key does not exist or was revoked.');
    return found.customerId === null
      ? { kind: 'operator' }
      : { kind: 'customer', customerId: found.customerId, keyId: found.id };
  }
}

/** How a key is stored and compared: SHA-256 of its text, which is enough for 256 random bits. */
export function hashKey(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}

function unauthorized(code: string, detail: string): Problem {
  return new Problem(401, code, { detail, headers: { 'WWW-Authenticate': 'Bearer realm="posthorn"' } });
}
