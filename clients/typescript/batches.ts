import { stringify } from './json-text.ts';

/** What the API takes at once; of its bytes half, for they are counted here without what stands around the events. */
const MOST_EVENTS = 1_000;
const MOST_BYTES = 8 * 1024 * 1024;

/** Cuts events into lists, in their order, each of which the API takes at once. */
export function inBatches<Event>(events: readonly Event[]): readonly (readonly Event[])[] {
  const batches: Event[][] = [];
  let current: Event[] = [];
  let bytes = 0;
  for (const event of events) {
    const size = new TextEncoder().encode(stringify(event)).byteLength;
    if (current.length > 0 && (current.length === MOST_EVENTS || bytes + size > MOST_BYTES)) {
      batches.push(current);
      current = [];
      bytes = 0;
    }
    current.push(event);
    bytes += size;
  }
  return current.length === 0 ? batches : [...batches, current];
}
