import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Check } from '../soaks/soak-scenario.ts';
import { medianOf } from './distribution.ts';

/** Memory counts as flat up to this growth: allocators do not give every page back. */
const MOST_GROWTH = 1.1;
const KIB = 1_024;

/** Physical memory of a process in MB. @throws Error where there is no such process */
export function residentMegabytes(pid: number): number {
  return residentKib(pid) / KIB;
}

/** Whether memory stayed flat between two measurements in MB. */
export function checkFlat(promise: string, { first, last }: { first: number; last: number }): Check {
  const growth = last / first;
  const measured = `${first.toFixed(0)} MB → ${last.toFixed(0)} MB (× ${growth.toFixed(2)})`;
  return { promise: `${promise} (at most × ${MOST_GROWTH})`, measured, kept: growth <= MOST_GROWTH };
}

/** For processes whose memory is watched: keeps young generation and heap from growing merely because there is room. */
export const BOUNDED_HEAP = { NODE_OPTIONS: '--max-semi-space-size=8' };

/** Heap that a process has not used up yet grows without leaking, so memory is compared after this part of the run. */
const WARM_UP_SHARE = 0.25;

/** Whether a process's memory stayed flat from the first to the last third of a run, given in MB at even distances. */
export function checkFlatOverRun(process: string, samples: readonly number[]): Check {
  const warm = samples.slice(Math.floor(samples.length * WARM_UP_SHARE));
  const third = Math.ceil(warm.length / 3);
  const [first, last] = [medianOf(warm.slice(0, third)), medianOf(warm.slice(-third))];
  return checkFlat(`the memory of ${process} stays flat`, { first, last });
}

function residentKib(pid: number): number {
  if (process.platform !== 'linux') return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)]));
  const [, kib] = readFileSync(`/proc/${pid}/status`, 'utf8').match(/^VmRSS:\s+(\d+) kB/m) ?? [];
  if (kib === undefined) throw new Error(`process ${pid} has no memory: it has ended`);
  return Number(kib);
}
