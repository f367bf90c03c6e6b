import { join } from 'node:path';
import { readHostPaths } from '../../src/config.ts';
import { findTemporalCli } from '../../src/main/servers/download/find-server.ts';
import { startEmbeddedPostgres } from '../../src/main/servers/embedded-postgres.ts';
import { startTemporal } from '../../src/main/servers/embedded-temporal.ts';
import { cleanUpDeadRuns, createRunDirectory, publishServers, RUN_VARIABLE } from './processes/test-run.ts';
import { removeDirectory } from './remove-directory.ts';

/** Every test file that runs workflows takes one for itself, so that their ids cannot meet. */
const NAMESPACE_COUNT = 60;

/** Nothing of a test's data has to outlive the machine. */
const FAST_SETTINGS = ['fsync=off', 'full_page_writes=off', 'shared_buffers=128MB'];

const SEARCH_ATTRIBUTES = {
  EndpointId: 'Keyword',
  CustomerId: 'Keyword',
  EventType: 'Keyword',
  DeliveryStatus: 'Keyword',
};

/** Test files below these need no servers; a run of nothing else starts none. */
const SERVERLESS =
  /^(?:.*\/)?test\/(?:domain|signature|transport|architecture)|^(?:domain|signature|transport)\b/;

/** What Jest passes of its configuration, as far as it matters here. */
interface RunRequest {
  readonly testPathPatterns?: { readonly patterns?: readonly string[] };
}

/** Held between set-up and teardown, which Jest runs in one process. */
export interface SharedRun {
  stop(): Promise<void>;
}

/**
 * Starts one Postgres and one Temporal for all test files of this run. Jest calls it once, before any worker starts.
 */
export default async function setUp({ testPathPatterns }: RunRequest): Promise<void> {
  await cleanUpDeadRuns();
  const directory = createRunDirectory();
  process.env[RUN_VARIABLE] = directory;
  const stopServers = needsServers(testPathPatterns?.patterns ?? [])
    ? await startServers(directory)
    : async () => {};
  const run: SharedRun = {
    async stop() {
      await stopServers();
      removeDirectory(directory);
    },
  };
  Object.assign(globalThis, { posthornTestRun: run });
}

function needsServers(patterns: readonly string[]): boolean {
  return patterns.length === 0 || !patterns.every((pattern) => SERVERLESS.test(pattern));
}

async function startServers(directory: string): Promise<() => Promise<void>> {
  const namespaces = Array.from({ length: NAMESPACE_COUNT }, (_, index) => `test-${index + 1}`);
  const binary = await findTemporalCli({
    ...readHostPaths(),
    onProgress: (line) => process.stderr.write(`${line}\n`),
  });
  const starting = [
    startEmbeddedPostgres({ dataDir: join(directory, 'servers'), settings: FAST_SETTINGS }),
    startTemporal({
      binary,
      dataDir: join(directory, 'servers'),
      inMemory: true,
      uiPort: null,
      namespaces,
      searchAttributes: SEARCH_ATTRIBUTES,
    }),
  ] as const;
  const stop = async (): Promise<void> => {
    const started = await Promise.allSettled(starting);
    await Promise.all(started.map((server) => (server.status === 'fulfilled' ? server.value.stop() : null)));
  };
  try {
    const [postgres, temporal] = await Promise.all(starting);
    publishServers(directory, { postgresUrl: postgres.url, temporalAddress: temporal.address, namespaces });
    return stop;
  } catch (error) {
    await stop();
    throw error;
  }
}
