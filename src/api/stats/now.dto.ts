import { z } from 'zod';
import { HOLD_REASONS, type HoldReason } from '../../domain/hold-reason.ts';
import type { Now } from '../../storage/stats/now-store.ts';
import { cappedCount, showCapped } from '../platform/answers/capped-count.ts';
import { customerId } from '../platform/input/fields.ts';

/** Query of `GET /v1/stats/now`. */
export const nowQuery = z.strictObject({ customer_id: customerId.optional() });
export type NowQuery = z.output<typeof nowQuery>;

/** How things stand. */
export const nowAnswer = z
  .object({
    as_of: z.iso.datetime(),
    waiting: cappedCount.meta({ description: 'Queued or retrying.' }),
    sending: cappedCount,
    scheduled: cappedCount,
    held: cappedCount,
    held_by: z
      .object(
        Object.fromEntries(HOLD_REASONS.map((reason) => [reason, z.int()])) as Record<HoldReason, z.ZodInt>,
      )
      .meta({ description: 'Of those that are counted.' }),
    dead: cappedCount.meta({ description: 'Dead letters.' }),
    oldest_due_at: z.iso.datetime().nullable().meta({
      description: 'Since when the oldest is due that nobody sends and nothing holds back.',
    }),
    endpoints: z.object({
      enabled: z.int(),
      paused: z.int(),
      disabled: z.int(),
      failing: z.int(),
      breakers_open: z.int(),
      breakers_half_open: z.int(),
    }),
    workers: z
      .int()
      .nullable()
      .meta({ description: 'Processes that send and were heard of lately; for the operator only.' }),
    history_days_ahead: z
      .int()
      .nullable()
      .meta({
        description:
          'For how many days to come history has a place of its own already, of eight; ' +
          'null where it has none for any day yet. For the operator only.',
      }),
  })
  .meta({ id: 'StatsNow' });
export type NowAnswer = z.output<typeof nowAnswer>;

/** What is nobody's business but the operator's. */
export interface Inside {
  readonly workers: number | null;
  readonly historyDaysAhead: number | null;
}

/** What customers are told of it. */
export const NOTHING_INSIDE: Inside = { workers: null, historyDaysAhead: null };

/** Shapes how things stand. */
export function showNow(now: Now, { workers, historyDaysAhead }: Inside): NowAnswer {
  const { endpoints } = now;
  const held = HOLD_REASONS.map((reason) => [reason, now.heldBy.get(reason) ?? 0] as const);
  return {
    as_of: now.asOf.toISOString(),
    waiting: showCapped(now.waiting),
    sending: showCapped(now.sending),
    scheduled: showCapped(now.scheduled),
    held: showCapped(now.held),
    held_by: Object.fromEntries(held) as Record<HoldReason, number>,
    dead: showCapped(now.dead),
    oldest_due_at: now.oldestDueAt?.toISOString() ?? null,
    endpoints: {
      enabled: endpoints.enabled,
      paused: endpoints.paused,
      disabled: endpoints.disabled,
      failing: endpoints.failing,
      breakers_open: endpoints.breakersOpen,
      breakers_half_open: endpoints.breakersHalfOpen,
    },
    workers,
    history_days_ahead: historyDaysAhead,
  };
}
