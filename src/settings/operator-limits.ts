import type { z } from 'zod';
import { wholeNumber } from './whole-number.ts';

/** What the operator lets customers use at most. Sizes are in bytes. */
export interface OperatorLimits {
  /** Largest `data` of one event, as compact JSON in UTF-8. */
  readonly maxEventBytes: number;
  /** Request bodies that one API process holds at a time. */
  readonly maxBufferedBytes: number;
  readonly maxEndpointsPerCustomer: number;
  /** Registered ones. */
  readonly maxEventTypes: number;
  /** API keys that are neither revoked nor expired. */
  readonly maxKeysPerCustomer: number;
  /** Events that wait for their `deliver_at`. */
  readonly maxScheduledPerCustomer: number;
  /** Tests of endpoints under way. */
  readonly maxTestsPerCustomer: number;
}

const MEBIBYTE = 1_048_576;

/** The variables of the limits, as part of a schema of the environment. */
export const limitSettings = {
  POSTHORN_MAX_EVENT_BYTES: wholeNumber(1_024, 5 * MEBIBYTE).default(262_144),
  POSTHORN_MAX_BUFFERED_BYTES: wholeNumber(32 * MEBIBYTE, 16_384 * MEBIBYTE).default(64 * MEBIBYTE),
  POSTHORN_MAX_ENDPOINTS_PER_CUSTOMER: wholeNumber(1, 1_000_000).default(1_000),
  POSTHORN_MAX_EVENT_TYPES: wholeNumber(1, 100_000).default(1_000),
  POSTHORN_MAX_KEYS_PER_CUSTOMER: wholeNumber(1, 100_000).default(100),
  POSTHORN_MAX_SCHEDULED_PER_CUSTOMER: wholeNumber(1, 10_000_000).default(100_000),
  POSTHORN_MAX_TESTS_PER_CUSTOMER: wholeNumber(1, 1_000).default(5),
};

type LimitValues = { readonly [Name in keyof typeof limitSettings]: z.output<(typeof limitSettings)[Name]> };

/** The limits that these settings make. */
export function readLimits(values: LimitValues): OperatorLimits {
  return {
    maxEventBytes: values.POSTHORN_MAX_EVENT_BYTES,
    maxBufferedBytes: values.POSTHORN_MAX_BUFFERED_BYTES,
    maxEndpointsPerCustomer: values.POSTHORN_MAX_ENDPOINTS_PER_CUSTOMER,
    maxEventTypes: values.POSTHORN_MAX_EVENT_TYPES,
    maxKeysPerCustomer: values.POSTHORN_MAX_KEYS_PER_CUSTOMER,
    maxScheduledPerCustomer: values.POSTHORN_MAX_SCHEDULED_PER_CUSTOMER,
    maxTestsPerCustomer: values.POSTHORN_MAX_TESTS_PER_CUSTOMER,
  };
}
