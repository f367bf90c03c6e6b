export interface GroupCommitOptions<T> {
  /** Most items in one run. */
  readonly maxItems: number;
  /** Most runs side by side. */
  readonly concurrency: number;
  /** Most weight in one run, for example bytes; an item that is heavier runs alone. */
  readonly maxWeight?: number;
  /** 1 where absent. */
  readonly weightOf?: (item: T) => number;
  /** Items with the same key never share a run. */
  readonly keyOf?: (item: T) => string;
  /**
   * Whether an error may be the fault of a single item. The group is then halved and run again, down to the item at
   * fault, so that strangers do not fail together; what was done before must be safe to repeat.
   */
  readonly splitsOn?: (error: unknown) => boolean;
}

interface Waiting<T, R> {
  readonly item: T;
  readonly resolve: (result: R) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Lets concurrent callers share one statement: a lone call runs in this turn of the event loop, and what arrives while
 * runs are under way goes together into the next. `run` gives one result an item, in order, an `Error` to reject that
 * one; where it throws, every item of the group is rejected.
 */
export function groupCommit<T, R>(
  run: (items: readonly T[]) => Promise<readonly (R | Error)[]>,
  options: GroupCommitOptions<T>,
): (item: T) => Promise<R> {
  const { maxItems, maxWeight = Number.POSITIVE_INFINITY, weightOf = () => 1, keyOf } = options;
  let waiting: Waiting<T, R>[] = [];
  let running = 0;

  return (item) =>
    new Promise<R>((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      // Callers of the same turn of the event loop share the first run too.
      if (waiting.length === 1) setImmediate(startRuns);
    });

  function startRuns(): void {
    while (running < options.concurrency && waiting.length > 0) {
      running += 1;
      const group = takeGroup();
      void runGroup(group);
    }
  }

  function takeGroup(): Waiting<T, R>[] {
    const group: Waiting<T, R>[] = [];
    const left: Waiting<T, R>[] = [];
    const keys = new Set<string>();
    let weight = 0;
    for (const entry of waiting) {
      const key = keyOf?.(entry.item);
      const itsWeight = weightOf(entry.item);
      const fits = group.length === 0 || weight + itsWeight <= maxWeight;
      const joins = fits && group.length < maxItems && (key === undefined || !keys.has(key));
      (joins ? group : left).push(entry);
      if (!joins) continue;
      weight += itsWeight;
      if (key !== undefined) keys.add(key);
    }
    waiting = left;
    return group;
  }

  async function runGroup(group: readonly Waiting<T, R>[]): Promise<void> {
    try {
      await settle(group);
    } finally {
      running -= 1;
      startRuns();
    }
  }

  async function settle(group: readonly Waiting<T, R>[]): Promise<void> {
    try {
      const results = await run(group.map((entry) => entry.item));
      if (results.length !== group.length)
        throw new Error(`expected ${group.length} results, got ${results.length}`);
      results.forEach((result, index) => {
        if (result instanceof Error) group[index]?.reject(result);
        else group[index]?.resolve(result);
      });
    } catch (error) {
      if (group.length > 1 && options.splitsOn?.(error) === true) {
        const half = Math.ceil(group.length / 2);
        await settle(group.slice(0, half));
        await settle(group.slice(half));
      } else for (const entry of group) entry.reject(error);
    }
  }
}
