const PING_INTERVAL_MS = 1_000;

/**
 * Knows for how long the connection to Postgres has been unbroken. Leases are closed by others only after ten steady
 * seconds, so that after an outage whoever sent records before anybody sends again.
 */
export class ConnectionWatch {
  readonly #ping: () => Promise<void>;
  #steadySince: number | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(ping: () => Promise<void>) {
    this.#ping = ping;
  }

  /** Begins to ping once a second; safe to call again. */
  start(): void {
    if (this.#timer !== null) return;
    this.#timer = setInterval(() => void this.check(), PING_INTERVAL_MS);
    void this.check();
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  /** Pings once and takes note; true where Postgres answered. */
  async check(): Promise<boolean> {
    try {
      await this.#ping();
      this.#steadySince ??= performance.now();
      return true;
    } catch {
      this.reportLoss();
      return false;
    }
  }

  /** To be called by whoever sees a connection break. */
  reportLoss(): void {
    this.#steadySince = null;
  }

  /** Milliseconds since the connection was last found broken or first made; 0 while it is broken. */
  steadyForMs(): number {
    return this.#steadySince === null ? 0 : performance.now() - this.#steadySince;
  }
}
