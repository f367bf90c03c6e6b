import { dirname, resolve } from 'node:path';
import type { ProcessGroup, RunningProcess } from '../processes/processes.ts';

/** Moves of work between builds by `rainbow.sh`, as an operator makes them. */
export interface Rainbow {
  /**
   * Runs the script up to where it waits for the former version to have nothing left, which takes a server minutes to
   * tell; or, where it is to be drained, to its end.
   */
  deploy(buildId: string, upTo?: 'current' | 'drained'): Promise<void>;
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

/** Servers look for open runs every few minutes, and say so after a few more. */
const DRAINED_MS = 900_000;
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
    async deploy(buildId, upTo = 'current') {
      const script = run(SCRIPT, [buildId, String(sharePercent), String(watchSeconds)]);
      await script.waitForOutput(new RegExp(`build ${buildId} is current`));
      if (upTo === 'drained') await script.waitForOutput(/has no runs left/, DRAINED_MS);
      await script.stop();
    },
    async openIn(buildId) {
      const query =
        `ExecutionStatus = 'Running' AND TemporalWorkflowVersioningBehavior = 'Pinned' AND ` +
        `TemporalWorkerDeploymentVersion = 'posthorn:${buildId}'`;
      const count = run(cli, ['workflow', 'count', '--query', query]);
      const [, total = ''] = await count.waitForOutput(/Total: (\d+)/);
      return Number(total);
    },
  };
}
