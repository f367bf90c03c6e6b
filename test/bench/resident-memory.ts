import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Check } from './soak-scenario.ts';

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

function residentKib(pid: number): number {
  if (process.platform !== 'linux') return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)]));
  const [, kib] = readFileSync(`/proc/${pid}/status`, 'utf8').match(/^VmRSS:\s+(\d+) kB/m) ?? [];
  if (kib === undefined) throw new Error(`process ${pid} has no memory: it has ended`);
  return Number(kib);
}
