import type { Server as PlainServer } from 'node:http';
import type { Server as TlsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';

/** How many connections there are to some servers, and how many there were. */
export interface ConnectionCounts {
  readonly open: number;
  /** At one time. */
  readonly most: number;
  readonly opened: number;
  /** Of those by TLS, what went on from a session of before, which spares most of a handshake. */
  readonly resumed: number;
}

/** Counts connections from the servers' side: those by TLS once their handshake is over. */
export class ConnectionCounter {
  #counts: ConnectionCounts = { open: 0, most: 0, opened: 0, resumed: 0 };

  get counts(): ConnectionCounts {
    return this.#counts;
  }

  /** Counts those of one more server from now on. */
  watchPlain(server: PlainServer): void {
    server.on('connection', (socket: Socket) => this.#note(socket, false));
  }

  /** Likewise for a server by TLS. */
  watchTls(server: TlsServer): void {
    server.on('secureConnection', (socket: TLSSocket) => this.#note(socket, socket.isSessionReused()));
  }

  #note(socket: Socket, isResumed: boolean): void {
    const { open, most, opened, resumed } = this.#counts;
    this.#counts = {
      open: open + 1,
      most: Math.max(most, open + 1),
      opened: opened + 1,
      resumed: resumed + (isResumed ? 1 : 0),
    };
    socket.once('close', () => {
      this.#counts = { ...this.#counts, open: this.#counts.open - 1 };
    });
  }
}
