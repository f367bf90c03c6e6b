import { once } from 'node:events';
import { createServer as createPlainServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Certificate } from '../../test/support/receivers/certificates.ts';

/** A receiver that answers 204 and looks at nothing. */
export interface LadderReceiver {
  readonly url: string;
  close(): Promise<void>;
}

export interface LadderReceiverOptions {
  /** TLS 1.3 with this certificate; plain HTTP where absent. */
  readonly certificate?: Certificate;
  /** Whether connections are kept; otherwise each takes one request. */
  readonly keepAlive: boolean;
}

/** Starts one on loopback. */
export async function startLadderReceiver({
  certificate,
  keepAlive,
}: LadderReceiverOptions): Promise<LadderReceiver> {
  const headers = keepAlive ? {} : { connection: 'close' };
  const listener: RequestListener = (request, response) => {
    request.resume().once('end', () => response.writeHead(204, headers).end());
  };
  const server =
    certificate === undefined
      ? createPlainServer(listener)
      : createTlsServer({ ...certificate, minVersion: 'TLSv1.3' }, listener);
  server.keepAliveTimeout = 0;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `${certificate === undefined ? 'http' : 'https'}://127.0.0.1:${port}/hook`,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
