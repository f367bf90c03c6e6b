import { Injectable } from '@nestjs/common';
import { newId } from '../../new-id.ts';
import { AttemptStore } from '../../storage/history/attempt-store.ts';
import { DeliveryStore, type DeliveryWithData } from '../../storage/history/delivery-store.ts';
import { DeliveryActions } from '../../storage/open/delivery-actions.ts';
import { DeliveryRuns } from '../../temporal/delivery-runs.ts';
import { type Caller, maySee } from '../platform/access/caller.ts';
import { notFound } from '../platform/answers/problem.ts';
import { type AttemptAnswer, showAttempt } from './attempt-view.ts';

/** Reads deliveries on behalf of a caller, and carries out what people ask of them. */
@Injectable()
export class DeliveriesService {
  readonly #deliveries: DeliveryStore;
  readonly #attempts: AttemptStore;
  readonly #actions: DeliveryActions;
  readonly #runs: DeliveryRuns;

  constructor(
    deliveries: DeliveryStore,
    attempts: AttemptStore,
    actions: DeliveryActions,
    runs: DeliveryRuns,
  ) {
    this.#deliveries = deliveries;
    this.#attempts = attempts;
    this.#actions = actions;
    this.#runs = runs;
  }

  /** @throws Problem 404 where there is no such delivery or the caller may not see it */
  async read(id: string, caller: Caller): Promise<DeliveryWithData> {
    const delivery = await this.#deliveries.read(id);
    if (delivery === null || !maySee(caller, delivery.customerId)) throw notFound('delivery');
    return delivery;
  }

  /** The attempts of a delivery that the caller may see, the first one first. */
  async attemptsOf(delivery: DeliveryWithData, caller: Caller): Promise<AttemptAnswer[]> {
    const attempts = await this.#attempts.listOf(delivery.id);
    return attempts.map((attempt) => showAttempt(attempt, { delivery, caller }));
  }

  /** Has a delivery sent once more, now. @throws Problem 404, DomainError `conflict` where it cannot be */
  async retry(id: string, caller: Caller): Promise<DeliveryWithData> {
    await this.read(id, caller);
    const marked = await this.#actions.markRetry(id, newId('att'));
    await this.#runs.signalRetry(marked);
    return this.read(id, caller);
  }

  /** Cancels an open delivery; again is fine. @throws Problem 404, DomainError `conflict` where it ended otherwise */
  async cancel(id: string, caller: Caller): Promise<DeliveryWithData> {
    await this.read(id, caller);
    await this.#actions.cancel(id);
    await this.#runs.cancel(id);
    return this.read(id, caller);
  }
}
