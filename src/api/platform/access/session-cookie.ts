import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Config } from '../../../config.ts';
import { CONFIG } from '../../dependencies.ts';

const NAME_DIGITS = 8;

/**
 * The cookie of a console's session: out of reach of scripts and of other sites. Cookies know no ports, so its name
 * tells apart the installations of one host, by their operator's key.
 */
@Injectable()
export class SessionCookie {
  readonly #name: string;
  readonly #path: string;

  constructor(@Inject(CONFIG) { adminKey, basePath }: Config) {
    const digest = createHash('sha256').update(`posthorn cookie ${adminKey}`).digest('hex');
    this.#name = `posthorn_session_${digest.slice(0, NAME_DIGITS)}`;
    this.#path = basePath === '' ? '/' : basePath;
  }

  /** The `Set-Cookie` that has the browser show the token for so long. */
  set(
    token: string,
    { request, seconds }: { readonly request: FastifyRequest; readonly seconds: number },
  ): string {
    const secure = request.protocol === 'https' ? '; Secure' : '';
    return `${this.#name}=${token}; Path=${this.#path}; Max-Age=${seconds}; HttpOnly; SameSite=Strict${secure}`;
  }

  /** The `Set-Cookie` that has it forget. */
  clear(request: FastifyRequest): string {
    return this.set('', { request, seconds: 0 });
  }

  /** The token that a `Cookie` header shows; null where it shows none. */
  read(header: string | undefined): string | null {
    const start = `${this.#name}=`;
    const given = (header ?? '').split(/; */).find((pair) => pair.startsWith(start));
    return given === undefined ? null : given.slice(start.length);
  }
}
