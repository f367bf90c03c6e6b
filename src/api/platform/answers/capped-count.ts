import { z } from 'zod';
import { type CappedCount, MAX_COUNTED } from '../../../storage/postgres/capped-count.ts';

/** A count that stops. */
export const cappedCount = z
  .object({
    count: z.int(),
    capped: z.boolean().meta({ description: `Whether there are more: counting stops at ${MAX_COUNTED}.` }),
  })
  .meta({ id: 'CappedCount' });

/** Shapes a count that stops. */
export function showCapped({ count, isCapped }: CappedCount): z.output<typeof cappedCount> {
  return { count, capped: isCapped };
}
