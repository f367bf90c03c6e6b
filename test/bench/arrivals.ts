import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Arrival } from './ledger.ts';

/** A receiver that takes the time of each request and keeps nothing else. */
export interface ArrivalReceiver {
  readonly url: string;
  close(): Promise<void>;
}

export interface ArrivalReceiverOptions {
  /** Told once the body is complete, before the answer. */
  readonly onArrival: (jobId: string, arrival: Arrival) => void;
  /** How long to think before each answer; 0 where absent. */
  readonly delayMs?: number;
}

/** Starts a receiver on loopback that answers 204. Times are those of `performance.now()`. */
export async function startArrivalReceiver(options: ArrivalReceiverOptions): Promise<ArrivalReceiver> {
  const { onArrival, delayMs = 0 } = options;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.once('end', () => {
      const at = performance.now();
      onArrival(jobIdIn(Buffer.concat(chunks)), { ...headersOf(request), at });
      const answer = (): void => void response.writeHead(204).end();
      if (delayMs === 0) answer();
      else setTimeout(answer, delayMs).unref();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function headersOf({ headers }: IncomingMessage): Pick<Arrival, 'deliveryId' | 'attempt'> {
  return {
    deliveryId: String(headers['x-webhook-delivery'] ?? ''),
    attempt: Number(headers['x-webhook-attempt'] ?? 0),
  };
}

function jobIdIn(body: Buffer): string {
  const { data } = JSON.parse(body.toString('utf8')) as { readonly data?: { readonly job_id?: unknown } };
  return String(data?.job_id ?? '');
}
