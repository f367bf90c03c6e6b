import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/main/servers/embedded-postgres.ts';
import { isAlive } from '../../src/main/servers/process-identity.ts';
import { waitUntil } from '../load/wait-until.ts';
import type { ProvidedPostgres } from './provide-postgres.ts';

/** A Postgres that can be stopped as by a crash and come back at the same address. */
export interface PostgresControl extends ProvidedPostgres {
  /** Immediate shutdown, as `pg_ctl stop -m immediate`: no checkpoint, so that it recovers at its next start. */
  stopAtOnce(signal: AbortSignal): Promise<void>;
  startAgain(): Promise<void>;
}

const STOP_MS = 30_000;

/** Starts the Postgres of `npm start` with its settings, all durability on, which does not come back by itself. */
export async function startControlledPostgres({ dataDir }: { dataDir: string }): Promise<PostgresControl> {
  const start = async (port?: number): Promise<EmbeddedPostgres> =>
    await startEmbeddedPostgres({ dataDir, restart: false, ...(port === undefined ? {} : { port }) });
  let server = await start();
  const { url } = server;
  return {
    url,
    pid: () => server.pid(),
    async stopAtOnce(signal) {
      const pid = server.pid();
      if (isAlive(pid)) process.kill(pid, 'SIGQUIT');
      await waitUntil(() => !isAlive(pid), { timeoutMs: STOP_MS, signal });
      await server.stop();
    },
    async startAgain() {
      server = await start(Number(new URL(url).port));
    },
    stop: async () => await server.stop(),
  };
}
