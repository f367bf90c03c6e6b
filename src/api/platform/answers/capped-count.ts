import { z } from 'zod';
import { type CappedCount, MAX_COUNTED } from '../../../storage/postgres/capped-count.ts';

/** A count that stops. */
export const cappedCount = z
  .object({
    count: z.int(),
    capped: z.boolean().meta({
      description: `Whether there may be more: the newest ${MAX_COUNTED} are looked at, and these are of them.`,
    }),
  })
  .meta({ id: 'CappedCount' });

/** Shapes a count that stops. */
export function showCapped({ count, isCapped }: CappedCount): z.output<typeof cappedCount> {
  return { count, capped: isCapped };
}
