import { dirname, resolve } from 'node:path';
import type { ProcessGroup, RunningProcess } from '../processes/processes.ts';

/** Moves of work between builds by `rainbow.sh`, as an operator makes them. */
export interface Rainbow {
  /**
   * Runs the script up to where it waits for the former version to have nothing left, which takes a server minutes to
   * tell.
   */
  deploy(buildId: string): Promise<void>;
  /** How many runs are open that only workers of this build can go on with. */
  openIn(buildId: string): Promise<number>;
}

export interface RainbowOptions {
  /** The `temporal` program. */
  readonly cli: string;
  readonly address: string;
  readonly namespace: string;
  readonly sharePercent: number;
  readonly watchSeconds: number;
}

const SCRIPT = resolve('deploy/rainbow/rainbow.sh');

/** Runs script and program in a group of processes. */
export function createRainbow(
  processes: ProcessGroup,
  { cli, address, namespace, sharePercent, watchSeconds }: RainbowOptions,
): Rainbow {
  const environment = {
    TEMPORAL_ADDRESS: address,
    TEMPORAL_NAMESPACE: namespace,
    PATH: `${dirname(cli)}:${process.env.PATH}`,
  };
  const run = (command: string, args: readonly string[]): RunningProcess =>
    processes.start(command, args, environment);
  return {
    async deploy(buildId) {
      const script = run(SCRIPT, [buildId, String(sharePercent), String(watchSeconds)]);
      await script.waitForOutput(new RegExp(`build ${buildId} is current`));
      await script.stop();
    },
    async openIn(buildId) {
      const query = `ExecutionStatus = 'Running' AND TemporalWorkflowVersioningBehavior = 'Pinned' AND TemporalWorkerDeploymentVersion = 'posthorn:${buildId}'`;
      const count = run(cli, ['workflow', 'count', '--query', query]);
      const [, total = ''] = await count.waitForOutput(/Total: (\d+)/);
      return Number(total);
    },
  };
}
