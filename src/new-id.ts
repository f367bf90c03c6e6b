import { randomFillSync } from 'node:crypto';
import { decodeTime, encodeTime, monotonicFactory } from 'ulid';

const ID_PREFIXES = ['evt', 'del', 'ep', 'att', 'bat', 'rpl', 'key', 'aud', 'cus', 'ses', 'pls'] as const;
export type IdPrefix = (typeof ID_PREFIXES)[number];

/** Asking the system for one byte costs as much as for thousands, and an id takes sixteen. */
const RANDOM_BYTES = Buffer.alloc(4_096);
let taken = RANDOM_BYTES.length;

/** A random number from 0 up to 1, in steps of 1/256. */
function random(): number {
  if (taken === RANDOM_BYTES.length) {
    randomFillSync(RANDOM_BYTES);
    taken = 0;
  }
  const byte = RANDOM_BYTES[taken] ?? 0;
  taken += 1;
  return byte / 256;
}

const nextUlid = monotonicFactory(random);

/** A new id: prefix, underscore, ULID (26 characters; sorts by creation time, rising within this process). */
export function newId(prefix: IdPrefix): string {
  return `${prefix}_${nextUlid()}`;
}

/** Whether a text has the shape of an id of this kind. */
export function isId(prefix: IdPrefix, text: string): boolean {
  return text.startsWith(`${prefix}_`) && /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/.test(text.slice(prefix.length + 1));
}

/** When an id of this kind was made, in milliseconds since the epoch; null where it is none. */
export function createdAtOf(prefix: IdPrefix, id: string): number | null {
  return isId(prefix, id) ? decodeTime(id.slice(prefix.length + 1)) : null;
}

const TIME_LENGTH = 10;
/** Ids bear the time of the process that made them, which may differ so much from the time of the database. */
const CLOCKS_APART_MS = 600_000;

/** Below this are ids of this kind of what was made before a time, whatever the clocks that made them. */
export function idBefore(prefix: IdPrefix, time: Date): string {
  return boundAt(prefix, time.getTime() + CLOCKS_APART_MS);
}

/** This or above are ids of this kind of what was made at a time or later, likewise. */
export function idAfter(prefix: IdPrefix, time: Date): string {
  return boundAt(prefix, time.getTime() - CLOCKS_APART_MS);
}

/** The least that an id of this kind can be whose maker's clock showed this time, in milliseconds since the epoch. */
export function leastIdAt(prefix: IdPrefix, ms: number): string {
  return boundAt(prefix, ms);
}

const LATEST_ULID_MS = 2 ** 48 - 1;

function boundAt(prefix: IdPrefix, ms: number): string {
  return `${prefix}_${encodeTime(Math.min(Math.max(ms, 0), LATEST_ULID_MS), TIME_LENGTH)}`;
}
