import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Position of `starttime` in /proc/<pid>/stat, counted from the field after the command name (proc(5)). */
const STAT_STATE = 0;
const STAT_START_TIME = 19;

/** Whether a process with this id runs; one that has ended but was not yet reaped counts as gone. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return statOf(pid)?.[STAT_STATE] !== 'Z';
}

/**
 * A text that tells this process apart from a later one with the same id: its start time.
 * Null where there is no such process or the system does not say.
 */
export function startTimeOf(pid: number): string | null {
  return statOf(pid)?.[STAT_START_TIME] ?? askPs(pid, 'lstart=');
}

/** The command line of a running process, its arguments joined by spaces; empty where there is none. */
export function commandLineOf(pid: number): string {
  const raw = readProc(`/proc/${pid}/cmdline`);
  return raw === null ? (askPs(pid, 'command=') ?? '') : raw.replaceAll('\0', ' ').trim();
}

function statOf(pid: number): readonly string[] | null {
  const raw = readProc(`/proc/${pid}/stat`);
  // The command name stands in parentheses and may hold anything, so only what follows the last one is split.
  return raw === null ? null : raw.slice(raw.lastIndexOf(')') + 2).split(' ');
}

function readProc(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

function askPs(pid: number, column: string): string | null {
  const { stdout } = spawnSync('ps', ['-o', column, '-p', String(pid)], { encoding: 'utf8' });
  return stdout?.trim() || null;
}
