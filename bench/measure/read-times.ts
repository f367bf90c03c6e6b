import type { Row } from '../benchmark.ts';
import type { Read } from '../load/history/reads.ts';
import { distributionOf } from './distribution.ts';

/** How long answers to one question took, in milliseconds, and what was no answer. */
export interface ReadTimes {
  readonly read: Pick<Read, 'route' | 'filters'>;
  readonly times: readonly number[];
  /** Questions that make no sense to the API. */
  readonly refused: number;
  /** Statuses of other failures. */
  readonly failures: readonly number[];
}

export interface Asking {
  readonly apiUrl: string;
  readonly adminKey: string;
  /** How often each is asked. */
  readonly repeats: number;
  readonly signal: AbortSignal;
  readonly onRepeat: (repeat: number) => void;
}

/** What every page of a list, every count and every figure has to be answered within, in milliseconds. */
const MOST_MS = 100;
/** What does not have the right form, and what cannot be meant. */
const REFUSED = [400, 422];

/**
 * Asks each question in turn, all of them again and again. Where an answer has a next page, that is what is asked for
 * next time.
 */
export async function timeReads(reads: readonly Read[], asking: Asking): Promise<readonly ReadTimes[]> {
  const asked = reads.map((read) => new AskedRead(read));
  for (let repeat = 1; repeat <= asking.repeats; repeat += 1) {
    asking.onRepeat(repeat);
    for (const read of asked) await read.ask(asking);
  }
  return asked;
}

class AskedRead implements ReadTimes {
  readonly read: Read;
  readonly times: number[] = [];
  readonly failures: number[] = [];
  refused = 0;
  #index = 0;
  #nextPage: string | null = null;

  constructor(read: Read) {
    this.read = read;
  }

  async ask({ apiUrl, adminKey, signal }: Asking): Promise<void> {
    const path = this.#nextPage ?? this.read.path(this.#index++);
    const isFirstPage = this.#nextPage === null;
    this.#nextPage = null;
    const headers = { Authorization: `Bearer ${adminKey}` };
    const beganAt = performance.now();
    const response = await fetch(`${apiUrl}${path}`, { headers, signal });
    const body = (await response.json()) as { readonly next_cursor?: string | null };
    const took = performance.now() - beganAt;
    if (response.ok) this.times.push(took);
    else if (REFUSED.includes(response.status)) this.refused += 1;
    else this.failures.push(response.status);
    const { next_cursor: cursor = null } = body;
    if (!isFirstPage || cursor === null) return;
    this.#nextPage = `${path}${path.includes('?') ? '&' : '?'}cursor=${encodeURIComponent(cursor)}`;
  }
}

/** A line each, the slowest first; what was never answered has none. */
export function slowestFirst(all: readonly ReadTimes[]): readonly Row[] {
  return all
    .flatMap(({ read, times }) => {
      const spread = distributionOf(times);
      if (spread === null) return [];
      const { p50, p99, max } = spread;
      return [{ read: nameOf(read), answers: times.length, p50, p99, longest: max }];
    })
    .sort((one, other) => other.p99 - one.p99);
}

/** Pairs of filters that the API never takes together, whatever their values. */
export function neverTogether(all: readonly ReadTimes[]): readonly Row[] {
  return all.filter(isNeverTaken).map(({ read }) => ({ read: nameOf(read) }));
}

/** What was slower than promised, failed, or was refused although it is asked for alone. */
export function flawsOf(all: readonly ReadTimes[]): readonly string[] {
  return [
    ...all
      .filter((one) => isNeverTaken(one) && one.read.filters.length < 2)
      .map(({ read }) => `${nameOf(read)}: never answered`),
    ...all
      .filter(({ failures }) => failures.length > 0)
      .map(
        ({ read, failures }) => `${nameOf(read)}: ${failures.length} failed with ${[...new Set(failures)]}`,
      ),
    ...slowestFirst(all)
      .filter(({ p99 }) => Number(p99) > MOST_MS)
      .map(({ read, p99 }) => `${read}: p99 ${Number(p99).toFixed(0)} ms`),
  ];
}

function isNeverTaken({ times, refused, failures }: ReadTimes): boolean {
  return times.length === 0 && failures.length === 0 && refused > 0;
}

function nameOf({ route, filters }: ReadTimes['read']): string {
  return filters.length === 0 ? route : `${route} by ${filters.join(' and ')}`;
}
