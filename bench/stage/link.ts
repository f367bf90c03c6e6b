import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { Transform } from 'node:stream';

/** How a link treats what goes through: as it should, late, not at all (and says nothing), or by breaking it off. */
export type LinkState =
  | { readonly kind: 'sound' }
  | { readonly kind: 'slow'; readonly delayMs: number }
  | { readonly kind: 'silent' }
  | { readonly kind: 'cut' };

/** A piece of network between two processes on loopback that can go wrong. */
export interface Link {
  readonly port: number;
  /**
   * Changes what happens, to connections that are open too. What a silent link swallowed never arrives: they break when
   * it ends.
   */
  become(state: LinkState): void;
  /** Leads to another port from now on; whoever was connected has to connect anew. */
  leadTo(port: number): void;
  close(): Promise<void>;
}

const SOUND: LinkState = { kind: 'sound' };

/** Listens on a free port of loopback and leads to another. */
export async function startLink(first: number): Promise<Link> {
  const sockets = new Set<Socket>();
  let target = first;
  let state = SOUND;
  const breakAll = (): void => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  const server = createServer((client) => {
    if (state.kind === 'cut') {
      client.resetAndDestroy();
      return;
    }
    const upstream = connect(target, '127.0.0.1');
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket.setNoDelay(true));
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
      socket.pipe(treatedAs(() => state)).pipe(other);
    }
  });
  await listen(server);
  return {
    port: (server.address() as AddressInfo).port,
    become(next) {
      if (next.kind === 'cut' || state.kind === 'silent') breakAll();
      state = next;
    },
    leadTo(port) {
      target = port;
      breakAll();
    },
    async close() {
      breakAll();
      const closed = once(server, 'close');
      server.close();
      await closed;
    },
  };
}

async function listen(server: Server): Promise<void> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
}

/** Chunks in order: late where the link is slow, for ever where it is silent. */
function treatedAs(stateNow: () => LinkState): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const state = stateNow();
      if (state.kind === 'sound') done(null, chunk);
      else if (state.kind === 'slow') setTimeout(() => done(null, chunk), state.delayMs);
      else if (state.kind === 'silent') done();
    },
  });
}
