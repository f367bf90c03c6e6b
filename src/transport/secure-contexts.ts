import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';
import type { EndpointRoute } from '../domain/endpoint-route.ts';
import { TransportFault } from './transport-fault.ts';

export interface SecureContextOptions {
  /** Authorities (PEM) trusted besides the well-known ones. */
  readonly ca: readonly string[];
  /** Whether a route may step down to TLS 1.2; 1.3 is the floor otherwise. */
  readonly allowTls12: boolean;
}

/** Contexts kept at most; one with authorities of its own takes about a megabyte. */
const MAX_CONTEXTS = 100;

/**
 * One context for all connections with the same version and client certificate; the one unused for longest goes first.
 */
export class SecureContexts {
  readonly #options: SecureContextOptions;
  readonly #contexts = new Map<string, SecureContext>();

  constructor(options: SecureContextOptions) {
    this.#options = options;
  }

  /** @throws TransportFault where the client certificate is none or does not go with its key */
  of(route: EndpointRoute | null): SecureContext {
    const minVersion =
      route?.minTlsVersion === '1.2' && this.#options.allowTls12 ? ('TLSv1.2' as const) : 'TLSv1.3';
    const cert = route?.clientCertificate ?? '';
    const key = route?.clientKey ?? '';
    const name = `${minVersion}\n${cert}\n${key}`;
    const context = this.#contexts.get(name) ?? this.#create({ minVersion, cert, key });
    this.#contexts.delete(name);
    this.#contexts.set(name, context);
    const [oldest] = this.#contexts.keys();
    if (this.#contexts.size > MAX_CONTEXTS && oldest !== undefined) this.#contexts.delete(oldest);
    return context;
  }

  #create(wish: {
    readonly minVersion: 'TLSv1.2' | 'TLSv1.3';
    readonly cert: string;
    readonly key: string;
  }): SecureContext {
    const { ca } = this.#options;
    try {
      return createSecureContext({
        minVersion: wish.minVersion,
        ...(ca.length === 0 ? {} : { ca: [...rootCertificates, ...ca] }),
        ...(wish.cert === '' ? {} : { cert: wish.cert, key: wish.key }),
      });
    } catch (cause) {
      const message = 'The client certificate cannot be used with its key';
      throw new TransportFault('tls_handshake_failed', message, { cause });
    }
  }
}
