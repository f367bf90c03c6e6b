import { type BreakerWindow, countResult, totalsOf } from './breaker-window.ts';
import { MAX_RETRY_AFTER_MS } from './retry-after.ts';

/** When an endpoint is left alone, and for how long. */
export interface BreakerSettings {
  /** Opens after so many failures in a row, … */
  readonly consecutiveFailures: number;
  /** … or when this share of at least `minimumAttempts` within `windowMs` failed. */
  readonly failureRatio: number;
  readonly minimumAttempts: number;
  readonly windowMs: number;
  /** The first wait before a probe; doubles with each probe that fails, up to `maxCooldownMs`. */
  readonly cooldownMs: number;
  readonly maxCooldownMs: number;
}

/** Ten in a row, or half of twenty within a minute; then 30 s, doubling to half an hour. */
export const DEFAULT_BREAKER_SETTINGS: BreakerSettings = {
  consecutiveFailures: 10,
  failureRatio: 0.5,
  minimumAttempts: 20,
  windowMs: 60_000,
  cooldownMs: 30_000,
  maxCooldownMs: 1_800_000,
};

/** What an operator or customer sees of a breaker. */
export const BREAKER_STATES = ['closed', 'open', 'half_open'] as const;
export type BreakerState = (typeof BREAKER_STATES)[number];

/** Everything known of an endpoint's health; plain JSON, of bounded size. Times are milliseconds since the epoch. */
export interface Breaker {
  readonly state: BreakerState;
  /** Raised with every change of state. A claim carries it, and results of another epoch do not count. */
  readonly epoch: number;
  readonly consecutiveFailures: number;
  readonly window: BreakerWindow;
  /** When it left `closed`; null while closed. */
  readonly openedAt: number | null;
  /** When the probe is due; null unless open. */
  readonly probeAt: number | null;
  /** The wait that was chosen last, without what the receiver asked for; null while closed. */
  readonly cooldownMs: number | null;
  /** Until when the receiver asked to be left alone since its last success. */
  readonly askedUntil: number | null;
  /** The first failure of the unbroken run of failures; null after a success. */
  readonly failingSince: number | null;
}

/** The health of an endpoint that nothing was sent to yet. */
export const NEW_BREAKER: Breaker = {
  state: 'closed',
  epoch: 0,
  consecutiveFailures: 0,
  window: [],
  openedAt: null,
  probeAt: null,
  cooldownMs: null,
  askedUntil: null,
  failingSince: null,
};

/** What an attempt says about an endpoint. */
export interface BreakerResult {
  /** The breaker's epoch when the attempt was claimed. */
  readonly epoch: number;
  readonly isSuccess: boolean;
  /** What a 429 or 503 asked for in `Retry-After`; null otherwise. */
  readonly retryAfterMs: number | null;
  readonly at: number;
  /** Our own network was suspected when it failed: nothing opens for it, and a failed probe costs nothing. */
  readonly isExcused?: boolean;
}

/** What a group of results changed: `reopened` after a probe that failed, `opened` otherwise. */
export type BreakerChange = 'opened' | 'reopened' | 'closed';

/** The new health, and the change of state where there was one. */
export interface FoldedResults {
  readonly breaker: Breaker;
  readonly change: BreakerChange | null;
}

/**
 * Counts results in the order of their completion. Only automatic attempts count that said something about the
 * endpoint: callers leave out the triggers `manual` and `test`, and the codes `outcome_unknown` and `internal_error`.
 * At most one change of state, as the results behind it are of an older epoch.
 */
export function foldResults(
  breaker: Breaker,
  results: readonly BreakerResult[],
  options: FoldOptions,
): FoldedResults {
  return results.reduce<FoldedResults>(
    (folded, result) => {
      const next = foldResult(folded.breaker, result, options);
      return { breaker: next, change: folded.change ?? changeBetween(folded.breaker, next) };
    },
    { breaker, change: null },
  );
}

/**
 * Half-open where the probe is due, otherwise unchanged. In half-open one probe is sent at a time, until one has a
 * result.
 */
export function beginProbe(breaker: Breaker, now: number): Breaker {
  const isDue = breaker.state === 'open' && (breaker.probeAt === null || breaker.probeAt <= now);
  return isDue ? resumeBreaker(breaker) : breaker;
}

/** Half-open although the probe is not due (a person resumes); unchanged unless open. */
export function resumeBreaker(breaker: Breaker): Breaker {
  if (breaker.state !== 'open') return breaker;
  return { ...breaker, state: 'half_open', epoch: breaker.epoch + 1, probeAt: null };
}

