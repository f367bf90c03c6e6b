import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const LIBRARIES = '/usr/lib';
const LIBRARY = join('faketime', 'libfaketimeMT.so.1');

/** Why no process can be given a clock of its own on this machine; null where one can. */
export function whyNoShiftedClock(): string | null {
  return findLibrary() === null ? 'libfaketime is not installed' : null;
}

/**
 * The environment of a process whose clock is off by so much, such as `+1h` or `-90` seconds. What measures how long
 * something takes is not.
 */
export function shiftedClock(offset: string): Readonly<Record<string, string>> {
  return { LD_PRELOAD: findLibrary() ?? '', FAKETIME: offset, FAKETIME_DONT_FAKE_MONOTONIC: '1' };
}

/** Where Debian and its kin put it, below the directory of the architecture. */
function findLibrary(): string | null {
  if (!existsSync(LIBRARIES)) return null;
  const candidates = readdirSync(LIBRARIES).map((directory) => join(LIBRARIES, directory, LIBRARY));
  return candidates.find((file) => existsSync(file)) ?? null;
}
