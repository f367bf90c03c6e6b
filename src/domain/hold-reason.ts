import type { BreakerState } from './breaker.ts';
import type { EndpointStatus } from './endpoint.ts';
import type { EndpointRules } from './endpoint-rules.ts';

/**
 * What holds a delivery back, the strongest first; `backlog`: nothing but that the gate lets go what piled up step by
 * step.
 */
export const HOLD_REASONS = [
  'disabled',
  'paused',
  'breaker',
  'order',
  'retry',
  'batch',
  'rate',
  'concurrency',
  'backlog',
] as const;
export type HoldReason = (typeof HOLD_REASONS)[number];

/** A held delivery, and the endpoint whose gate holds it. */
export interface HeldDelivery extends Omit<EndpointRules, 'breaker'> {
  readonly endpointStatus: EndpointStatus;
  readonly breakerState: BreakerState;
  /** Whether one before it is neither delivered nor dead. */
  readonly hasPredecessor: boolean;
  /** Whether its retry is not due yet. */
  readonly isEarly: boolean;
  readonly batchId: string | null;
}

/** The strongest of the reasons why a delivery is held. */
export function holdReasonOf(held: HeldDelivery): HoldReason {
  if (held.endpointStatus !== 'enabled') return held.endpointStatus;
  if (held.breakerState !== 'closed') return 'breaker';
  if (held.ordered && held.hasPredecessor) return 'order';
  if (held.isEarly) return 'retry';
  if (held.batch !== null && held.batchId === null) return 'batch';
  if (held.rateLimit !== null) return 'rate';
  return held.maxConcurrency === null ? 'backlog' : 'concurrency';
}
