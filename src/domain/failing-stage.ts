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

/** The stage to announce now that a failure was recorded; null where `announced`, the last one of this run, still is the last. */
export function stageToAnnounce(
  failingSince: number | null,
  now: number,
  { announced }: { readonly announced: FailingStage },
): FailingStage | null {
  const reached = failingStage(failingSince, now);
  return reached > announced ? reached : null;
}
