import { z } from 'zod';
import { deliveryFilterFields } from '../deliveries/delivery.dto.ts';
import { deliveryAnswer, pageOf } from '../deliveries/delivery-view.ts';
import { dataFilterField } from '../finding/data-filter.ts';
import { cappedCount } from '../platform/answers/capped-count.ts';
import { pageQuery } from '../platform/answers/paging.ts';
import { deadLetterFilter, deadReasonField, selectionBody } from '../replays/selection.dto.ts';

const filterFields = { ...deliveryFilterFields, reason: deadReasonField };

/** Query of `GET /v1/dead-letters`. */
export const deadLetterListQuery = z.strictObject({
  ...pageQuery,
  ...filterFields,
  data: dataFilterField,
});

export type DeadLetterListQuery = z.output<typeof deadLetterListQuery>;

/** Body of the bulk actions: which dead letters, and whether to count them only. */
export const deadLetterSelection = selectionBody({ filter: deadLetterFilter }).meta({
  id: 'DeadLetterSelection',
});

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

/** How many dead letters are sent once more, as far as they are counted, and by which replay. */
export const deadLetterRetry = cappedCount
  .extend({ replay_id: z.string().meta({ examples: ['rpl_01J8Q2M4T6V8X0Z2B4D6F8H0K2'] }) })
  .meta({ id: 'DeadLetterRetry' });

export type DeadLetterRetry = z.infer<typeof deadLetterRetry>;
