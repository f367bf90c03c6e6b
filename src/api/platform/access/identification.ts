import { timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Config } from '../../../config.ts';
import { API_KEY_SCOPES, type ApiKeyScope } from '../../../domain/api-key.ts';
import type { ProblemCode } from '../../../domain/problems/problem-code.ts';
import { hashKey, mayBeKey } from '../../../settings/api-key-text.ts';
import { maySessionText } from '../../../settings/session-text.ts';
import { scopesOf } from '../../../settings/trusted-people.ts';
import { ApiKeyLookup, type FoundApiKey } from '../../../storage/access/api-key-lookup.ts';
import { type FoundSession, SessionStore } from '../../../storage/access/session-store.ts';
import { CONFIG } from '../../dependencies.ts';
import { Problem } from '../answers/problem.ts';
import { isWithin, normaliseAddress } from '../input/cidr.ts';
import type { Caller } from './caller.ts';
import { requireSameOrigin } from './same-origin.ts';
import { SessionCookie } from './session-cookie.ts';

const BEARER = /^Bearer +([\x21-\x7e]{1,256})$/i;

/**
 * Tells who calls: by the key or the portal's token of the `Authorization` header, else by a trusted proxy's word, or a
 * session's cookie.
 */
@Injectable()
export class Identification {
  readonly #apiKeys: ApiKeyLookup;
  readonly #sessions: SessionStore;
  readonly #cookie: SessionCookie;
  readonly #config: Pick<Config, 'people' | 'trustedProxies'>;
  /** By which sessions that stand for the operator's key of the settings end with it. */
  readonly adminKeyHash: Buffer;

  constructor(
    apiKeys: ApiKeyLookup,
    sessions: SessionStore,
    cookie: SessionCookie,
    @Inject(CONFIG) config: Config,
  ) {
    this.#apiKeys = apiKeys;
    this.#sessions = sessions;
    this.#cookie = cookie;
    this.#config = config;
    this.adminKeyHash = hashKey(config.adminKey);
  }

  /**
   * @param takesForeignPages whether a session counts that a page of another origin shows
   * @throws Problem 401 where nobody good is named; 403 from an address that the key is not good for, or for another
   * page's change
   */
  async identify(request: FastifyRequest, takesForeignPages: boolean): Promise<Caller> {
    const address = normaliseAddress(request.ip);
    const { authorization, cookie } = request.headers;
    const shown = authorization === undefined ? this.#cookie.read(cookie) : null;
    const person = authorization === undefined ? this.#personOf(request) : null;
    if (person !== null) {
      if (!takesForeignPages) requireSameOrigin(request);
      return { ...person, address };
    }
    if (shown !== null) {
      if (!takesForeignPages) requireSameOrigin(request);
      return await this.#bySession(shown, { kind: 'console', address });
    }
    const text = shownKey(authorization);
    if (maySessionText('token', text)) return await this.#bySession(text, { kind: 'portal', address });
    return await this.#byKey(text, address);
  }

  /**
   * Whom the proxy names that hands on this request, where it is one to be believed.
   * @throws Problem 403 where they may do nothing
   */
  #personOf({
    headers,
    socket,
  }: FastifyRequest): Omit<Extract<Caller, { kind: 'operator' }>, 'address'> | null {
    const { people, trustedProxies } = this.#config;
    const named = people === null ? undefined : headers[people.header];
    const peer = normaliseAddress(socket.remoteAddress ?? '');
    if (people === null || typeof named !== 'string' || peer === null || !isWithin(peer, trustedProxies))
      return null;
    const scopes = scopesOf(people, named);
    if (scopes !== null) return { kind: 'operator', keyId: null, scopes, person: named };
    const detail = `${JSON.stringify(named)} is let in by the proxy, but named by no entry of POSTHORN_AUTH_SCOPES.`;
    throw new Problem(403, 'scope_missing', { detail });
  }

  async #byKey(text: string, address: string | null): Promise<Caller> {
    const hash = hashKey(text);
    if (timingSafeEqual(hash, this.adminKeyHash))
      return { kind: 'operator', keyId: null, scopes: API_KEY_SCOPES, address };
    const found = mayBeKey(text) ? await this.#apiKeys.find(hash) : null;
    return callerOf(goodKey(found), address);
  }

  async #bySession(
    token: string,
    { kind, address }: { readonly kind: FoundSession['kind']; readonly address: string | null },
  ): Promise<Caller> {
    const found = maySessionText('token', token)
      ? await this.#sessions.find(hashKey(token), this.adminKeyHash)
      : null;
    if (found === null || found.kind !== kind)
      throw unauthorized('session_over', 'This session is over; begin another.');
    const { id, look, expiresAt } = found;
    const session = { id, kind, look, expiresAt };
    if (kind === 'console' && found.keyId === null)
      return { kind: 'operator', keyId: null, scopes: API_KEY_SCOPES, address, session };
    const credential = { ...found, id: found.keyId ?? id };
    return { ...callerOf(credential, address), session };
  }
}

/** The key that an `Authorization` header shows. @throws Problem 401 */
function shownKey(header: string | undefined): string {
  if (header === undefined) throw unauthorized('key_missing', 'Send "Authorization: Bearer <key>".');
  const key = BEARER.exec(header)?.[1];
  if (key !== undefined) return key;
  throw unauthorized('key_malformed', 'The Authorization header must read "Bearer <key>".');
}

function goodKey(found: FoundApiKey | null): FoundApiKey {
  if (found === null)
    throw unauthorized('key_unknown', 'This key does not exist; check that it is complete.');
  if (found.state === 'revoked') throw unauthorized('key_revoked', 'This key was revoked; use another.');
  if (found.state === 'live') return found;
  throw unauthorized('key_expired', 'This key has expired or was replaced by its rotation; use another.');
}

interface Credential {
  readonly id: string;
  readonly customerId: string | null;
  readonly scopes: readonly ApiKeyScope[];
  readonly allowedCidrs: readonly string[];
}

function callerOf(
  { id: keyId, customerId, scopes, allowedCidrs }: Credential,
  address: string | null,
): Caller {
  if (allowedCidrs.length > 0 && (address === null || !isWithin(address, allowedCidrs))) {
    const detail = `This key may not be used from ${address ?? 'an unknown address'}.`;
    throw new Problem(403, 'address_not_allowed', { detail });
  }
  return customerId === null
    ? { kind: 'operator', keyId, scopes, address }
    : { kind: 'customer', customerId, keyId, scopes, address };
}

function unauthorized(code: ProblemCode, detail: string): Problem {
  return new Problem(401, code, { detail, headers: { 'WWW-Authenticate': 'Bearer realm="posthorn"' } });
}
