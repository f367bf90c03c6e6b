import type { HealthResult } from '../storage/gates/breaker-store.ts';

interface Noted {
  readonly since: number;
  count: number;
}

/** As far as the usual window of a breaker reaches. */
const SUCCESS_REMEMBERED_MS = 60_000;
/** Far more than any share of failures can be told from. */
const MOST_COUNTED = 1_000;
const MOST_ENDPOINTS_REMEMBERED = 10_000;

/**
 * Successes are worth writing down only beside failures: those of endpoints that are well are counted here, so that the
 * first failures of a busy endpoint are seen as the few of many that they are.
 */
export class RecentSuccesses {
  readonly #noted = new Map<string, Noted>();
  /** Endpoints that failed in this process lately, and when. */
  readonly #failedAt = new Map<string, number>();

  /** What of a group of results is to be counted now, in its order; what was noted before comes first. */
  select(results: readonly HealthResult[], now: number): readonly HealthResult[] {
    for (const { endpointId, errorCode } of results)
      if (errorCode !== null) this.#failedAt.set(endpointId, now);
    const selected = results.flatMap((result) => {
      if (result.errorCode !== null) return [...this.#take(result, now), result];
      if (result.isFailing || this.#hasFailed(result.endpointId, now))
        return [{ ...result, isFailing: true }];
      this.#note(result.endpointId, now);
      return [];
    });
    this.#forgetSome();
    return selected;
  }

  #take(failure: HealthResult, now: number): readonly HealthResult[] {
    const noted = this.#noted.get(failure.endpointId);
    this.#noted.delete(failure.endpointId);
    if (noted === undefined || now - noted.since > SUCCESS_REMEMBERED_MS) return [];
    const success = { ...failure, errorCode: null, retryAfterMs: null, isFailing: true };
    return Array.from({ length: Math.min(noted.count, MOST_COUNTED) }, () => success);
  }

  #hasFailed(endpointId: string, now: number): boolean {
    const failedAt = this.#failedAt.get(endpointId);
    return failedAt !== undefined && now - failedAt <= SUCCESS_REMEMBERED_MS;
  }

  #note(endpointId: string, now: number): void {
    const noted = this.#noted.get(endpointId);
    if (noted === undefined || now - noted.since > SUCCESS_REMEMBERED_MS)
      this.#noted.set(endpointId, { since: now, count: 1 });
    else noted.count += 1;
  }

  #forgetSome(): void {
    if (this.#noted.size > MOST_ENDPOINTS_REMEMBERED) this.#noted.clear();
    if (this.#failedAt.size > MOST_ENDPOINTS_REMEMBERED) this.#failedAt.clear();
  }
}
