import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { type ServerProcess, tailOf } from './server-process.ts';

const READINESS_POLL_MS = 50;
const TEMPORAL_READY_WITHIN_MS = 60_000;
const CONNECT_WITHIN_MS = 2_000;

/**
 * Waits until a Temporal server answers calls and knows these namespaces.
 * @throws Error with the end of its log when it ends before, or is not ready in time
 */
export async function waitForTemporal(
  server: ServerProcess,
  { address, namespaces, logFile }: { address: string; namespaces: readonly string[]; logFile: string },
): Promise<void> {
  const giveUpAt = Date.now() + TEMPORAL_READY_WITHIN_MS;
  while (!server.hasEnded() && Date.now() < giveUpAt) {
    if (await isReady(address, namespaces)) return;
    await sleep(READINESS_POLL_MS);
  }
  await server.stop();
  throw new Error(`The Temporal server did not start (${await server.ended}):\n${tailOf(logFile)}`);
}

async function isReady(address: string, namespaces: readonly string[]): Promise<boolean> {
  try {
    const connection = await Connection.connect({ address, connectTimeout: CONNECT_WITHIN_MS });
    try {
      const service = connection.workflowService;
      await service.getSystemInfo({});
      await Promise.all(namespaces.map((namespace) => service.describeNamespace({ namespace })));
      return true;
    } finally {
      await connection.close();
    }
  } catch {
    return false;
  }
}