/** A clean start with nothing held against the endpoint (a person enables it again); results under way do not count. */
export function resetBreaker(breaker: Breaker): Breaker {
  return { ...NEW_BREAKER, epoch: breaker.epoch + 1 };
}

/** `now` comes from one clock for all callers, such as the database's. */
interface FoldOptions {
  readonly settings: BreakerSettings;
  readonly now: number;
}

function foldResult(breaker: Breaker, result: BreakerResult, options: FoldOptions): Breaker {
  if (result.epoch !== breaker.epoch) return result.isSuccess ? endRun(breaker, result) : breaker;
  if (result.isSuccess) return foldSuccess(breaker, result, options);
  return result.isExcused === true ? reopenUnharmed(breaker, options) : foldFailure(breaker, result, options);
}

/** A success of another epoch closes nothing, yet it breaks the run of failures that began before it. */
function endRun(breaker: Breaker, { at }: BreakerResult): Breaker {
  const isBroken = breaker.failingSince !== null && at >= breaker.failingSince;
  return isBroken ? { ...breaker, failingSince: null } : breaker;
}

function foldSuccess(breaker: Breaker, result: BreakerResult, options: FoldOptions): Breaker {
  if (breaker.state === 'half_open') return resetBreaker(breaker);
  if (breaker.state === 'open') return endRun(breaker, result);
  const window = countResult(breaker.window, true, windowOf(options));
  return { ...breaker, window, consecutiveFailures: 0, askedUntil: null, failingSince: null };
}

function foldFailure(breaker: Breaker, result: BreakerResult, options: FoldOptions): Breaker {
  const failed: Breaker = {
    ...breaker,
    consecutiveFailures: breaker.consecutiveFailures + 1,
    askedUntil: laterOf(breaker.askedUntil, askedUntilBy(result)),
    failingSince: breaker.failingSince ?? result.at,
  };
  if (breaker.state === 'open') return failed;
  if (breaker.state === 'half_open') return open(failed, options, doubledCooldownMs(breaker, options));
  const window = countResult(breaker.window, false, windowOf(options));
  return isTripped({ ...failed, window }, options.settings)
    ? open(failed, options, options.settings.cooldownMs)
    : { ...failed, window };
}

function windowOf({ now, settings }: FoldOptions): { readonly now: number; readonly windowMs: number } {
  return { now, windowMs: settings.windowMs };
}

/** What failed may be our own network: an endpoint on probation goes back to wait as long as before. */
function reopenUnharmed(breaker: Breaker, options: FoldOptions): Breaker {
  if (breaker.state !== 'half_open') return breaker;
  return open(breaker, options, breaker.cooldownMs ?? options.settings.cooldownMs);
}

function isTripped(breaker: Breaker, settings: BreakerSettings): boolean {
  if (breaker.consecutiveFailures >= settings.consecutiveFailures) return true;
  const { attempts, failures } = totalsOf(breaker.window);
  return attempts >= settings.minimumAttempts && failures / attempts >= settings.failureRatio;
}

/** What the receiver asked for lengthens the wait, up to 24 h, but not the next doubling. */
function open(breaker: Breaker, { now }: FoldOptions, cooldownMs: number): Breaker {
  const askedMs = Math.min((breaker.askedUntil ?? now) - now, MAX_RETRY_AFTER_MS);
  return {
    ...breaker,
    state: 'open',
    epoch: breaker.epoch + 1,
    window: [],
    openedAt: breaker.openedAt ?? now,
    probeAt: now + Math.max(cooldownMs, askedMs),
    cooldownMs,
  };
}

/** At least the first cool-down, as the settings may have changed since. */
function doubledCooldownMs(breaker: Breaker, { settings }: FoldOptions): number {
  const doubledMs = Math.min((breaker.cooldownMs ?? 0) * 2, settings.maxCooldownMs);
  return Math.max(settings.cooldownMs, doubledMs);
}

function askedUntilBy({ retryAfterMs, at }: BreakerResult): number | null {
  return retryAfterMs === null ? null : at + retryAfterMs;
}

function laterOf(one: number | null, other: number | null): number | null {
  return one === null || other === null ? (one ?? other) : Math.max(one, other);
}

function changeBetween(before: Breaker, after: Breaker): BreakerChange | null {
  if (before.state === after.state) return null;
  if (after.state === 'closed') return 'closed';
  return before.state === 'closed' ? 'opened' : 'reopened';
}
