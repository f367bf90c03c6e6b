import { NativeConnection } from '@temporalio/worker';
import { IN_CLEAR, type TemporalConnectionOptions } from './connection.ts';

/** Opens the connection of a worker, which takes each new key as it comes. Throws where Temporal cannot be reached. */
export async function openWorkerConnection({
  address,
  credentials = IN_CLEAR,
}: TemporalConnectionOptions): Promise<{ readonly connection: NativeConnection; close(): Promise<void> }> {
  const { tls, metadata, apiKey } = credentials;
  const connection = await NativeConnection.connect({
    address,
    tls,
    metadata: { ...metadata },
    ...(apiKey !== null && { apiKey: apiKey.current() }),
  });
  const unfollow = apiKey?.follow((key) => void connection.setApiKey(key));
  return {
    connection,
    close: async () => {
      unfollow?.();
      await connection.close();
    },
  };
}
