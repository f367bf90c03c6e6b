import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { refusal } from '../platform/fields.ts';

/** Settings that come with pausing, breaker, rates, batches and order: until then every endpoint has these defaults. */
export const LATER_SETTINGS = {
  rate_limit: null,
  max_concurrency: null,
  batch: null,
  ordered: false,
  breaker: {
    consecutive_failures: 10,
    failure_ratio: 0.5,
    minimum_attempts: 20,
    window_ms: 60_000,
    cooldown_ms: 30_000,
    max_cooldown_ms: 1_800_000,
  },
} as const;

/** Fields of those settings: null or the default is accepted, anything else refused as `not_supported_yet`. */
export const laterFields = {
  rate_limit: defaultOnly('rate_limit'),
  max_concurrency: defaultOnly('max_concurrency'),
  batch: defaultOnly('batch'),
  ordered: defaultOnly('ordered'),
  breaker: defaultOnly('breaker'),
};

function defaultOnly(name: keyof typeof LATER_SETTINGS) {
  const value = LATER_SETTINGS[name];
  return z
    .unknown()
    .refine(
      (given) => given === undefined || given === null || isDeepStrictEqual(given, value),
      refusal('not_supported_yet', `${name} is not supported yet; leave it out or null.`),
    )
    .optional()
    .meta({ description: 'Not supported yet: only null or the default is accepted.', default: value });
}
