import { isEventTypeName } from './event-type.ts';

const WILDCARD = /^(.+)\.\*$/;

/**
 * What an entry of an endpoint's `events` is: `*`, a prefix wildcard such as `job.*`, the name of a type, or none of
 * these.
 */
export function parseFilterEntry(
  entry: string,
): { readonly kind: 'all' | 'name' } | { readonly kind: 'prefix'; readonly prefix: string } | null {
  if (entry === '*') return { kind: 'all' };
  if (isEventTypeName(entry)) return { kind: 'name' };
  const prefix = WILDCARD.exec(entry)?.[1];
  return prefix === undefined || !isEventTypeName(prefix) ? null : { kind: 'prefix', prefix: `${prefix}.` };
}

/**
 * Every filter entry that selects an event type: an endpoint gets the event when its `events` contain any of them.
 * An opt-in type is selected by its full name only.
 */
export function filterEntriesSelecting(
  name: string,
  { optIn }: { readonly optIn: boolean },
): readonly string[] {
  if (optIn) return [name];
  const words = name.split('.');
  const prefixes = words.slice(0, -1).map((_, index) => `${words.slice(0, index + 1).join('.')}.*`);
  return [name, ...prefixes, '*'];
}
