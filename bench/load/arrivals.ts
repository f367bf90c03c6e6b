import { once } from 'node:events';
import {
  createServer as createPlainServer,
  type IncomingMessage,
  type Server as PlainServer,
  type RequestListener,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Certificate } from '../../test/support/receivers/certificates.ts';
import { ConnectionCounter, type ConnectionCounts } from '../measure/connection-counts.ts';
import type { Arrival } from '../measure/ledger.ts';
import { type Behaviour, createRefusals, type Verdict } from '../measure/refusals.ts';

/** A receiver with many endpoints that takes the time of each request and keeps nothing else. */
export interface ArrivalReceiver {
  /** URL of the endpoint with this number. */
  url(endpoint: number): string;
  /**
   * Makes an endpoint behave differently from now on, whatever is usual. `thinkMs` is what it takes for its answers.
   */
  behave(endpoint: number, behaviour: Behaviour, thinkMs?: number): void;
  /** Answers every request that was left hanging. */
  release(): void;
  connections(): ConnectionCounts;
  close(): Promise<void>;
}

export interface ArrivalReceiverOptions {
  /** Told once the body is complete, before the answer. */
  readonly onArrival: (jobId: string, arrival: Arrival) => void;
  /** How long to think before each answer, or how long before the next; 0 where absent. */
  readonly delayMs?: number | (() => number);
  /** Addresses of loopback that endpoints are spread over; 1 where absent. */
  readonly hosts?: number;
  /** TLS 1.3 with this certificate, see `addressOf`; plain HTTP where absent. */
  readonly certificate?: Certificate;
  /** What requests for endpoints get that were not told to behave; all are accepted where absent. */
  readonly usual?: Behaviour;
}

const ACCEPTED = 204;
const REFUSED = 503;

/** Starts a receiver on loopback; success is answered with 204. Times are those of `performance.now()`. */
export async function startArrivalReceiver(options: ArrivalReceiverOptions): Promise<ArrivalReceiver> {
  const { onArrival, delayMs = 0, hosts = 1, certificate } = options;
  const usual = createRefusals(options.usual ?? 'answer');
  const usualMs = typeof delayMs === 'number' ? () => delayMs : delayMs;
  const behaviours = new Map<number, (attempt: number) => Verdict>();
  const thinking = new Map<number, number>();
  const hanging = new Set<ServerResponse>();
  const receive = (request: IncomingMessage, response: ServerResponse): void =>
    whenComplete(request, (body) => {
      const at = performance.now();
      const from = identify(request);
      const verdict = (behaviours.get(from.endpoint) ?? usual)(from.attempt);
      const { deliveryId, attempt } = from;
      onArrival(jobIdIn(body), { deliveryId, attempt, at, accepted: verdict === 'answer' });
      if (verdict === 'hang') hanging.add(response.once('close', () => hanging.delete(response)));
      else
        answer(response, {
          status: verdict === 'answer' ? ACCEPTED : REFUSED,
          delayMs: thinking.get(from.endpoint) ?? usualMs(),
        });
    });
  const counter = new ConnectionCounter();
  const create = (): Server => createServer(receive, { certificate, counter });
  const servers = await Promise.all(
    Array.from({ length: hosts }, async (_, host) => await listen(create(), addressOf(host))),
  );
  const origins = servers.map((server) => {
    const { address, port } = server.address() as AddressInfo;
    return `${certificate === undefined ? 'http' : 'https'}://${address}:${port}`;
  });
  return {
    url: (endpoint) => `${origins[endpoint % hosts]}/${endpoint}`,
    behave(endpoint, behaviour, thinkMs) {
      behaviours.set(endpoint, createRefusals(behaviour));
      if (thinkMs === undefined) thinking.delete(endpoint);
      else thinking.set(endpoint, thinkMs);
    },
    release() {
      for (const response of hanging) answer(response, { status: ACCEPTED, delayMs: 0 });
      hanging.clear();
    },
    connections: () => counter.counts,
    close: async () => void (await Promise.all(servers.map(close))),
  };
}

const ADDRESSES_A_NET = 250;

/** Where the host with this number listens: 127.0.0.1 first, then as many more as are wanted. */
export function addressOf(host: number): string {
  return `127.0.${Math.floor(host / ADDRESSES_A_NET)}.${(host % ADDRESSES_A_NET) + 1}`;
}

type Server = PlainServer | TlsServer;

interface ServerOptions {
  readonly certificate: Certificate | undefined;
  readonly counter: ConnectionCounter;
}

function createServer(receive: RequestListener, { certificate, counter }: ServerOptions): Server {
  if (certificate === undefined) {
    const plain = createPlainServer(receive);
    counter.watchPlain(plain);
    return plain;
  }
  const tls = createTlsServer({ ...certificate, minVersion: 'TLSv1.3' }, receive);
  counter.watchTls(tls);
  return tls;
}

async function listen(server: Server, address: string): Promise<Server> {
  server.keepAliveTimeout = 0;
  server.listen(0, address);
  await once(server, 'listening');
  return server;
}

async function close(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}

/** Bodies mostly come in one piece, which then is not copied. */
function whenComplete(request: IncomingMessage, then: (body: Buffer) => void): void {
  let body: Buffer | null = null;
  request.on('data', (chunk: Buffer) => {
    body = body === null ? chunk : Buffer.concat([body, chunk]);
  });
  request.once('end', () => then(body ?? Buffer.alloc(0)));
}

function answer(response: ServerResponse, { status, delayMs }: { status: number; delayMs: number }): void {
  const end = (): void => void response.writeHead(status).end();
  if (delayMs === 0) end();
  else setTimeout(end, delayMs).unref();
}

function identify({
  headers,
  url = '',
}: IncomingMessage): Pick<Arrival, 'deliveryId' | 'attempt'> & { endpoint: number } {
  return {
    deliveryId: String(headers['x-webhook-delivery'] ?? ''),
    attempt: Number(headers['x-webhook-attempt'] ?? 0),
    endpoint: Number(url.slice(1)),
  };
}

/** Parses the whole body, as receivers do. */
function jobIdIn(body: Buffer): string {
  const { data } = JSON.parse(body.toString('utf8')) as { readonly data?: { readonly job_id?: unknown } };
  return String(data?.job_id ?? '');
}
