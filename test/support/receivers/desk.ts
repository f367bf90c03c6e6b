import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import express from 'express';
import type { Certificate } from './certificates.ts';

/** A request as an Express application got it. */
export interface DeskRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** The program at a developer's desk: Express with a raw body, on one address only. */
export interface Desk {
  readonly port: number;
  readonly requests: readonly DeskRequest[];
  /** What it answers from now on. */
  answerWith(status: number, body?: string): void;
  close(): Promise<void>;
}

/** Starts Express on an address, over HTTPS where it has a certificate. */
export async function startDesk(host: string, certificate?: Certificate): Promise<Desk> {
  const requests: DeskRequest[] = [];
  let answer = { status: 200, body: 'taken' };
  const app = express();
  app.post('/{*path}', express.raw({ type: () => true }), ({ originalUrl, headers, body }, response) => {
    requests.push({ path: originalUrl, headers: headers as Record<string, string>, body });
    response.status(answer.status).send(answer.body);
  });
  const server = certificate === undefined ? createHttpServer(app) : createHttpsServer(certificate, app);
  server.listen(0, host);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    answerWith: (status, body = '') => {
      answer = { status, body };
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
