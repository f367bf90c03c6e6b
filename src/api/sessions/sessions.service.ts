import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Config } from '../../config.ts';
import { CODE_SECONDS, CONSOLE_SESSION_SECONDS } from '../../domain/session.ts';
import { newId } from '../../new-id.ts';
import { hashKey } from '../../settings/api-key-text.ts';
import { maySessionText, newSessionText } from '../../settings/session-text.ts';
import { type NewSession, SessionStore, type StoredSession } from '../../storage/access/session-store.ts';
import { CONFIG } from '../dependencies.ts';
import type { Caller } from '../platform/access/caller.ts';
import { Identification } from '../platform/access/identification.ts';
import { Problem } from '../platform/answers/problem.ts';

/** A session together with what its browser is to show, which is known at this moment only. */
export interface ShownSession {
  readonly stored: StoredSession;
  readonly token: string;
}

/** Begins sessions, by a key or by the one-time code of a link. */
@Injectable()
export class SessionsService {
  readonly #store: SessionStore;
  readonly #adminKeyHash: Buffer;
  readonly #basePath: string;

  constructor(store: SessionStore, identification: Identification, @Inject(CONFIG) { basePath }: Config) {
    this.#store = store;
    this.#adminKeyHash = identification.adminKeyHash;
    this.#basePath = basePath;
  }

  /** A console's session that stands for the caller's key. */
  async begin(caller: Caller): Promise<ShownSession> {
    const token = newSessionText('token');
    const session = { ...this.#standingFor(caller), tokenHash: hashKey(token), code: null };
    return { stored: await this.#store.insert(session), token };
  }

  /** A session that begins in the browser which shows the code first. */
  async link(caller: Caller): Promise<{ readonly stored: StoredSession; readonly code: string }> {
    const code = newSessionText('code');
    const session = {
      ...this.#standingFor(caller),
      tokenHash: null,
      code: { hash: hashKey(code), seconds: CODE_SECONDS },
    };
    return { stored: await this.#store.insert(session), code };
  }

  /** @throws Problem 401 for a code that is wrong, used, too old or taken back */
  async exchange(code: string): Promise<ShownSession> {
    const token = newSessionText('token');
    const stored = maySessionText('code', code)
      ? await this.#store.begin(hashKey(code), hashKey(token))
      : null;
    if (stored !== null) return { stored, token };
    throw new Problem(401, 'code_unknown', { detail: 'This link was used or is too old; ask for another.' });
  }

  /** The URL of a page of this instance, as the caller reaches it; what stands in the fragment no server sees. */
  urlOf(
    request: FastifyRequest,
    { page, code }: { readonly page: 'ui' | 'portal'; readonly code: string },
  ): string {
    return `${request.protocol}://${request.host}${this.#basePath}/${page}#code=${code}`;
  }

  #standingFor({ keyId, session }: Caller): Omit<NewSession, 'tokenHash' | 'code'> {
    if (session?.kind === 'portal') throw new Error('a portal cannot open a console');
    return {
      id: newId('ses'),
      kind: 'console',
      keyId,
      adminKeyHash: keyId === null ? this.#adminKeyHash : null,
      customerId: null,
      scopes: null,
      look: null,
      openedBy: null,
      seconds: CONSOLE_SESSION_SECONDS,
    };
  }
}
