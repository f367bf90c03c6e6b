import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endOrphan } from '../../../src/main/servers/end-orphan.ts';
import { commandLineOf, isAlive, startTimeOf } from '../../../src/main/servers/process-identity.ts';
import { removeDirectory } from '../remove-directory.ts';

/** The servers that all test files of one run share. */
export interface TestServers {
  /** Connection URL of the shared Postgres as superuser, database `posthorn`. */
  readonly postgresUrl: string;
  readonly temporalAddress: string;
  readonly namespaces: readonly string[];
}

/** Variable that tells test processes where their run keeps its files. */
export const RUN_VARIABLE = 'POSTHORN_TEST_RUN';

const PREFIX = 'posthorn-test-';
const OWNER_FILE = 'owner';
const SERVERS_FILE = 'servers.json';
const STOP_STEPS = [
  { signal: 'SIGTERM', graceMs: 2_000 },
  { signal: 'SIGKILL', graceMs: 5_000 },
] as const;

/** Makes the directory of a new run, in the system's directory for temporary files. */
export function createRunDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), PREFIX));
  writeFileSync(join(directory, OWNER_FILE), `${process.pid} ${startTimeOf(process.pid) ?? ''}`);
  return directory;
}

/** Tells the test processes of this run about its servers. */
export function publishServers(directory: string, servers: TestServers): void {
  writeFileSync(join(directory, SERVERS_FILE), JSON.stringify(servers));
}

/** Directory of the run this process belongs to. */
export function runDirectory(): string {
  const directory = process.env[RUN_VARIABLE];
  if (directory === undefined) throw new Error('There is no test run: start this through Jest');
  return directory;
}

/** The shared servers. @throws Error where the run was started for test files that need none */
export function testServers(): TestServers {
  try {
    return JSON.parse(readFileSync(join(runDirectory(), SERVERS_FILE), 'utf8')) as TestServers;
  } catch (cause) {
    throw new Error('This run has no servers: see needsServers in test/support/global-setup.ts', { cause });
  }
}

/** Ends the servers of runs that were killed before they could clean up, and removes their files. */
export async function cleanUpDeadRuns(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(PREFIX))) {
    const directory = join(tmpdir(), name);
    const [pid = '', startTime = ''] = readOrEmpty(join(directory, OWNER_FILE)).split(/ (.*)/);
    // Without an owner yet, it may be a run that is starting right now.
    if (pid === '' || (isAlive(Number(pid)) && startTimeOf(Number(pid)) === startTime)) continue;
    await endServersBelow(directory);
    removeDirectory(directory);
  }
}

async function endServersBelow(directory: string): Promise<void> {
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' });
  for (const file of files.filter((path) => /(postmaster|temporal)\.pid$/.test(path))) {
    const [pidText = '', startTime = ''] = readOrEmpty(join(directory, file)).split(/\s(.*)/);
    const pid = Number.parseInt(pidText, 10);
    if (Number.isNaN(pid)) continue;
    const isOurs = (orphan: number): boolean =>
      commandLineOf(orphan).includes(directory) || startTimeOf(orphan) === startTime;
    await endOrphan(pid, { isOurs, stopSteps: STOP_STEPS, what: file });
    rmSync(join(directory, file), { force: true });
  }
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
