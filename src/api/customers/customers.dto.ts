import { z } from 'zod';
import { type Customer, type CustomerFacts, NO_LIMITS } from '../../domain/customer.ts';
import type { CustomerHoldings } from '../../storage/customers/customer-store.ts';
import { pageOf } from '../deliveries/delivery-view.ts';
import { pageQuery } from '../platform/answers/paging.ts';
import { customerId } from '../platform/input/fields.ts';
import { metadataField } from '../platform/input/metadata-field.ts';

const MAX_CUSTOMER_NAME = 256;
const limit = (least: number, most: number) => z.int().min(least).max(most).nullable();

const limits = z.object({
  max_endpoints: limit(0, 1_000_000).meta({ description: 'POSTHORN_MAX_ENDPOINTS_PER_CUSTOMER where null.' }),
  max_keys: limit(0, 100_000).meta({ description: 'POSTHORN_MAX_KEYS_PER_CUSTOMER where null.' }),
  requests_per_minute: limit(0, 100_000_000).meta({
    description: 'Of all keys together; 0 is without limit, null what POSTHORN_RATE_LIMIT_PER_CUSTOMER says.',
  }),
});

/** Body of `PUT /v1/customers/{id}`; members left out are empty. */
export const customerBody = z
  .strictObject({
    name: z.string().max(MAX_CUSTOMER_NAME).default(''),
    metadata: metadataField.default({}),
    limits: limits.partial().strict().default({}),
  })
  .meta({ id: 'CustomerFacts', examples: [{ name: 'Acme Ltd', limits: { max_endpoints: 10 } }] });
export type CustomerBody = z.output<typeof customerBody>;

/** Query of `GET /v1/customers`. */
export const customerListQuery = z.strictObject({ ...pageQuery, id: customerId.optional() });
export type CustomerListQuery = z.output<typeof customerListQuery>;

export const customerAnswer = z
  .object({
    id: z.string(),
    name: z.string(),
    metadata: metadataField,
    limits,
    erasing_since: z.iso
      .datetime()
      .nullable()
      .meta({ description: 'Since when everything of theirs is being erased; then they are gone.' }),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  })
  .meta({ id: 'Customer' });
export type CustomerAnswer = z.output<typeof customerAnswer>;

export const customerPage = pageOf(customerAnswer).meta({ id: 'CustomerList' });

export const customerDetailAnswer = customerAnswer
  .extend({
    usage: z.object({ endpoints: z.int(), api_keys: z.int() }).meta({
      description: 'How many there are now; GET /v1/stats?customer_id= counts events and deliveries.',
    }),
  })
  .meta({ id: 'CustomerDetail' });

/** What a body says of a customer. */
export function readFacts({ name, metadata, limits: given }: CustomerBody): CustomerFacts {
  return {
    name,
    metadata,
    limits: {
      maxEndpoints: given.max_endpoints ?? NO_LIMITS.maxEndpoints,
      maxKeys: given.max_keys ?? NO_LIMITS.maxKeys,
      requestsPerMinute: given.requests_per_minute ?? NO_LIMITS.requestsPerMinute,
    },
  };
}

/** Shapes a customer for an answer. */
export function showCustomer(customer: Customer): CustomerAnswer {
  const { maxEndpoints, maxKeys, requestsPerMinute } = customer.limits;
  return {
    id: customer.id,
    name: customer.name,
    metadata: { ...customer.metadata },
    limits: { max_endpoints: maxEndpoints, max_keys: maxKeys, requests_per_minute: requestsPerMinute },
    erasing_since: customer.erasingSince?.toISOString() ?? null,
    created_at: customer.createdAt.toISOString(),
    updated_at: customer.updatedAt.toISOString(),
  };
}

/** The same with what the customer has. */
export function showCustomerDetail(
  customer: Customer,
  { endpoints, apiKeys }: CustomerHoldings,
): z.output<typeof customerDetailAnswer> {
  return { ...showCustomer(customer), usage: { endpoints, api_keys: apiKeys } };
}
