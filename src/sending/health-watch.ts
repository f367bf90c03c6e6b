import type { Breaker } from '../domain/breaker.ts';
import { isListenerUrl } from '../domain/listener.ts';
import { retryAfterMs } from '../domain/retry-after.ts';
import type { Logger } from '../logger.ts';
import { breakerTransitions } from '../metrics/worker-metrics.ts';
import type { AttemptRecord } from '../storage/claims/attempt-recorder.ts';
import type { BreakerStore, HealthChange, HealthResult } from '../storage/gates/breaker-store.ts';
import type { EndpointSwitch } from '../storage/gates/endpoint-switch.ts';
import { RecentSuccesses } from './recent-successes.ts';

export interface HealthWatchDependencies {
  readonly breakers: BreakerStore;
  readonly endpointSwitch: EndpointSwitch;
  /** Has the gate's workflow look after it; what cannot be told now the reconciling loop repeats. */
  readonly wakeGate: (endpointId: string) => Promise<void>;
  readonly logger: Logger;
}

/** Answers whose `Retry-After` is listened to (RFC 9110, RFC 6585). */
const ASK_FOR_TIME: ReadonlySet<number | null> = new Set([429, 503]);

/**
 * Folds what was recorded into the health of endpoints, one group after another, and shuts the gates of those whose
 * breaker opens. While endpoints are well it writes nothing.
 */
export class HealthWatch {
  readonly #means: HealthWatchDependencies;
  readonly #successes = new RecentSuccesses();
  #last: Promise<void> = Promise.resolve();

  constructor(means: HealthWatchDependencies) {
    this.#means = means;
  }

  /** Takes a group in. Never throws: counts that are lost with Postgres are made again by the next failures. */
  readonly take = (records: readonly AttemptRecord[]): void => {
    this.#last = this.#last
      .then(async () => await this.#fold(records))
      .catch((error: unknown) => {
        this.#means.logger.warn(
          { error: String(error) },
          'the health of endpoints could not be written down',
        );
      });
  };

  /** Until all that was taken in is written down. */
  async untilIdle(): Promise<void> {
    await this.#last;
  }

  async #fold(records: readonly AttemptRecord[]): Promise<void> {
    const results = this.#successes.select(
      records.filter(isOfAddress).map(asResult).filter(isAutomatic),
      Date.now(),
    );
    const changes = await this.#means.breakers.fold(results);
    for (const change of changes) await this.#follow(change);
  }

  async #follow({ endpointId, change, breaker, isGivenUp }: HealthChange): Promise<void> {
    const { endpointSwitch, wakeGate, logger } = this.#means;
    if (isGivenUp) await this.#giveUp(endpointId, breaker);
    if (change === null) return;
    breakerTransitions.inc({ to: change });
    const facts = { endpoint_id: endpointId, change, epoch: breaker.epoch, probe_at: breaker.probeAt };
    logger[change === 'closed' ? 'info' : 'warn'](facts, 'breaker');
    if (change === 'opened') await endpointSwitch.shut(endpointId);
    if (change !== 'closed') await wakeGate(endpointId);
  }

  /** Looked at with every result that counts, and an open breaker's probes are never more than a day apart. */
  async #giveUp(endpointId: string, { failingSince }: Breaker): Promise<void> {
    if (failingSince === null) return;
    const since = new Date(failingSince).toISOString();
    this.#means.logger.warn({ endpoint_id: endpointId, failing_since: since }, 'endpoint given up');
    await this.#means.endpointSwitch.disable(endpointId, 'failing', { failingSince });
  }
}

/** What is handed to somebody who listens has no breaker. */
function isOfAddress({ claim }: AttemptRecord): boolean {
  return !isListenerUrl(claim.url);
}

/** What people try says nothing about how the endpoint does. */
function isAutomatic({ trigger }: HealthResult): boolean {
  return trigger === 'automatic';
}

function asResult({ claim, outcome, isNetworkSuspected = false }: AttemptRecord): HealthResult {
  const asks = ASK_FOR_TIME.has(outcome.statusCode);
  return {
    endpointId: claim.endpointId,
    trigger: claim.trigger,
    breakerEpoch: claim.breakerEpoch,
    isFailing: claim.isFailing,
    errorCode: outcome.errorCode,
    isExcused: isNetworkSuspected,
    retryAfterMs: asks ? retryAfterMs(outcome.retryAfter, Date.now()) : null,
  };
}
