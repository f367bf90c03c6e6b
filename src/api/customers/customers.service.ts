import { Injectable } from '@nestjs/common';
import type { Customer } from '../../domain/customer.ts';
import { DomainError } from '../../domain/errors.ts';
import { ApiKeyStore } from '../../storage/access/api-key-store.ts';
import {
  type CustomerHoldings,
  CustomerStore,
  type ListedCustomer,
} from '../../storage/customers/customer-store.ts';
import { type Caller, customerScope, maySee } from '../platform/access/caller.ts';
import { KnownCustomers } from '../platform/access/known-customers.ts';
import { type Page, Pager } from '../platform/answers/paging.ts';
import { notFound } from '../platform/answers/problem.ts';
import { type CustomerBody, type CustomerListQuery, readFacts } from './customers.dto.ts';

/** Registers, reads and erases customers. */
@Injectable()
export class CustomersService {
  readonly #store: CustomerStore;
  readonly #keys: ApiKeyStore;
  readonly #known: KnownCustomers;
  readonly #pager: Pager;

  constructor(store: CustomerStore, keys: ApiKeyStore, known: KnownCustomers, pager: Pager) {
    this.#store = store;
    this.#keys = keys;
    this.#known = known;
    this.#pager = pager;
  }

  async list(
    query: CustomerListQuery,
    caller: Caller,
  ): Promise<{ readonly page: Page; readonly rows: readonly ListedCustomer[] }> {
    const id = customerScope(caller, query.id);
    const page = this.#pager.open({ list: 'customers', caller, filters: { id } }, query);
    return { page, rows: await this.#store.list(id, page) };
  }

  /** @throws Problem 404, also for another customer */
  async read(
    id: string,
    caller: Caller,
  ): Promise<{ readonly customer: Customer; readonly holdings: CustomerHoldings }> {
    if (!maySee(caller, id)) throw notFound('customer');
    const customer = await this.#store.find(id);
    if (customer === null) throw notFound('customer');
    return { customer, holdings: await this.#store.holdingsOf(id) };
  }

  /** Safe to repeat. @throws DomainError `conflict` while the customer is being erased */
  async put(
    id: string,
    body: CustomerBody,
  ): Promise<{ readonly customer: Customer; readonly isNew: boolean }> {
    const put = await this.#store.put(id, readFacts(body));
    this.#known.forget(id);
    if (put !== null) return put;
    const message = 'Everything of this customer is being erased; wait until that is done.';
    throw new DomainError('conflict', 'customer_erasing', { message });
  }

  /** Decides that everything of a customer is erased; safe to repeat. @throws Problem 404 */
  async erase(id: string): Promise<Customer> {
    const customer = await this.#store.beginErasing(id);
    this.#known.forget(id);
    if (customer === null) throw notFound('customer');
    await this.#keys.revokeAllOf(id);
    return customer;
  }
}
