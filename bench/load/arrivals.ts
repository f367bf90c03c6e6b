import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Arrival } from '../measure/ledger.ts';
import { type Behaviour, createRefusals } from '../measure/refusals.ts';

/** A receiver with many endpoints that takes the time of each request and keeps nothing else. */
export interface ArrivalReceiver {
  /** URL of the endpoint with this number. */
  url(endpoint: number): string;
  /**
   * Makes an endpoint behave differently from now on; each begins with `answer`. `thinkMs` is what it takes for its
   * answers.
   */
  behave(endpoint: number, behaviour: Behaviour, thinkMs?: number): void;
  /** Answers every request that was left hanging. */
  release(): void;
  close(): Promise<void>;
}

export interface ArrivalReceiverOptions {
  /** Told once the body is complete, before the answer. */
  readonly onArrival: (jobId: string, arrival: Arrival) => void;
  /** How long to think before each answer; 0 where absent. */
  readonly delayMs?: number;
  /** Addresses of loopback that endpoints are spread over; 1 where absent. */
  readonly hosts?: number;
}

const ACCEPTED = 204;
const REFUSED = 503;

/** Starts a receiver on loopback; success is answered with 204. Times are those of `performance.now()`. */
export async function startArrivalReceiver(options: ArrivalReceiverOptions): Promise<ArrivalReceiver> {
  const { onArrival, delayMs = 0, hosts = 1 } = options;
  const behaviours = new Map<number, (attempt: number) => 'answer' | 'refuse' | 'hang'>();
  const thinking = new Map<number, number>();
  const hanging = new Set<ServerResponse>();
  const receive = (request: IncomingMessage, response: ServerResponse): void =>
    whenComplete(request, (body) => {
      const at = performance.now();
      const from = identify(request);
      const verdict = behaviours.get(from.endpoint)?.(from.attempt) ?? 'answer';
      const { deliveryId, attempt } = from;
      onArrival(jobIdIn(body), { deliveryId, attempt, at, accepted: verdict === 'answer' });
      if (verdict === 'hang') hanging.add(response.once('close', () => hanging.delete(response)));
      else
        answer(response, {
          status: verdict === 'answer' ? ACCEPTED : REFUSED,
          delayMs: thinking.get(from.endpoint) ?? delayMs,
        });
    });
  const servers = await Promise.all(
    Array.from({ length: hosts }, async (_, host) => await listen(receive, addressOf(host))),
  );
  const origins = servers.map((server) => {
    const { address, port } = server.address() as AddressInfo;
    return `http://${address}:${port}`;
  });
  return {
    url: (endpoint) => `${origins[endpoint % hosts]}/${endpoint}`,
    behave(endpoint, behaviour, thinkMs = delayMs) {
      behaviours.set(endpoint, createRefusals(behaviour));
      thinking.set(endpoint, thinkMs);
    },
    release() {
      for (const response of hanging) answer(response, { status: ACCEPTED, delayMs: 0 });
      hanging.clear();
    },
    close: async () => void (await Promise.all(servers.map(close))),
  };
}

const ADDRESSES_A_NET = 250;

/** 127.0.0.1 first, then as many more as are wanted. */
function addressOf(host: number): string {
  return `127.0.${Math.floor(host / ADDRESSES_A_NET)}.${(host % ADDRESSES_A_NET) + 1}`;
}

async function listen(receive: RequestListener, address: string): Promise<Server> {
  const server = createServer(receive);
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
