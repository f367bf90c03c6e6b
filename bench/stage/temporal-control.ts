import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type EmbeddedTemporal, startTemporal } from '../../src/main/servers/embedded-temporal.ts';
import { isAlive } from '../../src/main/servers/process-identity.ts';
import { waitUntil } from '../load/wait-until.ts';

/** A Temporal of an installation that can be killed and come back at the same address. */
export interface TemporalControl {
  readonly address: string;
  pid(): number;
  /** Ends it by SIGKILL; it stays away. */
  kill(signal: AbortSignal): Promise<void>;
  /** Starts it again, with what it knew or with nothing. */
  startAgain(data: 'kept' | 'deleted'): Promise<void>;
  stop(): Promise<void>;
}

export interface TemporalControlOptions {
  readonly binary: string;
  readonly dataDir: string;
  /** Further settings of the server's dynamic configuration. */
  readonly dynamicConfig?: Readonly<Record<string, unknown>>;
}

const DATABASE_FILES = ['temporal.db', 'temporal.db-wal', 'temporal.db-shm'];
const KILL_MS = 10_000;

/** Starts a Temporal development server with the settings of `npm start`, which does not come back by itself. */
export async function startControlledTemporal(options: TemporalControlOptions): Promise<TemporalControl> {
  const start = async (port?: number): Promise<EmbeddedTemporal> =>
    await startTemporal({
      ...options,
      uiPort: null,
      restart: false,
      ...(port === undefined ? {} : { port }),
    });
  let server = await start();
  const { address } = server;
  return {
    address,
    pid: () => server.pid(),
    async kill(signal) {
      const pid = server.pid();
      process.kill(pid, 'SIGKILL');
      await waitUntil(() => !isAlive(pid), { timeoutMs: KILL_MS, signal });
      await server.stop();
    },
    async startAgain(data) {
      if (data === 'deleted') {
        for (const file of DATABASE_FILES) rmSync(join(options.dataDir, file), { force: true });
      }
      server = await start(Number(address.split(':').at(-1)));
    },
    stop: async () => await server.stop(),
  };
}
