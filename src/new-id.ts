import { decodeTime, monotonicFactory } from 'ulid';

const ID_PREFIXES = ['evt', 'del', 'ep', 'att', 'bat', 'rpl', 'key', 'aud', 'cus', 'ses', 'pls'] as const;
export type IdPrefix = (typeof ID_PREFIXES)[number];

const nextUlid = monotonicFactory();

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
