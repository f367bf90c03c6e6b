import { z } from 'zod';
import type { DeadReason } from '../../domain/delivery.ts';
import { SELECTABLE_STATUSES } from '../../domain/replay.ts';
import type { SelectionFilter } from '../../storage/replays/replay-selection.ts';
import { deliveryFilterFields, toDeliveryFilter } from '../deliveries/delivery.dto.ts';
import { dataFilterField } from '../finding/data-filter.ts';
import { idOf, refusal } from '../platform/input/fields.ts';

const DEAD_REASONS = [
  'retries_exhausted',
  'endpoint_gone',
  'destination_not_allowed',
  'expired',
] as const satisfies readonly DeadReason[];

const MAX_IDS = 1_000;

/** Why a delivery is dead, in filters. */
export const deadReasonField = z.enum(DEAD_REASONS).optional();

const fields = {
  ...deliveryFilterFields,
  reason: deadReasonField.meta({ description: 'Why it is dead.' }),
  data: dataFilterField,
  ids: z.array(idOf('del')).min(1).max(MAX_IDS).optional(),
};

/** The member `filter` of what selects dead letters. */
export const deadLetterFilter = z.strictObject(fields).optional();

/** The member `filter` of what selects deliveries of one endpoint. */
export const filterOfEndpoint = z
  .strictObject(fields)
  .omit({ endpoint_id: true, customer_id: true })
  .optional();

/** The member `filter` of what selects deliveries to send again. */
export const deliveryFilter = z
  .strictObject({
    ...fields,
    status: z
      .array(z.enum(SELECTABLE_STATUSES))
      .min(1)
      .max(SELECTABLE_STATUSES.length)
      .optional()
      .meta({ description: `In these states; ${SELECTABLE_STATUSES.join(', ')} where left out.` }),
  })
  .optional();

type FilterInput = z.output<typeof deliveryFilter>;

const switches = {
  all: z.literal(true).optional().meta({ description: 'Required where the filter is empty or left out.' }),
  dry_run: z
    .boolean()
    .optional()
    .meta({ description: 'Only count what would be selected, among the newest 10,000.' }),
};

/** A body that selects by `filter`; everything must be asked for by `all`. */
export function selectionBody<Shape extends z.ZodRawShape & { filter: z.ZodType }>(shape: Shape) {
  return z
    .strictObject({ ...shape, ...switches })
    .refine(
      asksForSome,
      refusal('filter_required', 'Give at least one member of filter, or "all": true to select every one.'),
    );
}

function asksForSome(body: object): boolean {
  const { all, filter = {} } = body as { readonly all?: boolean; readonly filter?: object };
  return all === true || Object.keys(filter).length > 0;
}

/** The storage filter that a body asks for, restricted to a customer where one is given. */
export function toSelectionFilter(
  filter: FilterInput = {},
  { customerId, ...found }: FoundKeys & { readonly customerId?: string | undefined },
): SelectionFilter {
  return {
    ...toDeliveryFilter({ ...filter, customer_id: customerId }),
    ...(filter.ids !== undefined && { ids: filter.ids }),
    ...(filter.reason !== undefined && { reason: filter.reason }),
    ...(filter.status !== undefined && { statuses: filter.status }),
    ...inHex(found),
  };
}

interface FoundKeys {
  readonly searchKeys?: readonly Buffer[] | undefined;
}

/** Keys as a selection keeps them. */
export function inHex({ searchKeys }: FoundKeys): { readonly searchKeys?: readonly string[] } {
  return searchKeys === undefined ? {} : { searchKeys: searchKeys.map((key) => key.toString('hex')) };
}
