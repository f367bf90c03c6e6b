import { Injectable } from '@nestjs/common';
import { DomainError } from '../../domain/errors.ts';
import { newId } from '../../new-id.ts';
import { AttemptStore, type RecordedAttempt } from '../../storage/history/attempt-store.ts';
import { DeliveryStore, type DeliveryWithData } from '../../storage/history/delivery-store.ts';
import { DeliveryActions } from '../../storage/open/delivery-actions.ts';
import { DeliveryRuns } from '../../temporal/delivery-runs.ts';
import { SensitiveData } from '../event-types/sensitive-data.ts';
import { type Caller, maySee } from '../platform/access/caller.ts';
import { Pager, takeWhatFits } from '../platform/answers/paging.ts';
import { notFound } from '../platform/answers/problem.ts';
import { type AttemptAnswer, showAttempt, showAttempts } from './attempt-view.ts';
import type { AttemptQuery } from './delivery.dto.ts';

/** Of a delivery that is read alone; what came before, `GET …/attempts` tells. */
const MAX_SHOWN_ATTEMPTS = 20;

/** Reads deliveries on behalf of a caller, and carries out what people ask of them. */
@Injectable()
export class DeliveriesService {
  readonly #deliveries: DeliveryStore;
  readonly #attempts: AttemptStore;
  readonly #actions: DeliveryActions;
  readonly #runs: DeliveryRuns;
  readonly #pager: Pager;
  readonly #sensitive: SensitiveData;

  constructor(
    deliveries: DeliveryStore,
    attempts: AttemptStore,
    actions: DeliveryActions,
    runs: DeliveryRuns,
    pager: Pager,
    sensitive: SensitiveData,
  ) {
    this.#deliveries = deliveries;
    this.#attempts = attempts;
    this.#actions = actions;
    this.#runs = runs;
    this.#pager = pager;
    this.#sensitive = sensitive;
  }

  /** @throws Problem 404 where there is no such delivery or the caller may not see it */
  async read(id: string, caller: Caller): Promise<DeliveryWithData> {
    const delivery = await this.#deliveries.read(id);
    if (delivery === null || !maySee(caller, delivery.customerId)) throw notFound('delivery');
    return delivery;
  }

  /** The newest attempts of a delivery that the caller may see, the first of them first. */
  async attemptsOf(delivery: DeliveryWithData, caller: Caller): Promise<AttemptAnswer[]> {
    const attempts = await this.#list(delivery.id, { fetchLimit: MAX_SHOWN_ATTEMPTS });
    const shown = showAttempts(attempts, { delivery: await this.#sensitive.hide(delivery), caller });
    return takeWhatFits(shown.map((attempt) => () => attempt)).reverse();
  }

  /** A page of the attempts, the newest one first. @throws Problem 404, 422 for a cursor that is not of this list */
  async attemptPage(
    id: string,
    { query, caller }: { readonly query: AttemptQuery; readonly caller: Caller },
  ): Promise<{ items: AttemptAnswer[]; next_cursor: string | null }> {
    const delivery = await this.read(id, caller);
    const page = this.#pager.open({ list: 'attempts', caller, filters: { id } }, query);
    const beforeNumber = page.beforeId === null ? null : Number(page.beforeId);
    const attempts = await this.#list(id, { fetchLimit: page.fetchLimit, beforeNumber });
    const shown = showAttempts(attempts, { delivery: await this.#sensitive.hide(delivery), caller });
    return page.answer(
      shown.map((attempt) => ({ id: String(attempt.number), attempt })),
      ({ attempt }) => attempt,
    );
  }

  /** One attempt with its bodies. @throws Problem 404 */
  async attempt(
    id: string,
    { number, caller }: { readonly number: number; readonly caller: Caller },
  ): Promise<AttemptAnswer> {
    const delivery = await this.read(id, caller);
    const [attempt] = await this.#list(id, { fetchLimit: 1, beforeNumber: number + 1 });
    if (attempt === undefined || attempt.number !== number) throw notFound('attempt');
    return showAttempt(attempt, { delivery: await this.#sensitive.hide(delivery), caller });
  }

  /** Without what is sensitive in the events of batches. */
  async #list(id: string, which: Parameters<AttemptStore['listOf']>[1]): Promise<readonly RecordedAttempt[]> {
    const attempts = await this.#attempts.listOf(id, which);
    return await Promise.all(
      attempts.map(async ({ batchEntries, ...attempt }) => ({
        ...attempt,
        batchEntries: batchEntries === null ? null : await this.#sensitive.hideEach(batchEntries),
      })),
    );
  }

  /** Has a delivery sent once more, now. @throws Problem 404, DomainError `conflict` where it cannot be */
  async retry(id: string, caller: Caller): Promise<DeliveryWithData> {
    const { isErased } = await this.read(id, caller);
    if (isErased) throw eventErased();
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

function eventErased(): DomainError {
  const message = 'What the event carried is erased for good, so that it cannot be sent again.';
  return new DomainError('conflict', 'event_erased', { message });
}
