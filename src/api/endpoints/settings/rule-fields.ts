import { z } from 'zod';
import { type BatchSettings, DEFAULT_BATCH_SETTINGS } from '../../../domain/batch.ts';
import { type BreakerSettings, DEFAULT_BREAKER_SETTINGS } from '../../../domain/breaker.ts';
import { ENDPOINT_LIMITS } from '../../../domain/endpoint.ts';
import type { EndpointRules } from '../../../domain/endpoint-rules.ts';
import type { InputProblem } from '../../../domain/errors.ts';
import { RATE_PERIODS } from '../../../domain/rate-limit.ts';

const limits = ENDPOINT_LIMITS;

const rateLimitField = z
  .strictObject({ limit: whole(limits.rateLimit), per: z.enum(RATE_PERIODS) })
  .meta({ description: 'The most calls a period; null for none. Of batches the calls count.' });

const maxConcurrencyField = whole(limits.maxConcurrency).meta({
  description: 'The most calls under way at once, over all workers; null for none.',
});

/** Fills up with the defaults. */
const batchField = z
  .strictObject({
    max_events: whole(limits.batchEvents).default(DEFAULT_BATCH_SETTINGS.maxEvents),
    max_wait_ms: whole(limits.batchWaitMs).default(DEFAULT_BATCH_SETTINGS.maxWaitMs),
    max_bytes: whole(limits.batchBytes).default(DEFAULT_BATCH_SETTINGS.maxBytes),
  })
  .meta({
    description:
      'Sends events together: as soon as so many or so many bytes of body wait, or one of them ' +
      'waits for so long. Members left out have their defaults; null sends each alone.',
  });

const orderedField = z.boolean().meta({
  description: 'Whether each delivery waits until the one accepted before it is delivered or dead.',
});

const breakerDefaults = showBreaker(DEFAULT_BREAKER_SETTINGS);

/** Fills up with the defaults. */
const breakerField = z
  .strictObject({
    consecutive_failures: whole(limits.consecutiveFailures).default(breakerDefaults.consecutive_failures),
    failure_ratio: z
      .number()
      .min(limits.failureRatio.min)
      .max(limits.failureRatio.max)
      .default(breakerDefaults.failure_ratio),
    minimum_attempts: whole(limits.minimumAttempts).default(breakerDefaults.minimum_attempts),
    window_ms: whole(limits.windowMs).default(breakerDefaults.window_ms),
    cooldown_ms: whole(limits.cooldownMs).default(breakerDefaults.cooldown_ms),
    max_cooldown_ms: whole(limits.cooldownMs).default(breakerDefaults.max_cooldown_ms),
  })
  .meta({
    description: 'When the endpoint is left alone and for how long. Members left out have their defaults.',
  });

/** The members that say what holds deliveries back; each is replaced as a whole, and null returns to the default. */
export const ruleFields = {
  rate_limit: rateLimitField.nullish(),
  max_concurrency: maxConcurrencyField.nullish(),
  batch: batchField.nullish(),
  ordered: orderedField.nullish(),
  breaker: breakerField.nullish(),
};

/** The members of an answer that show the rules. */
export const ruleAnswers = {
  rate_limit: rateLimitField.nullable(),
  max_concurrency: maxConcurrencyField.nullable(),
  batch: batchField.nullable(),
  ordered: orderedField,
  breaker: breakerField,
};

type RuleInput = { readonly [Name in keyof typeof ruleFields]?: z.output<(typeof ruleFields)[Name]> };
type RuleAnswer = { [Name in keyof typeof ruleAnswers]: z.output<(typeof ruleAnswers)[Name]> };

/** The rules that a body makes of the current ones. */
export function mergeRules(
  input: RuleInput,
  { current, defaults }: { readonly current: EndpointRules; readonly defaults: EndpointRules },
): EndpointRules {
  const { rate_limit, max_concurrency, batch, ordered, breaker } = input;
  return {
    rateLimit: rate_limit === undefined ? current.rateLimit : rate_limit,
    maxConcurrency: max_concurrency === undefined ? current.maxConcurrency : max_concurrency,
    batch: batch === undefined ? current.batch : batch && readBatch(batch),
    ordered: ordered === undefined ? current.ordered : (ordered ?? defaults.ordered),
    breaker:
      breaker === undefined ? current.breaker : breaker === null ? defaults.breaker : readBreaker(breaker),
  };
}

/** What contradicts itself in rules whose members are each right on their own. */
export function ruleProblems({ breaker }: EndpointRules): readonly InputProblem[] {
  const { cooldownMs, maxCooldownMs } = breaker;
  if (maxCooldownMs >= cooldownMs) return [];
  const message = `max_cooldown_ms (${maxCooldownMs}) must not be less than cooldown_ms (${cooldownMs}).`;
  return [{ pointer: '/breaker/max_cooldown_ms', code: 'below_cooldown_ms', message }];
}

/** Shapes rules for an answer; accepted again in a body. */
export function showRules({ rateLimit, maxConcurrency, batch, ordered, breaker }: EndpointRules): RuleAnswer {
  return {
    rate_limit: rateLimit && { ...rateLimit },
    max_concurrency: maxConcurrency,
    batch: batch && { max_events: batch.maxEvents, max_wait_ms: batch.maxWaitMs, max_bytes: batch.maxBytes },
    ordered,
    breaker: showBreaker(breaker),
  };
}

function whole({ min, max }: { readonly min: number; readonly max: number }): z.ZodInt {
  return z.int().min(min).max(max);
}

function readBatch(batch: z.output<typeof batchField>): BatchSettings {
  return { maxEvents: batch.max_events, maxWaitMs: batch.max_wait_ms, maxBytes: batch.max_bytes };
}

function readBreaker(breaker: z.output<typeof breakerField>): BreakerSettings {
  return {
    consecutiveFailures: breaker.consecutive_failures,
    failureRatio: breaker.failure_ratio,
    minimumAttempts: breaker.minimum_attempts,
    windowMs: breaker.window_ms,
    cooldownMs: breaker.cooldown_ms,
    maxCooldownMs: breaker.max_cooldown_ms,
  };
}

function showBreaker(breaker: BreakerSettings) {
  return {
    consecutive_failures: breaker.consecutiveFailures,
    failure_ratio: breaker.failureRatio,
    minimum_attempts: breaker.minimumAttempts,
    window_ms: breaker.windowMs,
    cooldown_ms: breaker.cooldownMs,
    max_cooldown_ms: breaker.maxCooldownMs,
  };
}
