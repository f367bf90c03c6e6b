/** Sessions kept at most; one is 2–5 KiB, so that all of them stay within some 10 MiB. */
const MAX_SESSIONS = 2_000;

/** TLS sessions by origin for cheap reconnects; the one unused for longest goes first. */
export class TlsSessions {
  readonly #sessions = new Map<string, Buffer>();

  get(origin: string): Buffer | undefined {
    const session = this.#sessions.get(origin);
    if (session !== undefined) this.set(origin, session);
    return session;
  }

  set(origin: string, session: Buffer): void {
    this.#sessions.delete(origin);
    this.#sessions.set(origin, session);
    if (this.#sessions.size <= MAX_SESSIONS) return;
    for (const oldest of this.#sessions.keys()) {
      this.#sessions.delete(oldest);
      return;
    }
  }

  delete(origin: string): void {
    this.#sessions.delete(origin);
  }
}
