import type { Logger } from '../../logger.ts';
import { type UnavailableCode, unavailableCodeOf } from './database-unavailable.ts';

/** Whether the database can be used, as the last look at it said; the log says it once at every change. */
export class DatabaseStanding {
  /** Resolves once the database could be used for the first time. */
  readonly usable: Promise<void>;
  readonly #logger: Logger;
  #tellUsable: () => void = () => {};
  #problem: UnavailableCode | null = null;

  constructor(logger: Logger) {
    this.#logger = logger;
    this.usable = new Promise((resolve) => {
      this.#tellUsable = resolve;
    });
  }

  /** Why it cannot be used; null where it can, or nobody has looked yet. */
  get problem(): UnavailableCode | null {
    return this.#problem;
  }

  /** Takes note of how a look ends. @throws what the look throws */
  async observe(look: Promise<unknown>): Promise<void> {
    try {
      await look;
    } catch (error) {
      this.#setBack(error);
      throw error;
    }
    if (this.#problem !== null) this.#logger.info('DATABASE_URL: the database can be used now');
    this.#problem = null;
    this.#tellUsable();
  }

  #setBack(error: unknown): void {
    const code = unavailableCodeOf(error) ?? 'database_unavailable';
    if (code === this.#problem) return;
    this.#problem = code;
    const reason = error instanceof Error ? error.message : String(error);
    this.#logger.error({ code, reason }, 'DATABASE_URL: the database cannot be used');
  }
}
