import type { Socket } from 'node:net';
import type { ConnectionFacts, Dial, DialTarget } from './dialer.ts';

/** However busy, a connection is not used for longer: names move, certificates are revoked, load is spread anew. */
const MAX_AGE_MS = 5 * 60_000;

/** Where a connection leads, and the revision of the rules that were in force when it was asked for. */
export type ConnectionTarget = Omit<DialTarget, 'facts'> & { readonly revision: number };

/** The one request that a connection carries at a time. */
export interface Conversation {
  /** The connection is open: the request may be written. */
  readonly onOpen: () => void;
  readonly onData: (chunk: Buffer) => void;
  /** The receiver will send no more. */
  readonly onEnd: () => void;
  /** It is closed, by whatever error came first; null where the receiver closed it in order. */
  readonly onClose: (error: Error | null) => void;
}

/**
 * One kept-alive connection that carries one request at a time, so that request, socket and facts always belong
 * together and destroying it frees everything. It opens with its first request; what comes while none is under way ends
 * it.
 */
export class Connection {
  readonly target: ConnectionTarget;
  readonly #dial: Dial;
  readonly #onClosed: (connection: Connection) => void;
  readonly #madeAt = performance.now();
  readonly #facts: ConnectionFacts = {
    dnsMs: null,
    connectMs: null,
    tlsMs: null,
    remoteAddress: null,
    tlsVersion: null,
  };
  #abortDial: () => void = () => {};
  #socket: Socket | null = null;
  #socketError: Error | null = null;
  #conversation: Conversation | null = null;
  #conversations = 0;
  #isEnded = false;
  #restTimer: NodeJS.Timeout | undefined;

  constructor(target: ConnectionTarget, dial: Dial, onClosed: (connection: Connection) => void) {
    this.target = target;
    this.#dial = dial;
    this.#onClosed = onClosed;
  }

  /**
   * Whether another request may go out over it: it is open, at rest, young, and was vetted by the rules of this
   * revision.
   */
  isReusable(revision: number): boolean {
    if (this.#isEnded || this.#socket === null || this.#conversation !== null) return false;
    return this.target.revision === revision && performance.now() - this.#madeAt < MAX_AGE_MS;
  }

  /** Whether it carried another request before the present one. */
  get isReused(): boolean {
    return this.#conversations > 1;
  }

  get facts(): Readonly<ConnectionFacts> {
    return this.#facts;
  }

  /** Begins a request; the connection must be new or at rest. */
  converse(conversation: Conversation): void {
    clearTimeout(this.#restTimer);
    this.#conversation = conversation;
    this.#conversations += 1;
    if (this.#socket !== null) conversation.onOpen();
    else this.#open();
  }

  write(pieces: readonly Buffer[]): void {
    this.#socket?.cork();
    for (const piece of pieces) this.#socket?.write(piece);
    this.#socket?.uncork();
  }

  /**
   * The request is over and the answer was whole: waits for the next one so long, unless part of the request is still
   * unsent.
   */
  rest(forMs: number): void {
    this.#conversation = null;
    if (forMs <= 0 || this.#socket?.writableLength !== 0) this.destroy();
    else this.#restTimer = setTimeout(() => this.destroy(), forMs).unref();
  }

  /** Cuts it in whatever phase it is; the request under way hears nothing more. */
  destroy(): void {
    this.#conversation = null;
    this.#isEnded = true;
    this.#abortDial();
    this.#socket?.destroy();
  }

  #open(): void {
    this.#abortDial = this.#dial({ ...this.target, facts: this.#facts }, (error, socket) => {
      if (error === null) this.#use(socket);
      else this.#close(error);
    });
  }

  #use(socket: Socket): void {
    this.#socket = socket;
    socket
      .on('data', (chunk: Buffer) => {
        if (this.#conversation === null) this.destroy();
        else this.#conversation.onData(chunk);
      })
      .once('error', (error) => {
        this.#socketError = error;
      })
      .once('end', () => this.#end(socket))
      .once('close', () => this.#close(this.#socketError));
    if (socket.destroyed) this.#close(socket.errored);
    else this.#conversation?.onOpen();
  }

  #end(socket: Socket): void {
    this.#isEnded = true;
    this.#conversation?.onEnd();
    // An error that comes along, such as a TLS alert, tells more than the end does.
    setImmediate(() => socket.destroy());
  }

  #close(error: Error | null): void {
    this.#isEnded = true;
    clearTimeout(this.#restTimer);
    const conversation = this.#conversation;
    this.#conversation = null;
    this.#onClosed(this);
    conversation?.onClose(error);
  }
}
