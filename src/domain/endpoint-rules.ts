import type { BatchSettings } from './batch.ts';
import { type BreakerSettings, DEFAULT_BREAKER_SETTINGS } from './breaker.ts';
import type { RateLimit } from './rate-limit.ts';

/**
 * What holds an endpoint's deliveries back; null is no such rule. Least and most of each number are in
 * `ENDPOINT_LIMITS`.
 */
export interface EndpointRules {
  readonly rateLimit: RateLimit | null;
  /** The most sends that may be under way at once, over all workers. */
  readonly maxConcurrency: number | null;
  readonly batch: BatchSettings | null;
  /** Whether each delivery waits until the one before it is delivered or dead. */
  readonly ordered: boolean;
  readonly breaker: BreakerSettings;
}

/** No rule but the breaker, which every endpoint has. */
export const DEFAULT_ENDPOINT_RULES: EndpointRules = {
  rateLimit: null,
  maxConcurrency: null,
  batch: null,
  ordered: false,
  breaker: DEFAULT_BREAKER_SETTINGS,
};

/**
 * Whether an endpoint's gate is shut whatever its state: rate, cap, batches and order are kept by the gate's drain
 * only.
 */
export function isGateAlwaysShut(rules: Omit<EndpointRules, 'breaker'>): boolean {
  return rules.rateLimit !== null || rules.maxConcurrency !== null || rules.batch !== null || rules.ordered;
}
