import { z } from 'zod';
import { TOP_SUBJECTS } from '../../storage/stats/series-store.ts';
import { customerId, wholeNumberText } from '../platform/input/fields.ts';
import { spanFields, withSpanRules } from './span.ts';

const MAX_ITEMS = 100;
const DEFAULT_ITEMS = 10;

/** Query of `GET /v1/stats/top`. */
export const topQuery = withSpanRules(
  z.strictObject({
    ...spanFields,
    by: z.enum(TOP_SUBJECTS).default('endpoint'),
    of: z
      .enum(['attempts', 'failed', 'delivered', 'dead'])
      .default('failed')
      .meta({ description: 'What is counted and ordered by.' }),
    limit: wholeNumberText(1, MAX_ITEMS).default(DEFAULT_ITEMS).meta({ default: DEFAULT_ITEMS }),
    customer_id: customerId.optional(),
  }),
);
export type TopQuery = z.output<typeof topQuery>;

/** Whose counts are the largest. */
export const topAnswer = z
  .object({
    after: z.iso.datetime(),
    before: z.iso.datetime(),
    items: z.array(
      z.object({
        subject: z.string().meta({
          description: 'The id of an endpoint or customer, an error code, or the name of an event type.',
        }),
        url: z.string().nullable().meta({ description: 'Of an endpoint; null otherwise.' }),
        advice: z.string().nullable().meta({ description: 'Of an error code; null otherwise.' }),
        attempts: z.int(),
        failed: z.int(),
        delivered: z.int().meta({ description: 'Deliveries that ended so within the span.' }),
        dead: z.int().meta({ description: 'Likewise.' }),
        first_at: z.iso.datetime().meta({ description: 'Exact to the stretches that counts are kept by.' }),
        last_at: z.iso.datetime(),
      }),
    ),
  })
  .meta({ id: 'StatsTop' });
export type TopAnswer = z.output<typeof topAnswer>;
