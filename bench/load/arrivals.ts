import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Arrival } from '../measure/ledger.ts';
import { type Behaviour, createRefusals } from '../measure/refusals.ts';

/** A receiver with many endpoints that takes the time of each request and keeps nothing else. */
export interface ArrivalReceiver {
  /** URL of the endpoint with this number. */
  url(endpoint: number): string;
  /** Makes an endpoint behave differently from now on; each begins with `answer`. */
  behave(endpoint: number, behaviour: Behaviour): void;
  /** Answers every request that was left hanging. */
  release(): void;
  close(): Promise<void>;
}

export interface ArrivalReceiverOptions {
  /** Told once the body is complete, before the answer. */
  readonly onArrival: (jobId: string, arrival: Arrival) => void;
  /** How long to think before each answer; 0 where absent. */
  readonly delayMs?: number;
}

const ACCEPTED = 204;
const REFUSED = 503;

/** Starts a receiver on loopback; success is answered with 204. Times are those of `performance.now()`. */
export async function startArrivalReceiver(options: ArrivalReceiverOptions): Promise<ArrivalReceiver> {
  const { onArrival, delayMs = 0 } = options;
  const behaviours = new Map<number, (attempt: number) => 'answer' | 'refuse' | 'hang'>();
  const hanging = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    whenComplete(request, (body) => {
      const at = performance.now();
      const from = identify(request);
      const verdict = behaviours.get(from.endpoint)?.(from.attempt) ?? 'answer';
      const { deliveryId, attempt } = from;
      onArrival(jobIdIn(body), { deliveryId, attempt, at, accepted: verdict === 'answer' });
      if (verdict === 'hang') hanging.add(response.once('close', () => hanging.delete(response)));
      else answer(response, { status: verdict === 'answer' ? ACCEPTED : REFUSED, delayMs });
    });
  });
  server.keepAliveTimeout = 0;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: (endpoint) => `http://127.0.0.1:${(server.address() as AddressInfo).port}/${endpoint}`,
    behave: (endpoint, behaviour) => void behaviours.set(endpoint, createRefusals(behaviour)),
    release() {
      for (const response of hanging) answer(response, { status: ACCEPTED, delayMs: 0 });
      hanging.clear();
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
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
