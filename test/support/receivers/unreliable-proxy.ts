import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { seededRandom } from '../seeded-random.ts';

/** What may happen to a request on its way to the API and back. */
export type Mishap = 'none' | 'refused' | 'cut' | 'too_many' | 'unavailable';

/** A network between a producer and the API on which things happen, by chance but the same ones at each run. */
export interface UnreliableProxy {
  readonly url: string;
  /** How often each has happened. */
  readonly happened: Readonly<Record<Mishap, number>>;
  close(): Promise<void>;
}

export interface UnreliableProxyOptions {
  readonly seed: number;
  /** How many of a hundred requests go through undisturbed. */
  readonly percentUndisturbed: number;
}

const MISHAPS = ['refused', 'cut', 'too_many', 'unavailable'] as const;

/**
 * Stands before `target`: `cut` lets the API do its work and breaks the connection before its answer, the others never
 * ask it.
 */
export async function startUnreliableProxy(
  target: string,
  { seed, percentUndisturbed }: UnreliableProxyOptions,
): Promise<UnreliableProxy> {
  const random = seededRandom(seed);
  const happened = { none: 0, refused: 0, cut: 0, too_many: 0, unavailable: 0 };
  const choose = (): Mishap => {
    if (random() * 100 < percentUndisturbed) return 'none';
    return MISHAPS[Math.floor(random() * MISHAPS.length)] ?? 'cut';
  };
  const server = createServer((incoming, outgoing) => {
    const mishap = choose();
    happened[mishap] += 1;
    if (mishap === 'refused') incoming.destroy();
    else if (mishap === 'too_many') answerProblem(incoming, outgoing, { status: 429, code: 'rate_limited' });
    else if (mishap === 'unavailable')
      answerProblem(incoming, outgoing, { status: 503, code: 'database_busy' });
    else forward(target, incoming, outgoing, { cut: mishap === 'cut' });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    happened,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function answerProblem(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { status, code }: { readonly status: number; readonly code: string },
): void {
  const problem = {
    type: 'about:blank',
    title: code,
    status,
    detail: code,
    code,
    errors: [],
    request_id: 'none',
  };
  incoming.resume().once('end', () => {
    const headers = { 'content-type': 'application/problem+json', 'retry-after': '0' };
    outgoing.writeHead(status, headers).end(JSON.stringify(problem));
  });
}

function forward(
  target: string,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { cut }: { readonly cut: boolean },
): void {
  const { method, headers, url = '/' } = incoming;
  const upstream = request(new URL(url, target), { method, headers }, (answer) => {
    // By now the API has committed; whoever sent the request does not hear of it.
    if (cut) {
      answer.resume().once('end', () => outgoing.destroy());
      return;
    }
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  });
  upstream.once('error', () => outgoing.destroy());
  incoming.pipe(upstream);
}
