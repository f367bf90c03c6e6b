import type { SecureVersion } from 'node:tls';
import type { AttemptOutcome } from '../domain/attempt.ts';
import { classifyFailure, describeFailure } from './classify-failure.ts';
import type { Connection } from './connection.ts';
import { ConnectionPool } from './connection-pool.ts';
import { createDialer } from './dialer.ts';
import { Exchange } from './exchange.ts';
import type { AddressRule } from './public-address.ts';
import { type HostLookup, resolveHost } from './resolve-host.ts';
import { TransportFault } from './transport-fault.ts';

/** One POST; headers and body go out as they are. */
export interface SendRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | string;
}

/** `timeoutMs` bounds everything from DNS to the end of the body; an aborted `signal` gives `outcome_unknown`. */
export interface SendOptions {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

export interface SenderOptions {
  readonly rule: AddressRule;
  readonly lookup?: HostLookup;
  /** Bytes of an answer's body that are kept, 64 KiB by default; a longer 2xx is a success all the same. */
  readonly maxBodyBytes?: number;
  /** `TLSv1.3` by default. */
  readonly minTlsVersion?: SecureVersion;
  /** Authorities (PEM) trusted besides the well-known ones. */
  readonly ca?: readonly string[];
}

/** Sends requests over kept-alive connections. */
export interface Sender {
  /**
   * Makes one POST and tells what came of it; never follows, repeats or decodes anything. Rejects only after `close`:
   * whatever networks and receivers do is an outcome.
   */
  readonly send: (request: SendRequest, options: SendOptions) => Promise<AttemptOutcome>;
  /** Refuses new requests, waits for those under way, then closes the connections. */
  readonly close: () => Promise<void>;
}

const DEFAULT_MAX_BODY_BYTES = 64 * 1024;

/** Makes a sender with its own connections; a process needs one. */
export function createSender(options: SenderOptions): Sender {
  const maxBodyBytes = options.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES;
  const pool = new ConnectionPool(
    createDialer({
      rule: options.rule,
      lookup: options.lookup ?? resolveHost,
      minTlsVersion: options.minTlsVersion ?? 'TLSv1.3',
      ca: options.ca ?? [],
    }),
  );
  const underWay = new Set<Promise<AttemptOutcome>>();
  let isClosed = false;
  return {
    send: (request, sendOptions) => {
      if (isClosed) return Promise.reject(new Error(`Cannot send to ${request.url}: the sender is closed`));
      const outcome = post(request, sendOptions, { pool, maxBodyBytes });
      underWay.add(outcome);
      return outcome.finally(() => underWay.delete(outcome));
    },
    close: async () => {
      isClosed = true;
      await Promise.all(underWay);
      pool.clear();
    },
  };
}

interface Means {
  readonly pool: ConnectionPool;
  readonly maxBodyBytes: number;
}

async function post(request: SendRequest, options: SendOptions, means: Means): Promise<AttemptOutcome> {
  try {
    if (options.signal?.aborted === true) throw toldToStop();
    const url = new URL(request.url);
    const connection = means.pool.take(url);
    const outcome = await exchange(request, options, { url, connection, maxBodyBytes: means.maxBodyBytes });
    if (connection.isOpen) means.pool.give(connection);
    return outcome;
  } catch (error) {
    return failureBeforeSending(error);
  }
}

interface Route {
  readonly url: URL;
  readonly connection: Connection;
  readonly maxBodyBytes: number;
}

function exchange(request: SendRequest, options: SendOptions, route: Route): Promise<AttemptOutcome> {
  const { timeoutMs, signal } = options;
  const { connection, url } = route;
  return new Promise((resolve) => {
    const running = new Exchange(connection, route.maxBodyBytes, (outcome) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      resolve(outcome);
    });
    const timer = setTimeout(() => running.expire(timeoutMs), timeoutMs);
    const onAbort = (): void =>
      running.cut(new TransportFault('outcome_unknown', 'The sender was told to stop'));
    signal?.addEventListener('abort', onAbort);
    const { headers, body } = request;
    connection.dispatch({ path: url.pathname + url.search, method: 'POST', headers, body }, running);
  });
}

function toldToStop(): TransportFault {
  return new TransportFault('outcome_unknown', 'The sender was told to stop');
}

function failureBeforeSending(error: unknown): AttemptOutcome {
  return {
    statusCode: null,
    errorCode: classifyFailure(error, 'connecting'),
    errorDetail: describeFailure(error),
    response: null,
    timings: { dnsMs: null, connectMs: null, tlsMs: null, firstByteMs: null, totalMs: 0 },
    remoteAddress: null,
    tlsVersion: null,
    retryAfter: null,
  };
}
