import { readHostPaths } from '../../../src/config.ts';
import { findTemporalCli } from '../../../src/main/servers/download/find-server.ts';
import { createProcessGroup } from '../../../test/support/processes/processes.ts';
import { createRainbow, type Rainbow } from '../../../test/support/temporal/rainbow.ts';
import { waitUntil } from '../../load/wait-until.ts';
import { during, type Fault, type FaultContext } from '../fault.ts';
import type { Scene } from '../scene.ts';

const FIRST = 'one';
const SECOND = 'two';
const MOVE_MS = 60_000;

/** Workers of another version take over by rainbow.sh, and those of the former one by it again. */
export const versionDeploy: Fault = {
  name: 'version-deploy',
  summary: 'rainbow.sh moves the work to workers of another version, and back',
  workerEnvironment: { POSTHORN_BUILD_ID: FIRST },
  prepare: async (scene) => await withRainbow(scene, async ({ deploy }) => await deploy(FIRST)),
  async inject(context) {
    for (const [former, next] of [
      [FIRST, SECOND],
      [SECOND, FIRST],
    ] as const) {
      await during(context, { fault: `${former} to ${next}`, hits: [], reachMs: 0 }, async () => {
        await moveTo(next, { former, context });
      });
    }
  },
};

async function moveTo(
  next: string,
  { former, context }: { readonly former: string; readonly context: FaultContext },
): Promise<void> {
  const { workers, signal, startWorker } = context;
  const before = workers.splice(0);
  for (const _ of before) workers.push(await startWorker({ POSTHORN_BUILD_ID: next }));
  await withRainbow(context, async ({ deploy, openIn }) => {
    await deploy(next);
    const isDone = async (): Promise<boolean> => (await openIn(former)) === 0;
    await waitUntil(isDone, { timeoutMs: MOVE_MS, intervalMs: 1_000, signal });
  });
  await Promise.all(before.map(async ({ process }) => await process.stop()));
}

async function withRainbow(
  { servers }: Pick<Scene, 'servers'>,
  work: (rainbow: Rainbow) => Promise<void>,
): Promise<void> {
  const cli = await findTemporalCli({ named: process.env.TEMPORAL_CLI ?? null, ...readHostPaths() });
  const processes = createProcessGroup();
  const { address } = servers.temporal;
  try {
    await work(
      createRainbow(processes, {
        cli,
        address,
        namespace: 'default',
        sharePercent: 20,
        watchSeconds: 2,
      }),
    );
  } finally {
    await processes.stopAll();
  }
}
