import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from '../../../src/main/servers/process-identity.ts';
import { createRunDirectory } from '../../../test/support/processes/test-run.ts';
import { removeDirectory } from '../../../test/support/remove-directory.ts';
import { during, type Fault, pass } from '../fault.ts';
import { type StageServers, startStageServers } from '../stage-servers.ts';

const MEGABYTE = Buffer.alloc(1_048_576);
/** A new cluster, its write-ahead log and what a run writes. */
const DISK_MEGABYTES = 384;

/** The disk of Postgres full for a while. */
export const diskFull: Fault = {
  name: 'disk-full',
  summary: 'the disk on which Postgres keeps everything is full, then freed',
  missing: () =>
    process.platform === 'linux' && process.getuid?.() === 0
      ? null
      : 'mounting a small disk takes root on Linux',
  startServers: startOnSmallDisk,
  async inject(context) {
    const { servers, seconds, signal } = context;
    const ballast = join(servers.postgresDir, 'ballast');
    await pass(seconds / 4, signal);
    await during(context, { fault: 'disk full' }, async () => {
      fill(ballast);
      await pass(seconds / 2, signal);
      rmSync(ballast);
      // Without room for its log Postgres ends; whoever runs it starts it again.
      if (!isAlive(servers.postgres.pid() ?? -1)) {
        await servers.postgres.stop();
        await servers.postgres.startAgain();
      }
    });
    await pass(seconds / 4, signal);
  },
};

async function startOnSmallDisk(): Promise<StageServers> {
  const directory = createRunDirectory();
  const disk = join(directory, 'disk');
  mkdirSync(disk);
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MEGABYTES}m,mode=0755`, 'tmpfs', disk]);
  const free = (): void => {
    execFileSync('umount', [disk]);
    removeDirectory(directory);
  };
  try {
    const servers = await startStageServers({ postgresDir: disk });
    return { ...servers, stop: async () => await servers.stop().finally(free) };
  } catch (error) {
    free();
    throw error;
  }
}

/** Writes zeros until nothing more fits. */
function fill(file: string): void {
  const descriptor = openSync(file, 'w');
  try {
    for (;;) if (writeSync(descriptor, MEGABYTE) < MEGABYTE.length) return;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  } finally {
    closeSync(descriptor);
  }
}
