import { createHmac, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable, SetMetadata } from '@nestjs/common';
import type { Config } from '../../../config.ts';
import { CONFIG } from '../../dependencies.ts';

/** The metadata of a route that takes a session where no key is shown. */
export const TAKES_SESSION = 'posthorn:session';

/** Lets a browser use a route by the cookie of a session, where it cannot send a key. */
export const TakesSession = (): MethodDecorator & ClassDecorator => SetMetadata(TAKES_SESSION, true);

/** A working day. */
const LIFETIME_SECONDS = 43_200;
const COOKIE = 'posthorn_session';
const VALUE = /^(\d{1,12})\.([0-9a-f]{64})\.([0-9a-f]{64})$/;

/** Where a cookie of a session goes. */
export interface SessionPlace {
  /** The routes it opens lie below. */
  readonly path: string;
  /** Whether it may travel over TLS only. */
  readonly secure: boolean;
}

/**
 * Sessions of browsers: a cookie that stands for a key that was shown. It names the hash of the key, which is looked up as if it
 * were shown again, so what is revoked, replaced or expired opens nothing here either. Nothing is stored: a MAC under the operator's
 * key of the configuration keeps others from making one.
 */
@Injectable()
export class BrowserSessions {
  readonly #adminKey: string;

  constructor(@Inject(CONFIG) config: Config) {
    this.#adminKey = config.adminKey;
  }

  /** The `Set-Cookie` that begins a session of the key with this hash, out of reach of scripts and of other sites. */
  begin(keyHash: Buffer, place: SessionPlace): string {
    const expires = Math.floor(Date.now() / 1_000) + LIFETIME_SECONDS;
    const signed = `${expires}.${keyHash.toString('hex')}`;
    return cookie(`${signed}.${this.#mac(signed)}`, { ...place, maxAge: LIFETIME_SECONDS });
  }

  /** The `Set-Cookie` that ends it. */
  end(place: SessionPlace): string {
    return cookie('', { ...place, maxAge: 0 });
  }

  /** The hash of the key that a `Cookie` header stands for; `none` where it has no session, `over` where that is no good. */
  read(header: string | undefined): Buffer | 'none' | 'over' {
    const given = (header ?? '').split(/; */).find((pair) => pair.startsWith(`${COOKIE}=`));
    if (given === undefined) return 'none';
    const [, expires = '', keyHash = '', mac = ''] = VALUE.exec(given.slice(COOKIE.length + 1)) ?? [];
    const wanted = this.#mac(`${expires}.${keyHash}`);
    const isOurs = mac.length === wanted.length && timingSafeEqual(Buffer.from(mac), Buffer.from(wanted));
    return isOurs && Number(expires) * 1_000 > Date.now() ? Buffer.from(keyHash, 'hex') : 'over';
  }

  #mac(text: string): string {
    return createHmac('sha256', this.#adminKey).update(`posthorn session ${text}`).digest('hex');
  }
}

function cookie(value: string, { path, secure, maxAge }: SessionPlace & { readonly maxAge: number }): string {
  const attributes = `Path=${path}; Max-Age=${maxAge}; HttpOnly; SameSite=Strict`;
  return `${COOKIE}=${value}; ${attributes}${secure ? '; Secure' : ''}`;
}
