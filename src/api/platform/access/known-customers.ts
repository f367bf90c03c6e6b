import { Inject, Injectable } from '@nestjs/common';
import type { Config } from '../../../config.ts';
import { type CustomerLimits, NO_LIMITS } from '../../../domain/customer.ts';
import type { InputProblem } from '../../../domain/errors.ts';
import { CustomerStore } from '../../../storage/customers/customer-store.ts';
import { CONFIG } from '../../dependencies.ts';

/** How long what is known of a customer is believed; other replicas change it meanwhile. */
const CUSTOMER_BELIEVED_MS = 15_000;
const MAX_KNOWN = 20_000;

interface Known {
  readonly until: number;
  readonly limits: CustomerLimits;
}

/** Tells which customers there are and what they may have, from memory where that is fresh. */
@Injectable()
export class KnownCustomers {
  readonly #store: CustomerStore;
  readonly #isStrict: boolean;
  readonly #known = new Map<string, Known>();

  constructor(store: CustomerStore, @Inject(CONFIG) config: Config) {
    this.#store = store;
    this.#isStrict = config.strictCustomers;
  }

  /**
   * Whether something may be made for a customer. One that nobody heard of is noted, or refused where customers are
   * registered first; one that is being erased is refused.
   */
  async admits(customerId: string): Promise<boolean> {
    return await this.#admits(customerId, true);
  }

  async #admits(customerId: string, notes: boolean): Promise<boolean> {
    if (this.#remembered(customerId) !== null) return true;
    const customer = await this.#store.find(customerId);
    if (customer === null && this.#isStrict) return false;
    if (customer !== null && customer.erasingSince !== null) return false;
    if (customer === null && !notes) return true;
    if (customer === null) await this.#store.note(customerId);
    this.#remember(customerId, customer?.limits ?? NO_LIMITS);
    return true;
  }

  /** The same as a fault of a body; none where it is admitted. @param options.notes whether one that is new is noted */
  async problemsOf(
    customerId: string | null | undefined,
    { notes = true }: { readonly notes?: boolean } = {},
  ): Promise<readonly InputProblem[]> {
    if (customerId === null || customerId === undefined || customerId === '') return [];
    if (await this.#admits(customerId, notes)) return [];
    const message = `There is no customer ${JSON.stringify(customerId)}; PUT /v1/customers/{id} registers one.`;
    return [{ pointer: '/customer_id', code: 'unknown_customer', message }];
  }

  /** What a customer may have that differs from the installation. */
  async limitsOf(customerId: string | null): Promise<CustomerLimits> {
    if (customerId === null) return NO_LIMITS;
    const remembered = this.#remembered(customerId);
    if (remembered !== null) return remembered.limits;
    const customer = await this.#store.find(customerId);
    if (customer !== null && customer.erasingSince === null) this.#remember(customerId, customer.limits);
    return customer?.limits ?? NO_LIMITS;
  }

  /** Has this process look again, since it changed the customer. */
  forget(customerId: string): void {
    this.#known.delete(customerId);
  }

  #remembered(customerId: string): Known | null {
    const known = this.#known.get(customerId);
    return known === undefined || known.until < performance.now() ? null : known;
  }

  #remember(customerId: string, limits: CustomerLimits): void {
    if (this.#known.size >= MAX_KNOWN) this.#known.clear();
    this.#known.set(customerId, { until: performance.now() + CUSTOMER_BELIEVED_MS, limits });
  }
}
