import type { components } from '../../../../clients/typescript/schema.ts';

/** What is known of an event beside its data, which is shown as text. */
export type EventFacts = Omit<components['schemas']['EventDetail'], 'data'>;

/** Reads an event; its data is not taken from here, for numbers of 64 bits would change. */
export function eventOf(text: string): EventFacts {
  const { data: _data, ...facts }: components['schemas']['EventDetail'] = JSON.parse(text);
  return facts;
}
