import { setTimeout as sleep } from 'node:timers/promises';

/** For how much of the time a load balancer may still use its connections as before. */
const SHARE_AS_BEFORE = 0.8;

/**
 * How a process leaves rotation without a refused request: first it says that it is not ready while it answers as
 * before, then its answers end their connections, and only then the server closes.
 */
export class Departure {
  #isAnnounced = false;
  #endsConnections = false;

  /** Whether load balancers are to send nothing more. */
  get isAnnounced(): boolean {
    return this.#isAnnounced;
  }

  /** Whether each answer is the last of its connection. */
  get endsConnections(): boolean {
    return this.#endsConnections;
  }

  /** Resolves once load balancers had this long to notice. */
  async begin(delayMs: number): Promise<void> {
    this.#isAnnounced = true;
    await sleep(delayMs * SHARE_AS_BEFORE);
    this.#endsConnections = true;
    await sleep(delayMs * (1 - SHARE_AS_BEFORE));
  }
}
