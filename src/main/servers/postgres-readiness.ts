import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { type ServerProcess, tailOf } from './server-process.ts';

const READINESS_POLL_MS = 50;

/** Crash recovery replays at most `max_wal_size`; this is ample for it on a slow disk. */
const POSTGRES_READY_WITHIN_MS = 180_000;

/** How long the backends of a killed server may take to notice and let go of its shared memory. */
const RETRY_START_FOR_MS = 20_000;
const IN_USE = /is still in use|already in use/;

/**
 * Starts a server and waits until it takes connections.
 * @throws Error with the end of its log when it gives up, or is not ready in time
 */
export async function startUntilReady(
  url: string,
  { start, logFile }: { start: () => Promise<ServerProcess>; logFile: string },
): Promise<ServerProcess> {
  const giveUpAt = Date.now() + RETRY_START_FOR_MS;
  for (;;) {
    const server = await start();
    if (await becomesReady(adminUrl(url), server)) return server;
    const log = tailOf(logFile);
    if (!IN_USE.test(log) || Date.now() > giveUpAt) {
      throw new Error(`The embedded Postgres did not start (${await server.ended}):\n${log}`);
    }
    await sleep(READINESS_POLL_MS * 4);
  }
}

/** Makes the database a URL names where the server does not have it yet. */
export async function ensureDatabase(url: string): Promise<void> {
  const name = new URL(url).pathname.slice(1);
  const client = new Client({ connectionString: adminUrl(url) });
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
}

async function becomesReady(url: string, server: ServerProcess): Promise<boolean> {
  const giveUpAt = Date.now() + POSTGRES_READY_WITHIN_MS;
  while (!server.hasEnded()) {
    const problem = await connectionProblem(url);
    if (problem === null) return true;
    if (isFinal(problem) || Date.now() > giveUpAt) {
      await server.stop();
      throw problem;
    }
    await sleep(READINESS_POLL_MS);
  }
  return false;
}

async function connectionProblem(url: string): Promise<Error | null> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return null;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Whether waiting cannot help: the password is wrong (class 28 of the SQL states). */
function isFinal(problem: Error & { code?: string }): boolean {
  return problem.code?.startsWith('28') ?? false;
}

function adminUrl(url: string): string {
  const admin = new URL(url);
  admin.pathname = '/postgres';
  return admin.href;
}
