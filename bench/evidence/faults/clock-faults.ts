import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { during, type Fault, type FaultContext, pass, takeWorker } from '../fault.ts';

const LIBRARIES = '/usr/lib';
const LIBRARY = join('faketime', 'libfaketimeMT.so.1');
const OFFSETS = ['+1h', '-1h'] as const;

/** A worker whose clock is an hour ahead, then one an hour behind. */
export const clockShift: Fault = {
  name: 'clock',
  summary: 'one of two workers has a clock that is an hour ahead, then one that is an hour behind',
  missing: () => (findLibrary() === null ? 'libfaketime is not installed' : null),
  async inject(context) {
    for (const offset of OFFSETS) await withOffset(context, offset);
  },
};

async function withOffset(context: FaultContext, offset: string): Promise<void> {
  const { workers, seconds, signal, startWorker } = context;
  const former = takeWorker(context);
  await former.process.stop();
  const shifted = await startWorker({
    LD_PRELOAD: findLibrary() ?? '',
    FAKETIME: offset,
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  });
  await during(context, { fault: `clock ${offset}`, hits: [], reachMs: 0 }, async () => {
    await pass(seconds / OFFSETS.length, signal);
  });
  await shifted.process.stop();
  workers.push(await startWorker());
}

/** Where Debian and its kin put it, below the directory of the architecture. */
function findLibrary(): string | null {
  if (!existsSync(LIBRARIES)) return null;
  const candidates = readdirSync(LIBRARIES).map((directory) => join(LIBRARIES, directory, LIBRARY));
  return candidates.find((file) => existsSync(file)) ?? null;
}
