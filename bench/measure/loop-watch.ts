import { renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

/**
 * Loaded into a process by `--import`: notes in a file, ten times a second, for how long its event loop was held since
 * the last note. Threads of the process load it too, and are held as long as they like.
 */
const RESOLUTION_MS = 2;
const NOTE_EVERY_MS = 100;

const file = join(tmpdir(), `posthorn-loop-${process.pid}.json`);
const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
const holds: number[] = [];

if (isMainThread) {
  histogram.enable();
  setInterval(note, NOTE_EVERY_MS).unref();
}

function note(): void {
  holds.push(Math.max(0, histogram.max / 1e6 - RESOLUTION_MS));
  histogram.reset();
  // Whoever reads it must not see half of it.
  writeFileSync(`${file}.new`, JSON.stringify(holds));
  renameSync(`${file}.new`, file);
}
