import { createHash } from 'node:crypto';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import {
  type ApiQuota,
  QUOTA_WINDOW_SECONDS,
  reachedThresholds,
  type ThresholdPercent,
} from '../../../domain/api-quota.ts';
import type { Logger } from '../../../logger.ts';
import { type CountedRequest, RequestCounter } from '../../../storage/access/request-counter.ts';
import { Publisher } from '../../../storage/events/publisher.ts';
import { LOGGER } from '../../dependencies.ts';
import type { Caller } from './caller.ts';

const EVENT = 'api.rate_limit';

/** A counted request and who sent it. */
export interface QuotaFact {
  readonly caller: Extract<Caller, { kind: 'customer' }>;
  readonly counted: CountedRequest;
}

/**
 * Publishes `api.rate_limit` when a customer reaches 80 and 100 percent of a quota. Every replica that notices
 * publishes, and the idempotency key of customer, window and threshold lets one event through.
 */
@Injectable()
export class QuotaAnnouncer implements OnModuleDestroy {
  readonly #publisher: Publisher;
  readonly #counter: RequestCounter;
  readonly #logger: Logger;
  readonly #underWay = new Set<Promise<void>>();
  /** What this replica has announced in the window that began then. */
  #window = { startedAt: 0, announced: new Set<string>() };

  constructor(publisher: Publisher, counter: RequestCounter, @Inject(LOGGER) logger: Logger) {
    this.#publisher = publisher;
    this.#counter = counter;
    this.#logger = logger;
  }

  /** Publishes in the background what this request makes worth telling. */
  consider(quota: ApiQuota, fact: QuotaFact): void {
    this.#turnTo(fact.counted.windowStartedAt.getTime());
    for (const percent of reachedThresholds(quota, fact.counted)) {
      const key = `${fact.caller.customerId}\n${percent}`;
      const { announced } = this.#window;
      if (announced.has(key)) continue;
      announced.add(key);
      this.#inBackground(async () => {
        await this.#publish(quota, { ...fact, percent }).catch((error: unknown) => {
          announced.delete(key);
          throw error;
        });
      });
    }
  }

  /** Lets what was noticed be published before the API closes. */
  async onModuleDestroy(): Promise<void> {
    await Promise.all(this.#underWay);
  }

  #turnTo(startedAt: number): void {
    if (startedAt <= this.#window.startedAt) return;
    this.#window = { startedAt, announced: new Set() };
    this.#inBackground(async () => await this.#counter.forgetOld());
  }

  #inBackground(work: () => Promise<void>): void {
    const done = work()
      .catch((error: unknown) =>
        this.#logger.warn({ error: String(error) }, 'a rate limit was not announced'),
      )
      .finally(() => this.#underWay.delete(done));
    this.#underWay.add(done);
  }

  async #publish(
    quota: ApiQuota,
    { caller, counted, percent }: QuotaFact & { readonly percent: ThresholdPercent },
  ): Promise<void> {
    const { customerId } = caller;
    const startedAt = counted.windowStartedAt.getTime();
    const data = {
      customer_id: customerId,
      limit: quota.limit,
      used: counted.used,
      threshold_percent: percent,
      window_seconds: QUOTA_WINDOW_SECONDS,
      resets_at: new Date(startedAt + QUOTA_WINDOW_SECONDS * 1_000).toISOString(),
      key_id: quota.policy === 'key' ? caller.keyId : null,
    };
    const key = `${startedAt}/${percent}`;
    await this.#publisher.publish({
      event: EVENT,
      customerId,
      dataText: JSON.stringify(data),
      optIn: false,
      deliverAt: null,
      idempotency: {
        // Apart from the keys that the customer itself uses.
        scope: `rate_limit:${customerId}`,
        key,
        requestHash: createHash('sha256').update(key).digest(),
      },
    });
  }
}
