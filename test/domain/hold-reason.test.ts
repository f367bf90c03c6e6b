import { describe, expect, it } from '@jest/globals';
import { DEFAULT_BATCH_SETTINGS } from '../../src/domain/batch.ts';
import { DEFAULT_ENDPOINT_RULES } from '../../src/domain/endpoint-rules.ts';
import { type HeldDelivery, type HoldReason, holdReasonOf } from '../../src/domain/hold-reason.ts';

const held: HeldDelivery = {
  ...DEFAULT_ENDPOINT_RULES,
  endpointStatus: 'enabled',
  breakerState: 'closed',
  hasPredecessor: false,
  isEarly: false,
  batchId: null,
};
const batch = DEFAULT_BATCH_SETTINGS;
const rateLimit = { limit: 1, per: 'second' } as const;

/** Each with everything that comes behind it, too. */
const cases: readonly (readonly [HoldReason, Partial<HeldDelivery>])[] = [
  ['backlog', {}],
  ['concurrency', { maxConcurrency: 1 }],
  ['rate', { rateLimit, maxConcurrency: 1 }],
  ['rate', { rateLimit, batch, batchId: 'bat_1' }],
  ['batch', { rateLimit, batch }],
  ['retry', { rateLimit, batch, isEarly: true }],
  ['retry', { isEarly: true, hasPredecessor: true }],
  ['order', { isEarly: true, hasPredecessor: true, ordered: true }],
  ['breaker', { breakerState: 'open', hasPredecessor: true, ordered: true }],
  ['breaker', { breakerState: 'half_open', rateLimit }],
  ['paused', { endpointStatus: 'paused', breakerState: 'open' }],
  ['disabled', { endpointStatus: 'disabled', breakerState: 'open' }],
];

describe('holdReasonOf', () => {
  it.each(cases)('says %s of %j', (reason, part) => {
    expect(holdReasonOf({ ...held, ...part })).toBe(reason);
  });
});
