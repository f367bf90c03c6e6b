import type { AttemptOutcome } from '../domain/attempt.ts';
import type { EndpointRoute } from '../domain/endpoint-route.ts';
import { classifyFailure, describeFailure } from './classify-failure.ts';
import { connectionKey } from './connection-key.ts';
import { ConnectionPool } from './connection-pool.ts';
import type { DestinationRules } from './destinations/destination-rules.ts';
import { createResolver, type HostLookup } from './destinations/resolve-host.ts';
import { createDialer } from './dialer.ts';
import { createEgress, type EgressAddress } from './egress.ts';
import { Exchange } from './exchange.ts';
import { requestBytes } from './http/request-bytes.ts';
import { SecureContexts } from './secure-contexts.ts';
import { TransportFault } from './transport-fault.ts';

/** One POST; headers and body go out as they are. */
export interface SendRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | string;
  /** What the endpoint asks of its connections; absent or null for nothing special. */
  readonly route?: EndpointRoute | null;
}

/** `timeoutMs` bounds everything from DNS to the end of the body; an aborted `signal` gives `outcome_unknown`. */
export interface SendOptions {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

export interface SenderOptions {
  readonly rules: DestinationRules;
  /** The system's resolver by default. */
  readonly lookup?: HostLookup;
  /** Bytes of an answer's body that are kept, 64 KiB by default; a longer 2xx is a success all the same. */
  readonly maxBodyBytes?: number;
  /** Whether routes may step down to TLS 1.2; no by default. */
  readonly allowTls12?: boolean;
  /** Authorities (PEM) trusted besides the well-known ones. */
  readonly ca?: readonly string[];
  /** A forward proxy for public destinations; none by default, whatever the environment says. */
  readonly proxy?: URL | null;
  readonly egress?: readonly EgressAddress[];
}

/** Sends requests over kept-alive connections. */
export interface Sender {
  /**
   * Makes one POST and tells what came of it; never follows or decodes anything, and repeats only what went out over a
   * kept connection that had ended (`resent`). Rejects only after `close`: whatever networks and receivers do is an
   * outcome.
   */
  readonly send: (request: SendRequest, options: SendOptions) => Promise<AttemptOutcome>;
  /** Refuses new requests, waits for those under way, then closes the connections. */
  readonly close: () => Promise<void>;
}

const DEFAULT_MAX_BODY_BYTES = 64 * 1024;

/** Makes a sender with its own connections; a process needs one. */
export function createSender(options: SenderOptions): Sender {
  const { rules, maxBodyBytes = DEFAULT_MAX_BODY_BYTES } = options;
  const pool = createPool(options);
  const underWay = new Set<Promise<AttemptOutcome>>();
  let isClosed = false;
  return {
    send: (request, sendOptions) => {
      if (isClosed) return Promise.reject(new Error(`Cannot send to ${request.url}: the sender is closed`));
      const outcome = post(request, sendOptions, { pool, rules, maxBodyBytes });
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

function createPool(options: SenderOptions): ConnectionPool {
  const dial = createDialer({
    rules: options.rules,
    lookup: options.lookup ?? createResolver(),
    contexts: new SecureContexts({ ca: options.ca ?? [], allowTls12: options.allowTls12 ?? false }),
    choosePath: createEgress(options.egress ?? []),
    proxy: options.proxy ?? null,
  });
  return new ConnectionPool(dial);
}

interface Means {
  readonly pool: ConnectionPool;
  readonly rules: DestinationRules;
  readonly maxBodyBytes: number;
}

async function post(request: SendRequest, options: SendOptions, means: Means): Promise<AttemptOutcome> {
  try {
    if (options.signal?.aborted === true) throw toldToStop();
    const url = new URL(request.url);
    if (!/^https?:$/.test(url.protocol)) throw new Error(`Cannot speak ${url.protocol}`);
    const pieces = requestBytes({ url, headers: request.headers, body: request.body });
    return await exchange({ url, route: request.route ?? null, pieces }, options, means);
  } catch (error) {
    return failureBeforeSending(error);
  }
}

interface PreparedRequest {
  readonly url: URL;
  readonly route: EndpointRoute | null;
  readonly pieces: readonly Buffer[];
}

function exchange(
  { url, route, pieces }: PreparedRequest,
  { timeoutMs, signal }: SendOptions,
  { pool, rules, maxBodyBytes }: Means,
): Promise<AttemptOutcome> {
  const key = connectionKey(url, route);
  const target = () => ({ url, route, key, revision: rules.revision });
  const connection = pool.take(target());
  const openAnew = () => pool.open(target());
  return new Promise((resolve) => {
    const running = new Exchange({ pieces, connection, openAnew, maxBodyBytes, timeoutMs }, (outcome) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      pool.give(running.connection, rules.revision);
      resolve(outcome);
    });
    // Where the process was stuck, an answer that came in time is still to be read: that comes between the two.
    const timer = setTimeout(() => setImmediate(() => running.expire(timeoutMs)), timeoutMs);
    const onAbort = (): void => running.cut(toldToStop());
    signal?.addEventListener('abort', onAbort);
    running.begin();
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
    resent: false,
  };
}
