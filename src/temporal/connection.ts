import { Client, Connection } from '@temporalio/client';
import type { EncryptingCodec } from './payload-codec.ts';

/** All runs of Posthorn wait on this queue. */
export const TASK_QUEUE = 'posthorn';

export interface TemporalConnectionOptions {
  readonly address: string;
  readonly namespace: string;
  /** What Temporal stores is encrypted by it; stored as it is where there is none. */
  readonly codec?: EncryptingCodec | null;
}

/** No call to Temporal may take longer than this: while it is away, Postgres carries on and the reconciling loop repeats. */
export const CALL_TIMEOUT_MS = 5_000;

/** How long a request waits for Temporal. The action is in Postgres already and happens even if this call fails. */
export const ACTION_TIMEOUT_MS = 1_000;

/** gRPC's own pauses between attempts to connect grow to two minutes, which is how late Temporal's return would be noticed. */
const RECONNECTING = {
  'grpc.initial_reconnect_backoff_ms': 500,
  'grpc.max_reconnect_backoff_ms': 3_000,
};

/** A client that connects on first use, and again by itself whenever the server was away. */
export function createTemporalClient({
  address,
  namespace,
  codec = null,
}: TemporalConnectionOptions): Client {
  return new Client({
    connection: Connection.lazy({ address, channelArgs: RECONNECTING }),
    namespace,
    dataConverter: { payloadCodecs: codec === null ? [] : [codec] },
  });
}
