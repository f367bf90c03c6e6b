import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import getPort from 'get-port';

/** A port of loopback that refuses connections until it is opened. */
export interface ClosedPort {
  /** The target's URL with this port instead. */
  readonly url: string;
  /** From now on connections lead to the target. */
  open(): Promise<void>;
  close(): Promise<void>;
}

/** Finds a port where nothing listens and that can be made to lead to a URL. */
export async function closePort(target: string): Promise<ClosedPort> {
  const port = await getPort();
  const sockets = new Set<Socket>();
  let server: Server | null = null;
  const forward = (socket: Socket): void => {
    const onward = connect(Number(new URL(target).port), '127.0.0.1');
    for (const [one, other] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      sockets.add(one);
      one.on('error', () => other.destroy()).once('close', () => sockets.delete(one));
      one.pipe(other);
    }
  };
  return {
    url: Object.assign(new URL(target), { port: String(port) }).href,
    async open() {
      server = createServer(forward).listen(port, '127.0.0.1');
      await once(server, 'listening');
    },
    async close() {
      server?.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
