import type { AttemptOutcome } from '../domain/attempt.ts';
import {
  failingHosts,
  foldReach,
  isSuspected,
  QUIET_NETWORK,
  reachOf,
  SUSPICION_TIMES,
  type SuspicionTimes,
  suspectedSince,
} from '../domain/network-guard.ts';
import type { Timing } from '../domain/timing.ts';
import type { Logger } from '../logger.ts';
import { networkSuspected } from '../metrics/worker-metrics.ts';
import type { NetworkSuspicions } from '../storage/operator/network-suspicions.ts';

export interface NetworkWatchDependencies {
  readonly suspicions: NetworkSuspicions;
  /** Who suspects: a name that no other process has. */
  readonly worker: string;
  readonly logger: Logger;
  readonly timing: Pick<Timing, 'announceMs'>;
  /** `SUSPICION_TIMES` where absent. */
  readonly times?: SuspicionTimes;
  /** Milliseconds since the epoch; the system's clock where absent. */
  readonly clock?: () => number;
}

/** What an attempt and those before it say about our own network. */
export interface NetworkOpinion {
  /** Whether our own network is suspected now. */
  readonly isSuspected: boolean;
  /** Whether this attempt's failure is therefore not laid to its endpoint. */
  readonly isExcused: boolean;
}

/** Far more hosts than a worker has to know to tell its own network from theirs. */
const MOST_HOSTS_KNOWN = 10_000;

/**
 * Guards one process against taking a fault of its own network for that of all endpoints; says so in the log and in
 * Postgres.
 */
export class NetworkWatch {
  readonly #means: NetworkWatchDependencies;
  readonly #times: SuspicionTimes;
  readonly #clock: () => number;
  #guard = QUIET_NETWORK;
  #isReported = false;
  /** Hosts that this process has reached, those of longest ago first. */
  readonly #known = new Set<string>();
  #last: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | null = null;

  constructor(means: NetworkWatchDependencies) {
    this.#means = means;
    this.#times = means.times ?? SUSPICION_TIMES;
    this.#clock = means.clock ?? Date.now;
  }

  /** Begins to report what it thinks, while that is not simply that all is well. */
  start(): void {
    this.#timer = setInterval(() => this.#report(), this.#means.timing.announceMs).unref();
  }

  /**
   * Takes in whom an attempt reached. A host that never was says nothing about our network: customers who never got it
   * right must not have the failures of others excused.
   */
  readonly note = (url: string, outcome: AttemptOutcome): NetworkOpinion => {
    const isReached = reachOf(outcome);
    if (isReached !== null) this.#fold(new URL(url).host, isReached);
    const isSuspected = this.#isSuspected();
    if (isSuspected !== this.#isReported) this.#report();
    return { isSuspected, isExcused: isSuspected && isReached === false };
  };

  /** Ends the reports, and waits for the one under way. */
  async close(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    if (this.#isReported) this.#write(null);
    await this.untilIdle();
  }

  /** Until what was reported is written down, or could not be. */
  async untilIdle(): Promise<void> {
    await this.#last;
  }

  #fold(host: string, isReached: boolean): void {
    if (isReached) this.#remember(host);
    else if (!this.#known.has(host)) return;
    this.#guard = foldReach(this.#guard, { host, isReached, at: this.#clock() });
  }

  #remember(host: string): void {
    if (this.#known.has(host)) return;
    this.#known.add(host);
    const [oldest] = this.#known;
    if (this.#known.size > MOST_HOSTS_KNOWN && oldest !== undefined) this.#known.delete(oldest);
  }

  #isSuspected(): boolean {
    return isSuspected(this.#guard, this.#clock(), this.#times);
  }

  #report(): void {
    const since = suspectedSince(this.#guard, this.#times);
    const isSuspected = since !== null && this.#isSuspected();
    if (isSuspected !== this.#isReported) this.#log(isSuspected, since);
    else if (!isSuspected) return;
    this.#isReported = isSuspected;
    networkSuspected.set(isSuspected ? 1 : 0);
    this.#write(isSuspected ? since : null);
  }

  #write(since: number | null): void {
    const { suspicions, worker, logger } = this.#means;
    const write = async (): Promise<void> =>
      since === null ? await suspicions.clear(worker) : await suspicions.note(worker, new Date(since));
    this.#last = this.#last.then(write).catch((error: unknown) => {
      logger.debug({ error: String(error) }, 'what is thought of our own network could not be written down');
    });
  }

  #log(isSuspected: boolean, since: number | null): void {
    const { logger } = this.#means;
    if (!isSuspected) {
      const message = 'our own network is not suspected any more; failures count against endpoints again';
      logger.warn({ failing_hosts: failingHosts(this.#guard, this.#clock()) }, message);
      return;
    }
    const facts = {
      hosts: this.#guard.hosts.map(({ host }) => host),
      since: since === null ? null : new Date(since).toISOString(),
    };
    logger.warn(
      facts,
      'our own network is suspected: many hosts fail and none is reached; nothing is held against endpoints',
    );
  }
}
