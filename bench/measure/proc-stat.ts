/** What Linux tells of a process in /proc/<pid>/stat (proc(5)). */
export interface ProcStat {
  readonly pid: number;
  readonly parent: number;
  /** User and system time, that of children which have ended and were waited for included. */
  readonly cpuMs: number;
}

/** Positions counted from the field after the command name. */
const PARENT = 1;
const FIRST_TIME = 11;
const TIMES = 4;
/** Linux tells user space times in hundredths of a second on every architecture that Node runs on. */
const MS_PER_TICK = 10;

/** Reads one line of /proc/<pid>/stat; null where it is none. */
export function parseProcStat(line: string): ProcStat | null {
  // The command name stands in parentheses and may hold anything, so only what follows the last one is split.
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  const times = fields.slice(FIRST_TIME, FIRST_TIME + TIMES).map(Number);
  const [pid, parent] = [Number.parseInt(line, 10), Number(fields[PARENT])];
  if (times.length < TIMES || ![pid, parent, ...times].every(Number.isFinite)) return null;
  return { pid, parent, cpuMs: times.reduce((sum, ticks) => sum + ticks, 0) * MS_PER_TICK };
}

/** CPU time of a process with everything that descends from it. */
export function cpuOfTree(root: number, stats: readonly ProcStat[]): number {
  const own = stats.find(({ pid }) => pid === root)?.cpuMs ?? 0;
  const children = stats.filter(({ parent }) => parent === root);
  return children.reduce((sum, { pid }) => sum + cpuOfTree(pid, stats), own);
}
