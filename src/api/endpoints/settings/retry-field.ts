import { z } from 'zod';
import { ENDPOINT_LIMITS } from '../../../domain/endpoint.ts';
import type { ProblemCode } from '../../../domain/problems/problem-code.ts';
import {
  DEFAULT_RETRY_POLICY,
  type RetryPolicy,
  STANDARD_WEBHOOKS_POLICY,
} from '../../../domain/retry-schedule.ts';

const { maxRetries, delays, delayMs, factor, jitter } = ENDPOINT_LIMITS;
const milliseconds = z.int().min(delayMs.min).max(delayMs.max);

/** The `retry` member, every part of it optional; `mergeRetry` makes a policy of it. */
export const retryField = z
  .strictObject({
    preset: z.literal('standard_webhooks').optional().meta({
      description: 'Instead of all others: nine retries over three days, as Standard Webhooks proposes.',
    }),
    strategy: z.enum(['exponential', 'linear', 'fixed', 'schedule']).optional(),
    max_retries: z.int().min(maxRetries.min).max(maxRetries.max).optional(),
    initial_ms: milliseconds.optional(),
    factor: z.number().min(factor.min).max(factor.max).optional(),
    max_ms: milliseconds.optional(),
    jitter: z.number().min(jitter.min).max(jitter.max).optional(),
    delays_ms: z.array(milliseconds).min(delays.min).max(delays.max).optional(),
  })
  .meta({
    description:
      'How failures are retried; members left out keep their value. The strategy "schedule" ' +
      'takes delays_ms, one a retry, and none of initial_ms, factor and max_ms.',
  });

export type RetryInput = z.infer<typeof retryField>;

/** The policy that a `retry` member makes of a base policy, or the member that contradicts the others. */
export type MergedRetry =
  | { readonly ok: true; readonly policy: RetryPolicy }
  | { readonly ok: false; readonly member: string; readonly code: ProblemCode; readonly message: string };

const NOT_FOR_SCHEDULE = ['initial_ms', 'factor', 'max_ms'] as const;

/**
 * Merges a `retry` member into a policy; where the strategy changes between `schedule` and the others, into the
 * defaults.
 */
export function mergeRetry(base: RetryPolicy, input: RetryInput): MergedRetry {
  if (input.preset !== undefined) return ofPreset(input);
  const strategy = input.strategy ?? (input.delays_ms === undefined ? base.strategy : 'schedule');
  if (strategy === 'schedule') return mergeSchedule(base, input);
  if (input.delays_ms !== undefined) {
    return contradiction('delays_ms', `The strategy "${strategy}" takes no delays_ms; "schedule" does.`);
  }
  const from = base.strategy === 'schedule' ? DEFAULT_RETRY_POLICY : base;
  if (from.strategy === 'schedule') throw new Error('the default policy has no schedule');
  const policy = {
    strategy,
    maxRetries: input.max_retries ?? from.maxRetries,
    initialMs: input.initial_ms ?? from.initialMs,
    factor: input.factor ?? from.factor,
    maxMs: input.max_ms ?? from.maxMs,
    jitter: input.jitter ?? base.jitter,
  };
  if (policy.maxMs >= policy.initialMs) return { ok: true, policy };
  const message = `max_ms (${policy.maxMs}) must not be less than initial_ms (${policy.initialMs}).`;
  return { ok: false, member: 'max_ms', code: 'below_initial_ms', message };
}

function ofPreset(input: RetryInput): MergedRetry {
  const other = Object.keys(input).find((member) => member !== 'preset');
  if (other === undefined) return { ok: true, policy: STANDARD_WEBHOOKS_POLICY };
  const message = `A preset says everything; leave ${other} out, or preset.`;
  return { ok: false, member: other, code: 'not_for_strategy', message };
}

function mergeSchedule(base: RetryPolicy, input: RetryInput): MergedRetry {
  const foreign = NOT_FOR_SCHEDULE.find((member) => input[member] !== undefined);
  if (foreign !== undefined) {
    return contradiction(foreign, `The strategy "schedule" takes delays_ms and no ${foreign}.`);
  }
  const delaysMs = input.delays_ms ?? (base.strategy === 'schedule' ? base.delaysMs : undefined);
  if (delaysMs === undefined) {
    const message = 'The strategy "schedule" needs delays_ms: the wait before each retry, in milliseconds.';
    return { ok: false, member: 'delays_ms', code: 'required', message };
  }
  if (input.max_retries !== undefined && input.max_retries !== delaysMs.length) {
    return contradiction(
      'max_retries',
      `delays_ms has ${delaysMs.length} entries, which is how many retries there are.`,
    );
  }
  return { ok: true, policy: { strategy: 'schedule', delaysMs, jitter: input.jitter ?? base.jitter } };
}

function contradiction(member: string, message: string): MergedRetry {
  return { ok: false, member, code: 'not_for_strategy', message };
}

/** A policy as the API shows it; accepted again as a `retry` member. */
export function showRetry(policy: RetryPolicy): Record<string, unknown> {
  if (policy.strategy === 'schedule') {
    return { strategy: policy.strategy, delays_ms: policy.delaysMs, jitter: policy.jitter };
  }
  return {
    max_retries: policy.maxRetries,
    strategy: policy.strategy,
    initial_ms: policy.initialMs,
    factor: policy.factor,
    max_ms: policy.maxMs,
    jitter: policy.jitter,
  };
}
