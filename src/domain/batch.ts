/** When an endpoint's deliveries go out together. */
export interface BatchSettings {
  readonly maxEvents: number;
  readonly maxWaitMs: number;
  /** The most bytes of the body of one call. */
  readonly maxBytes: number;
}

/** What is not given of a batch: a hundred events or 256 KiB, none waiting longer than 5 s. */
export const DEFAULT_BATCH_SETTINGS: BatchSettings = {
  maxEvents: 100,
  maxWaitMs: 5_000,
  maxBytes: 262_144,
};

/** A delivery that waits for its batch. */
export interface BatchItem {
  readonly id: string;
  /** UTF-8 bytes of its entry in `data.events`, from brace to brace, without the comma behind it. */
  readonly bytes: number;
  readonly acceptedAt: number;
}

/** The next call: its members in order, or none and how long to wait (null: until something comes). */
export interface BatchCut {
  readonly members: readonly string[];
  readonly waitMs: number | null;
}

/** Bytes of a batch body around its entries, with the longest attempt and count that occur. */
export const BATCH_ENVELOPE_BYTES = [
  '{"event":"batch","timestamp":"2000-01-01T00:00:00Z","signature":"sha256=',
  '0'.repeat(64),
  '","delivery_id":"bat_00000000000000000000000000","attempt":9999,"data":{"count":1000,"events":[]}}',
].join('').length;

/**
 * Cuts the next batch off the front of what waits. It goes at once when it is full (by count, or because the next entry
 * does not fit), otherwise when its oldest member has waited `maxWaitMs`. An item too large for any batch goes alone.
 * A body has the envelope, every entry and a comma between two.
 * @param options.flush lets go what waits although it is neither full nor old
 */
export function cutBatch(
  waiting: readonly BatchItem[],
  options: { readonly settings: BatchSettings; readonly now: number; readonly flush?: boolean },
): BatchCut {
  const members = waiting.slice(0, fittingCount(waiting, options.settings));
  if (members.length === 0) return { members: [], waitMs: null };
  const waitMs = remainingWaitMs(members, options);
  const isFull = members.length < waiting.length || isFilled(members, options.settings);
  if (!isFull && options.flush !== true && waitMs > 0) return { members: [], waitMs };
  return { members: members.map(({ id }) => id), waitMs: null };
}

/** How many items from the front fit into one call; one at least, where there is one. */
function fittingCount(waiting: readonly BatchItem[], { maxEvents, maxBytes }: BatchSettings): number {
  let bytes = BATCH_ENVELOPE_BYTES;
  const misfit = waiting.slice(0, maxEvents).findIndex((item, index) => {
    bytes += item.bytes + (index === 0 ? 0 : 1);
    return index > 0 && bytes > maxBytes;
  });
  return misfit === -1 ? Math.min(waiting.length, maxEvents) : misfit;
}

/** Whether not even an empty entry would fit behind these. */
function isFilled(members: readonly BatchItem[], { maxEvents, maxBytes }: BatchSettings): boolean {
  const bytes = members.reduce((sum, item) => sum + item.bytes + 1, BATCH_ENVELOPE_BYTES);
  return members.length >= maxEvents || bytes >= maxBytes;
}

/** What is left of `maxWaitMs`; never more than all of it, although the clock jumped back. */
function remainingWaitMs(
  members: readonly BatchItem[],
  { settings, now }: { readonly settings: BatchSettings; readonly now: number },
): number {
  const oldest = members.reduce((earliest, item) => Math.min(earliest, item.acceptedAt), now);
  return Math.max(0, settings.maxWaitMs - (now - oldest));
}
