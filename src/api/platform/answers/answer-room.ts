import { clip } from '../input/quote.ts';
import type { ProblemBody } from './problem.ts';

/** With what is told of a thousand items in any case, an answer stays below a mebibyte. */
const MAX_TOLD_BYTES = 262_144;
const SHORT_DETAIL_CHARACTERS = 64;

/** The room of one answer for what is wrong with each of many items: the first ones are explained in full. */
export class AnswerRoom {
  #left = MAX_TOLD_BYTES;

  /** Those of a list that still fit, in order. */
  take<T>(entries: readonly T[]): T[] {
    const taken: T[] = [];
    for (const entry of entries) {
      if (!this.#takes(entry)) break;
      taken.push(entry);
    }
    return taken;
  }

  /** A problem with as many of its faults as fit, and in few words where nothing does. */
  fit(problem: ProblemBody): ProblemBody & { errors: ProblemBody['errors'][number][] } {
    const detail = this.#takes(problem.detail)
      ? problem.detail
      : clip(problem.detail, SHORT_DETAIL_CHARACTERS);
    return { ...problem, detail, errors: this.take(problem.errors) };
  }

  /** Once something does not fit, nothing else does: what comes later would look complete. */
  #takes(part: unknown): boolean {
    const bytes = Buffer.byteLength(JSON.stringify(part));
    this.#left = bytes <= this.#left ? this.#left - bytes : 0;
    return this.#left > 0;
  }
}
