import { readdirSync, readFileSync } from 'node:fs';
import type { Row } from '../benchmark.ts';
import { cpuOfTree, type ProcStat, parseProcStat } from './proc-stat.ts';

/** Processes to watch by name, each with everything that descends from it. */
export type ProcessIds = Readonly<Record<string, number>>;

/** CPU time between two moments. */
export interface CpuSpan {
  /** One line a process, for so many deliveries since; off Linux only this process is known. */
  rows(deliveries: number): readonly Row[];
}

const OURSELVES = 'bench (publisher and receiver)';

/** Begins to measure; ask the result for its rows at the end of the measured span. */
export function startCpuSpan(processes: ProcessIds): CpuSpan {
  const before = snapshot(processes);
  const began = performance.now();
  return {
    rows(deliveries) {
      const spanMs = performance.now() - began;
      const after = snapshot(processes);
      const rows = Object.keys(after).map((process) => {
        const used = difference(before[process], after[process]);
        return rowOf(process, { used, spanMs, deliveries });
      });
      const total = rows.reduce<number | null>((sum, { cpu_ms }) => add(sum, cpu_ms), 0);
      return [...rows, rowOf('all', { used: total, spanMs, deliveries })];
    },
  };
}

type Snapshot = Readonly<Record<string, number | null>>;

interface Usage {
  readonly used: number | null;
  readonly spanMs: number;
  readonly deliveries: number;
}

function rowOf(process: string, { used, spanMs, deliveries }: Usage) {
  return {
    process,
    cpu_ms: used,
    us_per_delivery: used === null || deliveries === 0 ? null : (used * 1_000) / deliveries,
    cores_busy: used === null ? null : used / spanMs,
  };
}

function snapshot(processes: ProcessIds): Snapshot {
  const stats = readStats();
  const { user, system } = process.cpuUsage();
  const times = Object.entries(processes).map(([name, pid]) => [
    name,
    stats === null ? null : cpuOfTree(pid, stats),
  ]);
  return { ...Object.fromEntries(times), [OURSELVES]: (user + system) / 1_000 };
}

/** Every process of this machine; null where the system keeps no /proc. */
function readStats(): readonly ProcStat[] | null {
  if (process.platform !== 'linux') return null;
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => parseProcStat(readOrEmpty(`/proc/${pid}/stat`)) ?? []);
}

function difference(from: number | null | undefined, to: number | null | undefined): number | null {
  return typeof from === 'number' && typeof to === 'number' ? to - from : null;
}

function add(sum: number | null, value: number | null): number | null {
  return sum === null || value === null ? null : sum + value;
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
