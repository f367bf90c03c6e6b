import { engine } from './bench-engine.ts';
import { latency } from './bench-latency.ts';
import { throughput } from './bench-throughput.ts';
import type { Benchmark } from './benchmark.ts';

/** Every subcommand of `npm run bench`, in the order of the help. */
export const BENCHMARKS: readonly Benchmark[] = [latency, throughput, engine];
