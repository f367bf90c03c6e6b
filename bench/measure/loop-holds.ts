import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What makes Node load the watch into a process. */
export const LOOP_WATCH = `--import=${new URL('./loop-watch.js', import.meta.url).href}`;

/** Reads for how long the event loop of a watched process was held. */
export class LoopHolds {
  readonly #file: string;
  #read = 0;

  constructor(pid: number) {
    this.#file = join(tmpdir(), `posthorn-loop-${pid}.json`);
  }

  /** The longest hold in ms since the last question. */
  longestSince(): number {
    const holds: readonly number[] = JSON.parse(readFileSync(this.#file, 'utf8'));
    const longest = Math.max(0, ...holds.slice(this.#read));
    this.#read = holds.length;
    return longest;
  }

  close(): void {
    rmSync(this.#file, { force: true });
  }
}
