import { breaker } from './bench-breaker.ts';
import { bulk } from './bench-bulk.ts';
import { drain } from './bench-drain.ts';
import { engine } from './bench-engine.ts';
import { failures } from './bench-failures.ts';
import { isolation } from './bench-isolation.ts';
import { ladder } from './bench-ladder.ts';
import { latency } from './bench-latency.ts';
import { pace } from './bench-pace.ts';
import { switchOver } from './bench-switch.ts';
import { throughput } from './bench-throughput.ts';
import type { Benchmark } from './benchmark.ts';

/** Every subcommand of `npm run bench`, in the order of the help. */
export const BENCHMARKS: readonly Benchmark[] = [
  ladder,
  latency,
  throughput,
  isolation,
  breaker,
  pace,
  failures,
  engine,
  drain,
  bulk,
  switchOver,
];
