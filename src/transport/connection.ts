import type { Socket } from 'node:net';
import { Client, type Dispatcher } from 'undici';
import type { ConnectionFacts, Dial, DialCallback, DialTarget } from './dialer.ts';
import { TransportFault } from './transport-fault.ts';

/** Names and values of an answer's headers together; nginx and Node receivers send a few hundred bytes. */
const MAX_HEADER_BYTES = 16 * 1024;

/** Idle connections close after this, sooner than common receivers do, so that we rarely write to one they just closed. */
const KEEP_ALIVE_MS = 4_000;
/** A receiver's `Keep-Alive: timeout` hint is followed up to this, less a margin for the way there. */
const KEEP_ALIVE_MAX_MS = 60_000;
const KEEP_ALIVE_MARGIN_MS = 1_000;

/** However busy, a connection is not used for longer: names move, certificates are revoked, load is spread anew. */
const MAX_AGE_MS = 5 * 60_000;

/** Where a connection leads, and the revision of the rules that were in force when it was asked for. */
export type ConnectionTarget = Omit<DialTarget, 'facts'> & { readonly revision: number };

/**
 * One kept-alive HTTP/1.1 connection that carries one request at a time, so that request, socket and facts always belong
 * together and destroying it frees everything. It opens with its first request, and again should it have died idle.
 */
export class Connection {
  readonly target: ConnectionTarget;
  readonly #client: Client;
  readonly #madeAt = performance.now();
  #abortDial: () => void = () => {};
  #socket: Socket | null = null;
  #socketError: Error | null = null;
  #facts: ConnectionFacts = noFacts();
  #dials = 0;

  constructor(target: ConnectionTarget, dial: Dial, onClosed: (connection: Connection) => void) {
    this.target = target;
    this.#client = new Client(target.url.origin, {
      pipelining: 1,
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: KEEP_ALIVE_MS,
      keepAliveMaxTimeout: KEEP_ALIVE_MAX_MS,
      keepAliveTimeoutThreshold: KEEP_ALIVE_MARGIN_MS,
      connect: (_, callback) => this.#connect(dial, callback),
    });
    this.#client.on('disconnect', () => onClosed(this));
  }

  /** Whether another request may go out over the open socket: it is young and was vetted by the rules of this revision. */
  isReusable(revision: number): boolean {
    if (this.#socket === null || this.#socket.destroyed) return false;
    return this.target.revision === revision && performance.now() - this.#madeAt < MAX_AGE_MS;
  }

  /** Whether the current request found the socket open and used it. */
  get isReused(): boolean {
    return this.#dials === 0;
  }

  /** What broke the open socket first: undici tells the last error, and after a TLS alert that is only that the socket ended. */
  get socketError(): Error | null {
    return this.#socketError;
  }

  get facts(): Readonly<ConnectionFacts> {
    return this.#facts;
  }

  dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): void {
    this.#dials = 0;
    this.#client.dispatch(options, handler);
  }

  /** Cuts the connection in whatever phase it is; the handler of a running request is told. */
  destroy(reason: Error): void {
    this.#abortDial();
    this.#socket?.destroy();
    this.#client.destroy(reason, () => {});
  }

  #connect(dial: Dial, callback: DialCallback): void {
    this.#dials += 1;
    // undici would dial again and again for a receiver that breaks off before it could write the request.
    if (this.#dials > 1) {
      const message = 'The receiver closed the connection before the request';
      callback(new TransportFault('connection_reset', message), null);
      return;
    }
    this.#facts = noFacts();
    this.#socketError = null;
    this.#abortDial = dial({ ...this.target, facts: this.#facts }, (...result) => {
      this.#socket = result[1];
      this.#socket?.once('error', (error) => {
        this.#socketError = error;
      });
      callback(...result);
    });
  }
}

function noFacts(): ConnectionFacts {
  return { dnsMs: null, connectMs: null, tlsMs: null, remoteAddress: null, tlsVersion: null };
}
