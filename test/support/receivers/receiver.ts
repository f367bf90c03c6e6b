import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** One request as it came in. */
export interface ReceivedRequest {
  readonly method: string;
  /** Path with the query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Exactly the bytes of the body. */
  readonly body: Buffer;
  /** When its body was complete, in milliseconds since 1970. */
  readonly arrivedAt: number;
}

/** How to answer a request; 204 without a body where nothing is said. */
export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly delayMs?: number;
  /** Instead of answering: never do, or reset the connection. */
  readonly instead?: 'hang' | 'reset';
}

export type Handler = (
  request: ReceivedRequest,
  requests: readonly ReceivedRequest[],
) => Answer | Promise<Answer>;

/** A customer's server on loopback that writes down everything it gets. */
export interface Receiver {
  readonly url: string;
  readonly port: number;
  /** In order of arrival. */
  readonly requests: readonly ReceivedRequest[];
  /** Answers like this from now on. */
  answerWith(handler: Handler | Answer): void;
  /** The first request, past or future, that satisfies this. */
  waitFor(predicate: (request: ReceivedRequest) => boolean, timeoutMs?: number): Promise<ReceivedRequest>;
  /** All requests, once there are at least this many. */
  waitForCount(count: number, timeoutMs?: number): Promise<readonly ReceivedRequest[]>;
  close(): Promise<void>;
}

const DEFAULT_TIMEOUT_MS = 30_000;

/** Starts a receiver on a free port, or on this one. */
export async function startReceiver(handler: Handler | Answer = {}, port = 0): Promise<Receiver> {
  const requests: ReceivedRequest[] = [];
  const arrivals = new EventEmitter().setMaxListeners(0);
  let answer = asHandler(handler);
  const server = createServer(async (incoming, response) => {
    const request = await readRequest(incoming).catch(() => null);
    if (request === null) return;
    requests.push(request);
    arrivals.emit('arrival');
    await reply(response, await answer(request, requests));
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const bound = (server.address() as AddressInfo).port;
  const until = <T>(probe: () => T | undefined, timeoutMs: number): Promise<T> =>
    waitUntil(probe, { arrivals, timeoutMs, describe: () => `${requests.length} requests have come` });
  return {
    url: `http://127.0.0.1:${bound}`,
    port: bound,
    requests,
    answerWith(next) {
      answer = asHandler(next);
    },
    waitFor: (predicate, timeoutMs = DEFAULT_TIMEOUT_MS) => until(() => requests.find(predicate), timeoutMs),
    waitForCount: (count, timeoutMs = DEFAULT_TIMEOUT_MS) =>
      until(() => (requests.length >= count ? requests : undefined), timeoutMs),
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function asHandler(handler: Handler | Answer): Handler {
  return typeof handler === 'function' ? handler : () => handler;
}

async function readRequest(incoming: IncomingMessage): Promise<ReceivedRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return {
    method: incoming.method ?? '',
    path: incoming.url ?? '',
    headers: incoming.headers,
    body: Buffer.concat(chunks),
    arrivedAt: Date.now(),
  };
}

async function reply(response: ServerResponse, answer: Answer): Promise<void> {
  const { status = 204, headers = {}, body, delayMs = 0, instead } = answer;
  if (instead === 'hang') return;
  if (delayMs > 0) await sleep(delayMs, undefined, { ref: false });
  if (instead === 'reset') return void response.socket?.resetAndDestroy();
  response.writeHead(status, headers).end(body);
}

function waitUntil<T>(
  probe: () => T | undefined,
  { arrivals, timeoutMs, describe }: { arrivals: EventEmitter; timeoutMs: number; describe: () => string },
): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => settle(() => reject(new Error(`${describe()} in ${timeoutMs} ms`))),
      timeoutMs,
    );
    const settle = (finish: () => void): void => {
      clearTimeout(timer);
      arrivals.off('arrival', check);
      finish();
    };
    const check = (): void => {
      const found = probe();
      if (found !== undefined) settle(() => resolve(found));
    };
    arrivals.on('arrival', check);
    check();
  });
}
