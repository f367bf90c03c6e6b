import { createHash, randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { Config } from '../../../config.ts';
import type { Endpoint } from '../../../domain/endpoint.ts';
import { ASK_AGAIN_AFTER_MS, UNVERIFIED, VERIFICATION_EVENT } from '../../../domain/ownership.ts';
import type { Logger } from '../../../logger.ts';
import { type OwnershipCheck, OwnershipChecks } from '../../../storage/endpoints/ownership-checks.ts';
import { Publisher } from '../../../storage/events/publisher.ts';
import { AttemptStore } from '../../../storage/history/attempt-store.ts';
import { DeliveryStore } from '../../../storage/history/delivery-store.ts';
import type { Database } from '../../../storage/postgres/database.ts';
import { type AttemptAnswer, showAttempt } from '../../deliveries/attempt-view.ts';
import { CONFIG, DATABASE, LOGGER } from '../../dependencies.ts';
import type { Caller } from '../../platform/access/caller.ts';
import { Problem } from '../../platform/answers/problem.ts';
import { EndpointTestsService } from '../tests/endpoint-tests.service.ts';

const CHALLENGE_BYTES = 32;

/** The last check of an endpoint with the attempt that it led to. */
export interface SeenCheck {
  readonly check: OwnershipCheck;
  readonly attempt: AttemptAnswer | null;
}

/**
 * Has endpoints show that they answer for their URLs: sends challenges through the real machinery and reads what came
 * of them.
 */
@Injectable()
export class EndpointOwnershipService {
  readonly #publisher: Publisher;
  readonly #checks: OwnershipChecks;
  readonly #deliveries: DeliveryStore;
  readonly #attempts: AttemptStore;
  readonly #tests: EndpointTestsService;
  readonly #database: Database;
  readonly #logger: Logger;
  readonly #soon = new Set<NodeJS.Timeout>();
  /** Whether endpoints need it at all. */
  readonly isAsked: boolean;

  constructor(
    publisher: Publisher,
    checks: OwnershipChecks,
    deliveries: DeliveryStore,
    attempts: AttemptStore,
    tests: EndpointTestsService,
    @Inject(DATABASE) database: Database,
    @Inject(LOGGER) logger: Logger,
    @Inject(CONFIG) config: Config,
  ) {
    this.#publisher = publisher;
    this.#checks = checks;
    this.#deliveries = deliveries;
    this.#attempts = attempts;
    this.#tests = tests;
    this.#database = database;
    this.#logger = logger;
    this.isAsked = config.verifyOwnership;
  }

  /** The same as `begin`, once the answer that shows the endpoint's secret has had the time to arrive. */
  beginSoon(endpoint: Endpoint): void {
    if (endpoint.disabledReason !== UNVERIFIED) return;
    const timer = setTimeout(() => {
      this.#soon.delete(timer);
      void this.begin(endpoint);
    }, this.#database.timing.firstChallengeMs);
    this.#soon.add(timer);
  }

  /** What was to come soon does not come: such endpoints are asked by `verify`. */
  onModuleDestroy(): void {
    for (const timer of this.#soon) clearTimeout(timer);
  }

  /**
   * Sends the first challenge to a URL, if it needs one. Never throws: the endpoint is stored, and can be asked again.
   */
  async begin(endpoint: Endpoint): Promise<void> {
    if (endpoint.disabledReason !== UNVERIFIED) return;
    try {
      await this.#challenge(endpoint);
    } catch (error) {
      this.#logger.warn({ endpoint_id: endpoint.id, error: String(error) }, 'a challenge could not be sent');
    }
  }

  /**
   * Sends another challenge, or waits for the one under way, until it is answered or the endpoint's timeout and ten
   * seconds are over.
   * @throws Problem 409 where there is nothing to verify, 429 right after a check
   */
  async verify(endpoint: Endpoint, caller: Caller): Promise<void> {
    if (endpoint.disabledReason !== UNVERIFIED) {
      const detail = 'This endpoint needs no verification: it is not disabled as unverified.';
      throw new Problem(409, 'nothing_to_verify', { detail });
    }
    const deliveryId = (await this.#challenge(endpoint)) ?? (await this.#underWay(endpoint, caller));
    await this.#tests.await(deliveryId, { caller, endpoint });
  }

  /** The last check of an endpoint; null where there was none. */
  async read(endpoint: Endpoint, caller: Caller): Promise<SeenCheck | null> {
    const before = await this.#checks.read(endpoint.id);
    if (before === null) return null;
    const attempt = await this.#attemptOf(before, caller);
    // The worker commits the check before its attempt, so a check read after the attempt cannot lag behind it.
    const check = (await this.#checks.read(endpoint.id)) ?? before;
    return { check, attempt: check.deliveryId === before.deliveryId ? attempt : null };
  }

  async #attemptOf({ deliveryId }: OwnershipCheck, caller: Caller): Promise<AttemptAnswer | null> {
    const delivery = deliveryId === null ? null : await this.#deliveries.read(deliveryId);
    if (delivery === null) return null;
    const attempt = (await this.#attempts.listOf(delivery.id, { fetchLimit: 1 })).at(0);
    return attempt === undefined ? null : showAttempt(attempt, { delivery, caller });
  }

  /** @returns the id of the delivery; null where a check has begun a moment ago */
  async #challenge({ id, customerId }: Endpoint): Promise<string | null> {
    const challenge = randomBytes(CHALLENGE_BYTES).toString('base64url');
    const challengeHash = createHash('sha256').update(challenge).digest();
    if (!(await this.#checks.begin(id, challengeHash))) return null;
    const { testDeliveryId } = await this.#publisher.publish({
      event: VERIFICATION_EVENT,
      customerId,
      dataText: JSON.stringify({ challenge }),
      optIn: true,
      deliverAt: null,
      idempotency: null,
      test: { endpointId: id },
    });
    if (testDeliveryId === undefined) throw new Error('a challenge has no delivery');
    await this.#checks.noteDelivery(id, challengeHash, testDeliveryId);
    return testDeliveryId;
  }

  async #underWay(endpoint: Endpoint, caller: Caller): Promise<string> {
    const seen = await this.read(endpoint, caller);
    if (seen !== null && seen.attempt === null && seen.check.deliveryId !== null)
      return seen.check.deliveryId;
    const seconds = Math.ceil(ASK_AGAIN_AFTER_MS / 1_000);
    const detail =
      `The endpoint was asked a moment ago, see GET /v1/endpoints/${endpoint.id}/verification; ask ` +
      `again in ${seconds} seconds.`;
    throw new Problem(429, 'verification_too_soon', { detail, headers: { 'Retry-After': String(seconds) } });
  }
}
