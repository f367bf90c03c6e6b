const PING_INTERVAL_MS = 1_000;
/** Without an answer for so long the connection counts as broken: it hangs, or this process was stopped. */
const LONGEST_SILENCE_MS = 5_000;

interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * Knows for how long the connection to Postgres has been unbroken. Leases are closed by others only after ten steady
 * seconds, so that after an outage whoever sent records before anybody sends again.
 */
export class ConnectionWatch {
  readonly #ping: () => Promise<void>;
  readonly #now: () => number;
  /** From the first to the last answer without a break. */
  #steady: Span | null = null;
  #losses = 0;
  #pinging: Promise<boolean> | null = null;
  #timer: NodeJS.Timeout | null = null;

  /** @param now a clock in milliseconds that is never set back */
  constructor(ping: () => Promise<void>, now: () => number = () => performance.now()) {
    this.#ping = ping;
    this.#now = now;
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

  /** Pings once, or joins the ping under way, and takes note; true where Postgres answered. */
  async check(): Promise<boolean> {
    this.#pinging ??= this.#pingOnce().finally(() => {
      this.#pinging = null;
    });
    return await this.#pinging;
  }

  /** To be called by whoever sees a connection break. */
  reportLoss(): void {
    this.#losses += 1;
    this.#steady = null;
  }

  /** Milliseconds since the connection was last found broken or silent, or first made; 0 while it is either. */
  steadyForMs(): number {
    const now = this.#now();
    return this.#steady === null || this.#isSilent(now) ? 0 : now - this.#steady.from;
  }

  async #pingOnce(): Promise<boolean> {
    const losses = this.#losses;
    try {
      await this.#ping();
    } catch {
      this.reportLoss();
      return false;
    }
    const now = this.#now();
    // A connection that broke during the ping is not made whole by an answer on another.
    if (losses !== this.#losses || this.#steady === null || this.#isSilent(now))
      this.#steady = { from: now, to: now };
    else this.#steady = { from: this.#steady.from, to: now };
    return true;
  }

  #isSilent(now: number): boolean {
    return this.#steady !== null && now - this.#steady.to > LONGEST_SILENCE_MS;
  }
}
