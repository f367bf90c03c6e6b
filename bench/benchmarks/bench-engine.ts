import type { BenchContext, Benchmark, BenchReport, Row } from '../benchmark.ts';
import type { Distribution } from '../measure/distribution.ts';
import { measureIn } from '../measure/measure-in.ts';
import { measureEngine } from '../stage/engine.ts';

/** What Temporal alone costs: the floor under every delivery that has a workflow of its own. */
export const engine: Benchmark = {
  name: 'engine',
  summary: 'bare workflows of one activity on the same Temporal: start to activity, and workflows a second',
  options: {
    alone: {
      kind: 'number',
      summary: 'workflows at 5 a second',
      fallback: 50,
      least: 1,
      most: 10_000,
    },
    many: { kind: 'number', summary: 'workflows side by side', fallback: 1_000, least: 1, most: 100_000 },
    'side-by-side': {
      kind: 'number',
      summary: 'how many of these at a time',
      fallback: 50,
      least: 1,
      most: 1_000,
    },
  },
  run,
};

async function run(context: BenchContext): Promise<BenchReport> {
  const [alone, many] = [context.number('alone'), context.number('many')];
  const sideBySide = context.number('side-by-side');
  const { signal, onProgress } = context;
  const conditions = { alone, many, side_by_side: sideBySide };
  return await measureIn(context, { conditions, rawConnections: sideBySide }, async (setting) => {
    onProgress(`running ${alone} workflows alone and ${many} side by side`);
    const figures = await measureEngine(setting.installation, { alone, many, sideBySide, signal });
    const { workflowsPerSecond } = figures;
    return {
      tables: {
        milliseconds: [
          spreadRow('start to activity', figures.startToActivityMs),
          spreadRow('start to result', figures.startToResultMs),
        ],
        side_by_side: [
          {
            rung: 'workflows',
            per_second: workflowsPerSecond,
            of_raw: workflowsPerSecond === null ? null : workflowsPerSecond / setting.rawPerSecond,
          },
        ],
        cpu_by_process: figures.cpu,
      },
      flaws: [],
    };
  });
}

/** One line of percentiles; unknown where nothing was measured. */
export function spreadRow(name: string, spread: Distribution | null): Row {
  return {
    what: name,
    p50: spread?.p50 ?? null,
    p90: spread?.p90 ?? null,
    p99: spread?.p99 ?? null,
    max: spread?.max ?? null,
  };
}
