import { describe, expect, it } from '@jest/globals';
import { cpuOfTree, parseProcStat } from '../../../bench/measure/proc-stat.ts';

const LINE =
  '4711 (postgres: a (b) c) S 42 4711 4711 0 -1 4194560 1600 90 0 0 250 50 7 3 20 0 1 0 8000 300000 5000 0 1 1';

describe('parseProcStat', () => {
  it('adds up user and system time, with that of children that ended', () => {
    expect(parseProcStat(LINE)).toEqual({ pid: 4711, parent: 42, cpuMs: 3_100 });
  });

  it('knows nothing of what is no such line', () => {
    for (const line of ['', 'nonsense', '12 (cut off) S 1 2']) expect(parseProcStat(line)).toBeNull();
  });
});

describe('cpuOfTree', () => {
  it('counts a process with its children and theirs, and nobody else', () => {
    const stats = [
      { pid: 1, parent: 0, cpuMs: 1_000 },
      { pid: 2, parent: 1, cpuMs: 10 },
      { pid: 3, parent: 2, cpuMs: 20 },
      { pid: 4, parent: 2, cpuMs: 30 },
      { pid: 5, parent: 4, cpuMs: 40 },
    ];
    expect(cpuOfTree(2, stats)).toBe(100);
  });

  it('counts nothing for a process that is gone', () => {
    expect(cpuOfTree(9, [])).toBe(0);
  });
});
