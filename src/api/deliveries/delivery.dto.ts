import { z } from 'zod';
import { DELIVERY_STATUSES, type DeliveryStatus } from '../../domain/delivery.ts';
import type { DeliveryFilter } from '../../storage/history/delivery-store.ts';
import { dataFilterField } from '../finding/data-filter.ts';
import { pageQuery } from '../platform/answers/paging.ts';
import { customerId, eventTypeName, idOf, instant, refusal } from '../platform/input/fields.ts';

const errorCode = z
  .string()
  .refine(
    (text) => /^[a-z][a-z0-9_]{0,63}$/.test(text),
    refusal('invalid_error_code', 'Must be an error code such as http_503 or timeout.'),
  )
  .meta({ examples: ['http_503'] });

const statuses = z
  .string()
  .transform((text) => text.split(','))
  .refine(
    (words): words is DeliveryStatus[] => words.every(isDeliveryStatus),
    refusal('invalid_status', `Must be one or more of ${DELIVERY_STATUSES.join(', ')}, separated by commas.`),
  )
  .meta({ description: 'One state, or several separated by commas.', examples: ['retrying,held'] });

/** Filters that lists of deliveries and of dead letters share; in queries and bodies alike. */
export const deliveryFilterFields = {
  endpoint_id: idOf('ep').optional(),
  customer_id: customerId.optional().meta({ description: 'Customer of the endpoint.' }),
  event: eventTypeName.optional(),
  event_id: idOf('evt').optional(),
  error_code: errorCode.optional().meta({ description: 'Code of the last attempt.' }),
  after: instant.optional().meta({ description: 'Created at this time or later.' }),
  before: instant.optional().meta({ description: 'Created before this time.' }),
};

const listFilterFields = { ...deliveryFilterFields, status: statuses.optional(), data: dataFilterField };

/** Query of `GET /v1/deliveries`. */
export const deliveryListQuery = z.strictObject({ ...pageQuery, ...listFilterFields });

/** Query of `GET /v1/deliveries/count`. */
export const deliveryCountQuery = z.strictObject(listFilterFields);
export type DeliveryCountQuery = z.output<typeof deliveryCountQuery>;

/** Query of `GET /v1/deliveries/{id}/attempts`. */
export const attemptQuery = z.strictObject(pageQuery);
export type AttemptQuery = z.output<typeof attemptQuery>;

export type DeliveryListQuery = z.output<typeof deliveryListQuery>;

type DeliveryFilterFields = {
  readonly [Name in keyof typeof deliveryFilterFields]?: z.output<(typeof deliveryFilterFields)[Name]>;
};

/** The filter that a list of deliveries asks for, of one customer where one is given. */
export function toListFilter(fields: DeliveryCountQuery, customerId: string | undefined): DeliveryFilter {
  return {
    ...toDeliveryFilter({ ...fields, customer_id: customerId }),
    ...(fields.status !== undefined && { statuses: fields.status }),
  };
}

/** The filter of the stores that the shared filter members ask for. */
export function toDeliveryFilter(fields: DeliveryFilterFields): Omit<DeliveryFilter, 'searchKeys'> {
  return {
    ...(fields.endpoint_id !== undefined && { endpointId: fields.endpoint_id }),
    ...(fields.customer_id !== undefined && { customerId: fields.customer_id }),
    ...(fields.event !== undefined && { event: fields.event }),
    ...(fields.event_id !== undefined && { eventId: fields.event_id }),
    ...(fields.error_code !== undefined && { errorCode: fields.error_code }),
    ...(fields.after !== undefined && { after: fields.after }),
    ...(fields.before !== undefined && { before: fields.before }),
  };
}

function isDeliveryStatus(word: string): word is DeliveryStatus {
  return (DELIVERY_STATUSES as readonly string[]).includes(word);
}
