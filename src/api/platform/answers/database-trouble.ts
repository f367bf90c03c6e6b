import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from '../../../logger.ts';
import { LOGGER } from '../../dependencies.ts';
import type { Problem } from './problem.ts';

/** After so long without another refusal for the same reason it is over. */
const QUIET_MS = 10_000;

interface Trouble {
  readonly reason: string;
  readonly since: number;
  refused: number;
  readonly over: NodeJS.Timeout;
}

/** Tells operators why Postgres has requests refused: once when it begins, and once when it is over. */
@Injectable()
export class DatabaseTrouble {
  readonly #logger: Logger;
  readonly #troubles = new Map<string, Trouble>();

  constructor(@Inject(LOGGER) logger: Logger) {
    this.#logger = logger;
  }

  /** Whether a request was refused for it in the last ten seconds. */
  get isPresent(): boolean {
    return this.#troubles.size > 0;
  }

  /**
   * Takes note of a problem that is about to be answered; those that Postgres has nothing to do with are none of its
   * business.
   */
  note(problem: Pick<Problem, 'code' | 'cause'>): void {
    if (!isOfDatabase(problem)) return;
    const reason = causeText(problem.cause);
    const known = this.#troubles.get(reason);
    if (known === undefined) {
      this.#begin(reason, problem.code);
    } else {
      known.refused += 1;
      known.over.refresh();
    }
  }

  onModuleDestroy(): void {
    for (const { over } of this.#troubles.values()) clearTimeout(over);
  }

  #begin(reason: string, code: string): void {
    const over = setTimeout(() => this.#end(reason), QUIET_MS).unref();
    this.#troubles.set(reason, { reason, since: Date.now(), refused: 1, over });
    this.#logger.warn({ code, reason }, 'requests are refused because of the database');
  }

  #end(reason: string): void {
    const trouble = this.#troubles.get(reason);
    if (trouble === undefined) return;
    this.#troubles.delete(reason);
    const { refused, since } = trouble;
    const facts = { reason, refused, for_ms: Date.now() - since - QUIET_MS };
    this.#logger.info(facts, 'no request is refused for this reason any more');
  }
}

/** Whether Postgres is why a request is refused. */
export function isOfDatabase({ code }: Pick<Problem, 'code'>): boolean {
  return code === 'database_unavailable' || code === 'database_busy';
}

/** What Postgres, or the socket to it, said, with its code: `53300: sorry, too many clients already`. */
export function causeText(cause: unknown): string {
  if (typeof cause !== 'object' || cause === null) return String(cause);
  const code = 'code' in cause && typeof cause.code === 'string' ? `${cause.code}: ` : '';
  const behind = 'cause' in cause && cause.cause !== undefined && code === '' ? cause.cause : null;
  if (behind !== null) return causeText(behind);
  return code + ('message' in cause ? String(cause.message) : '');
}
