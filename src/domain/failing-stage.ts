/** An endpoint that fails for so long without a single success is disabled: five days. */
export const FAILING_LIMIT_MS = 432_000_000;

/** Percent of that time at which it is announced; at the last one the endpoint is disabled. */
export const FAILING_STAGES = [50, 70, 90, 100] as const;
export type FailingStage = 0 | (typeof FAILING_STAGES)[number];

/** The last stage that a run of failures has reached; 0 before the first, and while nothing fails. */
export function failingStage(failingSince: number | null, now: number): FailingStage {
  if (failingSince === null) return 0;
  const percent = ((now - failingSince) / FAILING_LIMIT_MS) * 100;
  return FAILING_STAGES.findLast((stage) => percent >= stage) ?? 0;
}

/** When an endpoint failing since then is disabled. */
export function disablesAt(failingSince: number): number {
  return failingSince + FAILING_LIMIT_MS;
}

/**
 * The stage to announce now that a failure was recorded; null if the last announced stage of this run of failures is
 * still current.
 */
export function stageToAnnounce(
  failingSince: number | null,
  now: number,
  { announced }: { readonly announced: FailingStage },
): FailingStage | null {
  const reached = failingStage(failingSince, now);
  return reached > announced ? reached : null;
}

/** Between the last announcement and the end, however late that announcement was: what lies between 90 and 100 %. */
export const LAST_WARNING_MS = FAILING_LIMIT_MS / 10;

/** What was announced of a run of failures: the last stage, and when (milliseconds since the epoch). */
export interface FailingAnnounced {
  readonly stage: FailingStage;
  readonly at: number | null;
}

/** What a run of failures calls for now that another failure was recorded. */
export type FailingStep =
  | { readonly kind: 'announce'; readonly percent: 50 | 70 | 90; readonly disablesAt: number }
  | { readonly kind: 'disable' };

/**
 * Announces each stage once, and disables at the end, but never without a last warning some time before: an endpoint
 * that fails once and again five days later is warned then. Null where there is nothing to do.
 */
export function failingStep(
  failingSince: number | null,
  now: number,
  { announced }: { readonly announced: FailingAnnounced },
): FailingStep | null {
  if (failingSince === null) return null;
  const warnedAt = announced.stage >= 90 ? announced.at : null;
  const due = stageToAnnounce(failingSince, now, { announced: announced.stage });
  if (due === 50 || due === 70)
    return { kind: 'announce', percent: due, disablesAt: disablesAt(failingSince) };
  if (due !== null && warnedAt === null)
    return { kind: 'announce', percent: 90, disablesAt: endAfterWarning(failingSince, now) };
  return warnedAt !== null && now >= endAfterWarning(failingSince, warnedAt) ? { kind: 'disable' } : null;
}

function endAfterWarning(failingSince: number, warnedAt: number): number {
  return Math.max(disablesAt(failingSince), warnedAt + LAST_WARNING_MS);
}
