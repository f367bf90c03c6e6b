import { Client, Connection, defaultGrpcRetryOptions, makeGrpcRetryInterceptor } from '@temporalio/client';
import type { TemporalTarget } from '../settings/temporal-target.ts';
import type { EncryptingCodec } from './payload-codec.ts';
import type { RotatingKey } from './rotating-key.ts';

/** All runs of Posthorn wait on this queue. */
export const TASK_QUEUE = 'posthorn';

export interface TemporalConnectionOptions {
  readonly address: string;
  readonly namespace: string;
  /** How to show oneself there; in clear and unknown where absent. */
  readonly credentials?: TemporalCredentials;
  /** What Temporal stores is encrypted by it; stored as it is where there is none. */
  readonly codec?: EncryptingCodec | null;
}

/** How a process shows itself to Temporal. */
export interface TemporalCredentials extends Pick<TemporalTarget, 'tls' | 'metadata'> {
  readonly apiKey: RotatingKey | null;
}

/**
 * No call to Temporal may take longer than this: while it is away, Postgres carries on and the reconciling loop
 * repeats.
 */
export const CALL_TIMEOUT_MS = 5_000;

/** How long a request waits for Temporal. The action is in Postgres already and happens even if this call fails. */
export const ACTION_TIMEOUT_MS = 1_000;

/** Without TLS and key, as to a server on this machine. */
export const IN_CLEAR: TemporalCredentials = { tls: false, metadata: {}, apiKey: null };

/**
 * gRPC's own pauses between attempts to connect grow to two minutes, which is how late Temporal's return would be
 * noticed.
 */
const RECONNECTING = {
  'grpc.initial_reconnect_backoff_ms': 250,
  'grpc.max_reconnect_backoff_ms': 1_000,
};

/** A call that is tried until its deadline ends as late as that, and says nothing of why. */
const MOST_TRIES = 3;

/** A client that connects on first use, and again by itself whenever the server was away. */
export function createTemporalClient({
  address,
  namespace,
  credentials = IN_CLEAR,
  codec = null,
}: TemporalConnectionOptions): Client {
  const { tls, metadata, apiKey } = credentials;
  const connection = Connection.lazy({
    address,
    tls,
    metadata: { ...metadata },
    ...(apiKey !== null && { apiKey: () => apiKey.current() }),
    channelArgs: RECONNECTING,
    interceptors: [makeGrpcRetryInterceptor(defaultGrpcRetryOptions({ maxAttempts: MOST_TRIES }))],
  });
  return new Client({
    connection,
    namespace,
    dataConverter: { payloadCodecs: codec === null ? [] : [codec] },
  });
}
