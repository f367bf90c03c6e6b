import type { Benchmark } from './benchmark.ts';
import { actions } from './benchmarks/bench-actions.ts';
import { breaker } from './benchmarks/bench-breaker.ts';
import { bulk } from './benchmarks/bench-bulk.ts';
import { costs } from './benchmarks/bench-costs.ts';
import { drain } from './benchmarks/bench-drain.ts';
import { engine } from './benchmarks/bench-engine.ts';
import { failures } from './benchmarks/bench-failures.ts';
import { finding } from './benchmarks/bench-finding.ts';
import { history } from './benchmarks/bench-history.ts';
import { isolation } from './benchmarks/bench-isolation.ts';
import { ladder } from './benchmarks/bench-ladder.ts';
import { latency } from './benchmarks/bench-latency.ts';
import { pace } from './benchmarks/bench-pace.ts';
import { realistic } from './benchmarks/bench-realistic.ts';
import { scrape } from './benchmarks/bench-scrape.ts';
import { snapshot } from './benchmarks/bench-snapshot.ts';
import { switchOver } from './benchmarks/bench-switch.ts';
import { tasks } from './benchmarks/bench-tasks.ts';
import { throughput } from './benchmarks/bench-throughput.ts';

/** Every subcommand of `npm run bench`, in the order of the help. */
export const BENCHMARKS: readonly Benchmark[] = [
  ladder,
  latency,
  throughput,
  costs,
  isolation,
  realistic,
  breaker,
  pace,
  failures,
  engine,
  drain,
  bulk,
  switchOver,
  snapshot,
  finding,
  history,
  tasks,
  actions,
  scrape,
];
