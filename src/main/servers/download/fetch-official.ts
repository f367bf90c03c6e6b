import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { ServerDownload } from './server-download.ts';

/** Closed networks may swallow packets: without a first byte by then there will be none. */
const FIRST_BYTE_WITHIN_MS = 5_000;
const NEXT_BYTE_WITHIN_MS = 15_000;
const DOWNLOAD_POLL_MS = 250;

const UNFINISHED = '.downloading';

/**
 * Fetches a server the way `@temporalio/testing` does, and writes it to `target`. It runs in a process of its own,
 * since the SDK's native core can be set up only once a process and its download cannot be called off.
 * @throws Error when no bytes come within seconds, or the download stalls
 */
export async function fetchOfficial({ official }: ServerDownload, target: string): Promise<void> {
  const directory = `${target}.download`;
  mkdirSync(directory, { recursive: true });
  try {
    await download(official, directory);
    const file = readdirSync(directory).find((name) => !name.endsWith(UNFINISHED));
    if (file === undefined) throw new Error('the official download left no file');
    renameSync(join(directory, file), target);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function download(official: ServerDownload['official'], directory: string): Promise<void> {
  const create = official === 'dev-server' ? 'createLocal' : 'createTimeSkipping';
  const executable = JSON.stringify({ type: 'cached-download', downloadDir: directory });
  const script = `
    import { TestWorkflowEnvironment } from '@temporalio/testing';
    const environment = await TestWorkflowEnvironment.${create}({ server: { executable: ${executable} } });
    await environment.teardown();
    process.exit(0);`;
  const args = ['--input-type=module', '--eval', script];
  const cwd = dirname(fileURLToPath(import.meta.url));
  const child = spawn(process.execPath, args, { cwd, detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
  let output = '';
  child.stderr.on('data', (chunk) => (output += String(chunk)));
  const ended = new AbortController();
  const exit = once(child, 'exit').finally(() => ended.abort());
  const stalled = await watch(directory, ended.signal);
  if (stalled) child.kill('SIGKILL');
  const [code] = await exit;
  if (stalled) throw new Error('the official download does not answer');
  if (code !== 0) throw new Error(`the official download failed: ${summaryOf(output)}`);
}

/** Watches the bytes in a directory grow; true as soon as they should have and did not, false at the end. */
async function watch(directory: string, ended: AbortSignal): Promise<boolean> {
  let bytes = 0;
  let deadline = Date.now() + FIRST_BYTE_WITHIN_MS;
  while (!ended.aborted) {
    const now = bytesIn(directory);
    if (now > bytes) deadline = Date.now() + NEXT_BYTE_WITHIN_MS;
    else if (Date.now() > deadline) return true;
    bytes = now;
    await sleep(DOWNLOAD_POLL_MS, undefined, { signal: ended }).catch(() => undefined);
  }
  return false;
}

function bytesIn(directory: string): number {
  return readdirSync(directory)
    .map((name) => statSync(join(directory, name), { throwIfNoEntry: false })?.size ?? 0)
    .reduce((sum, size) => sum + size, 0);
}

function summaryOf(output: string): string {
  return output.split('\n').find((line) => line.includes('Error')) ?? 'no reason given';
}
