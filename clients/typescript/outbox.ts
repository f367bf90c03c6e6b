import type { NewBatchEvent, Posthorn } from './posthorn.ts';
import { PosthornProblem } from './problem.ts';

/** An event that waits in a table of the producer's; its id makes it one event, however often it is sent. */
export interface OutboxEntry {
  readonly id: string;
  readonly event: NewBatchEvent;
}

/** Where events wait: a table of the producer's database, written in the transaction of what they tell. */
export interface OutboxStore {
  /** The oldest entries that are neither published nor refused. */
  next(limit: number): Promise<readonly OutboxEntry[]>;
  /** Notes that these are stored in Posthorn. */
  published(ids: readonly string[]): Promise<void>;
  /** Notes that Posthorn refuses this one as it is, for people to look at. */
  refused(id: string, problem: PosthornProblem): Promise<void>;
}

/** What a drain did. */
export interface Drained {
  readonly published: number;
  readonly refused: number;
}

const DEFAULT_BATCH = 200;
/** Refusals that are about the moment or the key, and say nothing about an event. */
const NOT_ITS_FAULT = [401, 403, 408, 409, 425, 429];

/**
 * Publishes what waits, oldest first, until nothing does. Throws where Posthorn cannot be reached: call it again later,
 * from any process; nothing is published twice within the 24 hours for which keys are kept.
 */
export async function drainOutbox(
  posthorn: Posthorn,
  store: OutboxStore,
  { batchSize = DEFAULT_BATCH }: { readonly batchSize?: number } = {},
): Promise<Drained> {
  let published = 0;
  let refused = 0;
  for (;;) {
    const entries = await store.next(batchSize);
    if (entries.length === 0) return { published, refused };
    const refusals = await publishEntries(posthorn, store, entries);
    refused += refusals;
    published += entries.length - refusals;
  }
}

/** Publishes entries together; if one of them is refused, each by itself. @returns how many were refused */
async function publishEntries(
  posthorn: Posthorn,
  store: OutboxStore,
  entries: readonly OutboxEntry[],
): Promise<number> {
  try {
    await posthorn.publishBatch(entries.map(({ id, event }) => ({ ...event, idempotency_key: id })));
    await store.published(entries.map(({ id }) => id));
    return 0;
  } catch (error) {
    if (!isItsFault(error)) throw error;
    const [only, ...others] = entries;
    if (only !== undefined && others.length === 0) {
      await store.refused(only.id, error);
      return 1;
    }
    let refusals = 0;
    for (const entry of entries) refusals += await publishEntries(posthorn, store, [entry]);
    return refusals;
  }
}

function isItsFault(error: unknown): error is PosthornProblem {
  if (!(error instanceof PosthornProblem)) return false;
  // A key that was used for another event will be refused for ever; one that is in use is not.
  return (
    error.status < 500 && (!NOT_ITS_FAULT.includes(error.status) || error.code === 'idempotency_key_reused')
  );
}
