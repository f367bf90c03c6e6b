import type { components } from '../../typescript/schema.ts';

/** How many things a filter selects, as far as the API counted. */
export type Counted = components['schemas']['CappedCount'];

/** The same as people read it: where the API stopped counting there may be more. */
export function countedText({ count, capped }: Counted): string {
  return `${count}${capped ? '+' : ''}`;
}
