import type { IncomingHttpHeaders } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { Config } from '../../config.ts';
import { DeliveryStore } from '../../storage/history/delivery-store.ts';
import { CONFIG } from '../dependencies.ts';
import type { Caller } from '../platform/access/caller.ts';
import { notFound, Problem } from '../platform/answers/problem.ts';
import type { EchoAnswerQuery } from './echo.dto.ts';
import { type EchoedRequest, EchoMemory } from './echo-memory.ts';

const NAME = /^[\w.-]{1,64}$/;
/** Each waiting answer holds a connection. */
const MAX_ECHO_WAITING = 1_000;

/** Receivers to try deliveries on: they keep what comes and answer as their URL says. */
@Injectable()
export class EchoService implements OnModuleDestroy {
  readonly #isEnabled: boolean;
  readonly #deliveries: DeliveryStore;
  readonly #memory = new EchoMemory();
  readonly #closing = new AbortController();
  #waiting = 0;

  constructor(@Inject(CONFIG) config: Config, deliveries: DeliveryStore) {
    this.#deliveries = deliveries;
    this.#isEnabled = config.echoEnabled;
  }

  /**
   * Keeps the request, waits if told so, and says what to answer.
   * @throws Problem 404 where echo is off, 429 with too many waiting
   */
  async receive(
    name: string,
    request: { readonly headers: IncomingHttpHeaders; readonly body: Buffer },
    answer: EchoAnswerQuery,
  ): Promise<{ readonly status: number; readonly retryAfter: string | null }> {
    this.#require(name);
    const headers = Object.entries(request.headers).map(([key, value]) => [key, String(value)] as const);
    this.#memory.keep(name, {
      receivedAt: new Date(),
      headers: Object.fromEntries(headers),
      body: request.body.toString('utf8'),
    });
    if (answer.delay_ms > 0) await this.#wait(answer.delay_ms);
    const status = statusOf(answer);
    return { status, retryAfter: status >= 300 ? (answer.retry_after ?? null) : null };
  }

  /**
   * Newest first; a customer sees its own deliveries only, whoever else sends to this name.
   * @throws Problem 404 where echo is off
   */
  async list(name: string, caller: Caller): Promise<readonly EchoedRequest[]> {
    this.#require(name);
    const requests = this.#memory.list(name);
    if (caller.kind === 'operator') return requests;
    const ids = requests.map(deliveryIdOf);
    const own = await this.#deliveries.idsOfCustomer(caller.customerId, ids);
    return requests.filter((request) => own.has(deliveryIdOf(request)));
  }

  /** @throws Problem 404 where echo is off */
  clear(name: string): void {
    this.#require(name);
    this.#memory.clear(name);
  }

  /** Lets waiting answers go, so that the server can close. */
  onModuleDestroy(): void {
    this.#closing.abort();
  }

  #require(name: string): void {
    if (!this.#isEnabled || !NAME.test(name)) throw notFound('echo receiver');
  }

  async #wait(delayMs: number): Promise<void> {
    if (this.#waiting >= MAX_ECHO_WAITING) {
      throw new Problem(429, 'too_many_waiting', {
        detail: `${MAX_ECHO_WAITING} answers are waiting already.`,
      });
    }
    this.#waiting += 1;
    try {
      await sleep(delayMs, undefined, { signal: this.#closing.signal });
    } catch {
      throw new Problem(503, 'closing', { detail: 'The server is closing.' });
    } finally {
      this.#waiting -= 1;
    }
  }
}

function deliveryIdOf({ headers }: EchoedRequest): string {
  return headers['webhook-id'] ?? '';
}

function statusOf({ status, fail_ratio: failRatio }: EchoAnswerQuery): number {
  if (failRatio === undefined) return status ?? 200;
  return Math.random() < failRatio ? (status ?? 503) : 200;
}
