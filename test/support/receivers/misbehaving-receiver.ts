import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';

/** A receiver written by hand on sockets, so that it can break every rule of HTTP. */
export interface MisbehavingReceiver {
  readonly port: number;
  /** Base URL without a trailing slash, by the address 127.0.0.1. */
  readonly url: string;
  /** Connections accepted so far. */
  readonly accepted: () => number;
  /** Waits until no connection is open any more. */
  readonly allClosed: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** What to do with a connection when a request for `/bad` has come in. */
export type Misbehaviour = (socket: Socket) => void;

const GOOD_ANSWER = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';

/** Listens on a free port: requests for `/bad` get the misbehaviour, all others `200 ok`, whatever came before. */
export function startReceiver(misbehave: Misbehaviour, tls?: TlsOptions): Promise<MisbehavingReceiver> {
  return listen((socket) => {
    socket.on('data', (data) => {
      const head = data.toString('latin1');
      if (head.startsWith('POST /bad ')) misbehave(socket);
      else if (head.startsWith('POST ')) socket.write(GOOD_ANSWER);
    });
  }, tls);
}

/** Listens on a free port of 127.0.0.1 and hands over every connection; what comes in is read in any case. */
export async function listen(
  onConnection: (socket: Socket) => void,
  tls?: TlsOptions,
): Promise<MisbehavingReceiver> {
  const sockets = new Set<Socket>();
  let accepted = 0;
  let onAllClosed: (() => void) | null = null;
  const track = (socket: Socket): void => {
    accepted += 1;
    sockets.add(socket);
    socket
      .on('error', () => {})
      .on('close', () => {
        sockets.delete(socket);
        if (sockets.size === 0) onAllClosed?.();
      });
  };
  const serve = (socket: Socket): void => {
    socket.on('error', () => {}).resume();
    onConnection(socket);
  };
  const server: Server = tls === undefined ? createServer(serve) : createTlsServer(tls, serve);
  server.on('connection', track).on('tlsClientError', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    accepted: () => accepted,
    allClosed: () =>
      new Promise((resolve) => {
        if (sockets.size === 0) resolve();
        else onAllClosed = resolve;
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** Answers with fixed bytes and leaves the connection open. */
export function answerWith(...parts: readonly (string | Buffer)[]): Misbehaviour {
  const bytes = Buffer.concat(
    parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)),
  );
  return (socket) => socket.write(bytes);
}

/** Answers with fixed bytes and closes the connection. */
export function answerAndHangUp(...parts: readonly (string | Buffer)[]): Misbehaviour {
  return (socket) => {
    answerWith(...parts)(socket);
    socket.end();
  };
}

/** Writes `head`, then `piece` as often as the other side takes it, as fast as it takes it. */
export function flood(head: string, piece: string | Buffer): Misbehaviour {
  return (socket) => {
    const pump = (): void => {
      while (!socket.destroyed && socket.write(piece));
    };
    socket.write(head);
    socket.on('drain', pump);
    pump();
  };
}

/** Writes `head`, then one `piece` every few milliseconds for ever. */
export function dribble(head: string, piece: string): Misbehaviour {
  return (socket) => {
    socket.write(head);
    const timer = setInterval(() => socket.write(piece), 10);
    socket.on('close', () => clearInterval(timer));
  };
}
