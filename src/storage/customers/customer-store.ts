import type { Customer, CustomerFacts } from '../../domain/customer.ts';
import { newId } from '../../new-id.ts';
import { allOf } from '../postgres/conditions.ts';
import type { Database } from '../postgres/database.ts';
import type { PageBounds } from '../postgres/page.ts';

/** A customer in a list; `ref` sorts by when they were noted. */
export interface ListedCustomer {
  readonly ref: string;
  readonly customer: Customer;
}

/** How much a customer has. */
export interface CustomerHoldings {
  readonly endpoints: number;
  /** Neither revoked nor expired. */
  readonly apiKeys: number;
}

/** Customers in Postgres. */
export class CustomerStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Notes that there is such a customer; one that is known stays as it is. */
  async note(id: string): Promise<void> {
    await this.#database.pool.query(
      'INSERT INTO customers (id, ref) VALUES ($1, $2) ON CONFLICT DO NOTHING',
      [id, newId('cus')],
    );
  }

  /** Makes a customer what is said of it. @returns null while it is being erased */
  async put(
    id: string,
    { name, metadata, limits }: CustomerFacts,
  ): Promise<{ readonly customer: Customer; readonly isNew: boolean } | null> {
    const { rows } = await this.#database.pool.query<Customer & { isNew: boolean }>(
      `INSERT INTO customers AS c (id, ref, name, metadata, limits) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (id) DO UPDATE SET name = excluded.name, metadata = excluded.metadata, limits = excluded.limits,
         updated_at = now() WHERE c.erasing_since IS NULL
       RETURNING ${COLUMNS}, ref = $2 AS "isNew"`,
      [id, newId('cus'), name, JSON.stringify(metadata), JSON.stringify(limits)],
    );
    const [row] = rows;
    if (row === undefined) return null;
    const { isNew, ...customer } = row;
    return { customer, isNew };
  }

  /** One customer, also while it is being erased; null where none is known by this id. */
  async find(id: string): Promise<Customer | null> {
    const { rows } = await this.#database.pool.query<Customer>(
      `SELECT ${COLUMNS} FROM customers WHERE id = $1`,
      [id],
    );
    return rows[0] ?? null;
  }

  /** Newest first; of one id where that is given. */
  async list(id: string | undefined, page: PageBounds): Promise<readonly ListedCustomer[]> {
    const { text, values } = allOf([
      ['id = $', id],
      ['ref < $', page.beforeId ?? undefined],
    ]);
    const { rows } = await this.#database.reads.query<Customer & { ref: string }>(
      `SELECT ${COLUMNS}, ref FROM customers WHERE ${text} ORDER BY ref DESC LIMIT ${page.fetchLimit}`,
      [...values],
    );
    return rows.map(({ ref, ...customer }) => ({ ref, customer }));
  }

  /** What a customer has now. */
  async holdingsOf(id: string): Promise<CustomerHoldings> {
    const { rows } = await this.#database.reads.query<CustomerHoldings>(
      `SELECT (SELECT count(*)::integer FROM endpoints WHERE customer_id = $1 AND deleted_at IS NULL) AS endpoints,
         (SELECT count(*)::integer FROM api_keys WHERE customer_id = $1 AND revoked_at IS NULL
            AND (expires_at IS NULL OR expires_at > now())) AS "apiKeys"`,
      [id],
    );
    return rows[0] ?? { endpoints: 0, apiKeys: 0 };
  }

  /** Decides that everything of a customer is erased; safe to repeat. Null where none is known by this id. */
  async beginErasing(id: string): Promise<Customer | null> {
    const { rows } = await this.#database.pool.query<Customer>(
      `UPDATE customers SET erasing_since = coalesce(erasing_since, now()), name = '', metadata = '{}',
        updated_at = now()
       WHERE id = $1 RETURNING ${COLUMNS}`,
      [id],
    );
    return rows[0] ?? null;
  }

  /** Those that are being erased, the one that has waited longest first. */
  async listErasing(): Promise<readonly string[]> {
    const { rows } = await this.#database.pool.query<{ id: string }>(
      'SELECT id FROM customers WHERE erasing_since IS NOT NULL ORDER BY erasing_since LIMIT 100',
    );
    return rows.map(({ id }) => id);
  }

  /** Forgets a customer whose erasing is done. */
  async forget(id: string): Promise<void> {
    await this.#database.pool.query('DELETE FROM customers WHERE id = $1 AND erasing_since IS NOT NULL', [
      id,
    ]);
  }
}

const COLUMNS = `id, name, metadata, jsonb_build_object('maxEndpoints', limits -> 'maxEndpoints',
  'maxKeys', limits -> 'maxKeys', 'requestsPerMinute', limits -> 'requestsPerMinute') AS limits,
  erasing_since AS "erasingSince", created_at AS "createdAt", updated_at AS "updatedAt"`;
