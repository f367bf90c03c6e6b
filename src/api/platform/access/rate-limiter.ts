import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Config } from '../../../config.ts';
import {
  type ApiQuota,
  describeQuotas,
  isBeyond,
  QUOTA_WINDOW_SECONDS,
  type QuotaUse,
  secondsLeft,
} from '../../../domain/api-quota.ts';
import { RequestCounter } from '../../../storage/access/request-counter.ts';
import { CONFIG } from '../../dependencies.ts';
import { Problem } from '../answers/problem.ts';
import type { Caller } from './caller.ts';
import { KnownCustomers } from './known-customers.ts';
import { QuotaAnnouncer } from './quota-announcer.ts';

type Customer = Extract<Caller, { kind: 'customer' }>;

interface Exhausted {
  readonly until: number;
  readonly used: number;
}

/** Holds customers' keys to the quotas of the configuration, over all replicas together. The operator has none. */
@Injectable()
export class RateLimiter {
  readonly #config: Pick<Config, 'rateLimitPerKey' | 'rateLimitPerCustomer'>;
  readonly #known: KnownCustomers;
  readonly #counter: RequestCounter;
  readonly #announcer: QuotaAnnouncer;
  /** By subject, on the monotonic clock: what needs no counting until its window ends. */
  readonly #exhausted = new Map<string, Exhausted>();

  constructor(
    @Inject(CONFIG) config: Config,
    known: KnownCustomers,
    counter: RequestCounter,
    announcer: QuotaAnnouncer,
  ) {
    this.#config = config;
    this.#known = known;
    this.#counter = counter;
    this.#announcer = announcer;
  }

  /**
   * Counts a request and tells its caller by headers where the quotas stand. What one quota refuses is not counted by
   * the next.
   * @throws Problem 429 beyond a quota
   */
  async admit(caller: Caller, reply: FastifyReply): Promise<void> {
    if (caller.kind === 'operator') return;
    const uses: { quota: ApiQuota; use: QuotaUse }[] = [];
    for (const quota of await this.#quotasOf(caller.customerId)) {
      const use = await this.#use(quota, caller);
      uses.push({ quota, use });
      void reply.headers(describeQuotas(uses));
      if (isBeyond(quota, use)) throw tooMany(quota, use);
    }
  }

  /** Those of the installation, unless the customer has its own. */
  async #quotasOf(customerId: string): Promise<readonly ApiQuota[]> {
    const { rateLimitPerKey, rateLimitPerCustomer } = this.#config;
    const { requestsPerMinute } = await this.#known.limitsOf(customerId);
    const quotas: readonly ApiQuota[] = [
      { policy: 'key', limit: rateLimitPerKey },
      { policy: 'customer', limit: requestsPerMinute ?? rateLimitPerCustomer },
    ];
    return quotas.filter(({ limit }) => limit > 0);
  }

  async #use(quota: ApiQuota, caller: Customer): Promise<QuotaUse> {
    const subject = subjectOf(quota, caller);
    const known = this.#knownExhausted(subject);
    if (known !== null) return known;
    const counted = await this.#counter.count(subject);
    this.#announcer.consider(quota, { caller, counted });
    if (isBeyond(quota, counted)) {
      this.#exhausted.set(subject, {
        until: performance.now() + counted.resetsInMs,
        used: counted.used,
      });
    }
    return counted;
  }

  #knownExhausted(subject: string): QuotaUse | null {
    const known = this.#exhausted.get(subject);
    if (known === undefined) return null;
    const resetsInMs = known.until - performance.now();
    if (resetsInMs > 0) return { used: known.used, resetsInMs };
    // All windows end together, so whatever stood here is over.
    this.#exhausted.clear();
    return null;
  }
}

function subjectOf({ policy }: ApiQuota, { keyId, customerId }: Customer): string {
  return policy === 'key' ? `key:${keyId}` : `customer:${customerId}`;
}

function tooMany({ policy, limit }: ApiQuota, use: QuotaUse): Problem {
  const whose = policy === 'key' ? 'This key' : 'This customer, all its keys together,';
  const seconds = secondsLeft(use);
  return new Problem(429, 'rate_limited', {
    detail: `${whose} may send ${limit} requests in ${QUOTA_WINDOW_SECONDS} seconds; go on in ${seconds}.`,
    headers: { 'Retry-After': String(seconds) },
  });
}
