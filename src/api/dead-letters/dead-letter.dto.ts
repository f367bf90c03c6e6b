import { z } from 'zod';
import type { DeadReason } from '../../domain/delivery.ts';
import type { DeadLetterFilter } from '../../storage/replays/replay-selection.ts';
import { deliveryFilterFields, toDeliveryFilter } from '../deliveries/delivery.dto.ts';
import { deliveryAnswer, pageOf } from '../deliveries/delivery-view.ts';
import { dataFilterField } from '../finding/data-filter.ts';
import { pageQuery } from '../platform/answers/paging.ts';
import { idOf, refusal } from '../platform/input/fields.ts';

const DEAD_REASONS = [
  'retries_exhausted',
  'endpoint_gone',
  'destination_not_allowed',
  'expired',
] as const satisfies readonly DeadReason[];

const MAX_IDS = 1_000;
const SWITCHES: readonly string[] = ['all', 'dry_run'];

const filterFields = { ...deliveryFilterFields, reason: z.enum(DEAD_REASONS).optional() };

/** Query of `GET /v1/dead-letters`. */
export const deadLetterListQuery = z.strictObject({
  ...pageQuery,
  ...filterFields,
  data: dataFilterField,
});

export type DeadLetterListQuery = z.output<typeof deadLetterListQuery>;

/** Body of the bulk actions: which dead letters, and whether to count them only. Everything must be asked for by `all`. */
export const deadLetterSelection = z
  .strictObject({
    ...filterFields,
    ids: z.array(idOf('del')).min(1).max(MAX_IDS).optional(),
    all: z.literal(true).optional().meta({ description: 'Required where no filter is given.' }),
    dry_run: z.boolean().optional().meta({ description: 'Only count what would be selected.' }),
  })
  .refine(
    (body) => body.all === true || Object.keys(body).some((member) => !SWITCHES.includes(member)),
    refusal('filter_required', 'Give at least one filter, or "all": true to select every dead letter.'),
  )
  .meta({ id: 'DeadLetterSelection' });

export type DeadLetterSelection = z.output<typeof deadLetterSelection>;

/** A dead letter: a delivery that ended undelivered, why, and what to do about it. */
export const deadLetterAnswer = deliveryAnswer
  .extend({
    reason: z.string().nullable(),
    advice: z.string().nullable(),
  })
  .meta({ id: 'DeadLetter' });

export type DeadLetterAnswer = z.infer<typeof deadLetterAnswer>;

/** A page of dead letters, newest first. */
export const deadLetterPage = pageOf(deadLetterAnswer).meta({ id: 'DeadLetterList' });

/** How many dead letters a bulk action selected. */
export const deadLetterCount = z.object({ count: z.int() }).meta({ id: 'DeadLetterCount' });

export type DeadLetterCount = z.infer<typeof deadLetterCount>;

/** How many dead letters are sent once more, and by which replay. */
export const deadLetterRetry = deadLetterCount
  .extend({ replay_id: z.string().meta({ examples: ['rpl_01J8Q2M4T6V8X0Z2B4D6F8H0K2'] }) })
  .meta({ id: 'DeadLetterRetry' });

export type DeadLetterRetry = z.infer<typeof deadLetterRetry>;

/** The storage filter of a selection, restricted to a customer where one is given. */
export function toDeadLetterFilter(
  selection: DeadLetterSelection,
  customerId: string | undefined,
): DeadLetterFilter {
  return {
    ...toDeliveryFilter({ ...selection, customer_id: customerId }),
    ...(selection.ids !== undefined && { ids: selection.ids }),
    ...(selection.reason !== undefined && { reason: selection.reason }),
  };
}
