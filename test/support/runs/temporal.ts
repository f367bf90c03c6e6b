import { mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { readHostPaths } from '../../../src/config.ts';
import { findTemporalCli, findTestServer } from '../../../src/main/servers/download/find-server.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../../src/main/servers/embedded-postgres.ts';
import { type EmbeddedTemporal, startTemporal } from '../../../src/main/servers/embedded-temporal.ts';
import { addSearchAttributes } from '../../../src/temporal/ensure-temporal.ts';
import { SEARCH_ATTRIBUTES } from '../../../workflows/messages.ts';
import { runDirectory, testServers } from '../processes/test-run.ts';

/** A server that one test may kill, stop and start again, with its data directory. */
export type OwnServer<T> = T & { readonly dataDir: string };

/** `host:port` of the development server that all test files share. */
export function temporalAddress(): string {
  return testServers().temporalAddress;
}

/** A namespace of the shared server that nobody else has or will get in this run. */
export function takeNamespace(): string {
  const taken = join(runDirectory(), 'namespaces');
  mkdirSync(taken, { recursive: true });
  const { namespaces } = testServers();
  const free = namespaces.find((namespace) => claim(join(taken, namespace)));
  if (free === undefined)
    throw new Error(`All ${namespaces.length} namespaces are taken: raise NAMESPACE_COUNT`);
  return free;
}

/**
 * Starts a Temporal of the test's own, with its data in a file and never started again by itself. Passing the data
 * directory (and port) of an earlier one goes on where that one was.
 */
export async function startOwnTemporal(
  options: { dataDir?: string; port?: number; restart?: boolean } = {},
): Promise<OwnServer<EmbeddedTemporal>> {
  const dataDir = options.dataDir ?? newDataDirectory();
  const binary = await findTemporalCli(readHostPaths());
  const server = await startTemporal({ restart: false, uiPort: null, ...options, dataDir, binary });
  return { ...server, dataDir };
}

/** Starts a Postgres of the test's own, likewise; full durability, as in production. */
export async function startOwnPostgres(
  options: { dataDir?: string; port?: number; restart?: boolean } = {},
): Promise<OwnServer<EmbeddedPostgres>> {
  const dataDir = options.dataDir ?? newDataDirectory();
  const server = await startEmbeddedPostgres({ restart: false, ...options, dataDir });
  return { ...server, dataDir };
}

/** A Temporal in which timers cost no time; it has no visibility queries, schedules or batch operations. */
export async function createTimeSkippingEnvironment(): Promise<TestWorkflowEnvironment> {
  quietTemporalSdk();
  const path = await findTestServer(readHostPaths());
  const environment = await TestWorkflowEnvironment.createTimeSkipping({
    server: { executable: { type: 'existing-path', path } },
  });
  const names = SEARCH_ATTRIBUTES.map((key) => key.name);
  await addSearchAttributes(environment.client, { namespace: environment.namespace ?? 'default', names });
  return environment;
}

/** An empty directory that goes with the run. */
export function newDataDirectory(): string {
  return mkdtempSync(join(runDirectory(), 'data-'));
}

function claim(directory: string): boolean {
  try {
    mkdirSync(directory);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Dead deliveries and missing capabilities of test servers are what tests are about, not news. */
function quietTemporalSdk(): void {
  Runtime.install({
    shutdownSignals: [],
    logger: new DefaultLogger('ERROR'),
    telemetryOptions: { logging: { filter: 'error', forward: {} } },
  });
}
