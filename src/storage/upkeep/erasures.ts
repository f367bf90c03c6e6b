import type { PoolClient } from 'pg';
import type { CustomerStore } from '../customers/customer-store.ts';
import type { EndpointRemoval } from '../gates/endpoint-removal.ts';
import { ERASE_ANSWER } from '../open/transitions/ends.ts';
import { type Database, inTransaction } from '../postgres/database.ts';
import { ERASE_FURTHER, eraseEvents } from './erase-events.ts';

const EVENTS_PER_STEP = 200;
const REMOVALS_PER_STEP = 10;
/** So long after the decision nothing is accepted for the customer, and what was being sent has its answer. */
const SETTLED_AFTER = "interval '3 minutes'";

/**
 * Erases for good what events carried and what receivers answered, and all that is a customer's. What says that there
 * was an event or delivery stays as long as others do.
 */
export class Erasures {
  readonly #database: Database;
  readonly #customers: CustomerStore;
  readonly #removal: EndpointRemoval;

  constructor(
    database: Database,
    { customers, removal }: { readonly customers: CustomerStore; readonly removal: EndpointRemoval },
  ) {
    this.#database = database;
    this.#customers = customers;
    this.#removal = removal;
  }

  /**
   * Erases one event, and cancels what waits of it. @returns the ids of what was cancelled; null, and nothing is done,
   * while a delivery of it is being sent
   */
  async eraseEvent(id: string): Promise<readonly string[] | null> {
    return await inTransaction(this.#database.pool, async (client) => {
      const deliveries = await lockDeliveries(client, [id]);
      if (deliveries.some(({ isSending }) => isSending)) return null;
      return await eraseEvents(
        client,
        [id],
        deliveries.map((delivery) => delivery.id),
      );
    });
  }

  /**
   * One chunk of a customer of which there is something to erase now, the one that has waited longest first. Runs of
   * what it cancels find out by themselves.
   * @returns whether there may be more to do at once
   */
  async step(): Promise<boolean> {
    for (const id of await this.#customers.listErasing()) if (await this.#stepOf(id)) return true;
    return false;
  }

  async #stepOf(customerId: string): Promise<boolean> {
    const endpoints = await this.#removeEndpoints(customerId);
    const events = await this.#eraseEvents(customerId);
    return endpoints + events > 0 || (await this.#finish(customerId));
  }

  async #removeEndpoints(customerId: string): Promise<number> {
    const { rows } = await this.#database.pool.query<{ id: string }>(
      `SELECT id FROM endpoints WHERE customer_id = $1 AND deleted_at IS NULL ORDER BY id LIMIT ${REMOVALS_PER_STEP}`,
      [customerId],
    );
    for (const { id } of rows) await this.#removal.remove(id);
    return rows.length;
  }

  /** What is being sent at this moment is left for later. */
  async #eraseEvents(customerId: string): Promise<number> {
    return await inTransaction(this.#database.pool, async (client) => {
      const { rows } = await client.query<{ id: string }>(NEXT_EVENTS_SQL, [customerId]);
      const ids = rows.map(({ id }) => id);
      if (ids.length === 0) return 0;
      const deliveries = await lockDeliveries(client, ids);
      // What began to be sent since it was looked at has its answer erased at the end.
      const still = deliveries.filter(({ isSending }) => !isSending).map(({ id }) => id);
      await eraseEvents(client, ids, still);
      return ids.length;
    });
  }

  /** @returns whether the customer is gone, so that another one's turn has come */
  async #finish(customerId: string): Promise<boolean> {
    const { rows } = await this.#database.pool.query<{ isSettled: boolean }>(IS_SETTLED_SQL, [customerId]);
    if (rows[0]?.isSettled !== true) return false;
    await this.#database.pool.query(ERASE_LATE_ANSWERS_SQL, [customerId]);
    await this.#database.pool.query(FORGET_SQL, [customerId]);
    await this.#customers.forget(customerId);
    return true;
  }
}

interface LockedDelivery {
  readonly id: string;
  readonly isSending: boolean;
}

async function lockDeliveries(
  client: PoolClient,
  eventIds: readonly string[],
): Promise<readonly LockedDelivery[]> {
  const { rows: ids } = await client.query<{ id: string }>(LOCK_EVENTS_SQL, [eventIds]);
  const all = ids.map(({ id }) => id);
  const { rows } = await client.query<LockedDelivery>(LOCK_OPEN_SQL, [all]);
  const open = new Map(rows.map((row) => [row.id, row]));
  return all.map((id) => open.get(id) ?? { id, isSending: false });
}

/** Whoever sends one of them again at this moment waits, and finds it erased. */
const LOCK_EVENTS_SQL = `
  SELECT unnest(delivery_ids) AS id FROM (
    SELECT delivery_ids FROM events WHERE id = ANY ($1) ORDER BY id FOR UPDATE) AS locked`;

const NEXT_EVENTS_SQL = `
  SELECT e.id FROM events e
  WHERE e.customer_id = $1 AND e.erased_at IS NULL
    AND NOT EXISTS (SELECT FROM open_deliveries d WHERE d.id = ANY (e.delivery_ids) AND d.status = 'sending')
  ORDER BY e.id LIMIT ${EVENTS_PER_STEP} FOR UPDATE`;

const LOCK_OPEN_SQL = `
  SELECT id, status = 'sending' AS "isSending" FROM open_deliveries WHERE id = ANY ($1) ORDER BY id FOR UPDATE`;

/** Answers to what was being sent when its endpoint was deleted. */
const IS_LATE = `endpoint_id IN (SELECT id FROM endpoints WHERE customer_id = $1)
    AND started_at > (SELECT erasing_since FROM customers WHERE id = $1) - ${SETTLED_AFTER}`;

const ERASE_LATE_ANSWERS_SQL = `
  WITH further AS (${ERASE_FURTHER} WHERE ${IS_LATE})
  ${ERASE_ANSWER} WHERE ${IS_LATE}`;

const IS_SETTLED_SQL = `
  SELECT erasing_since < now() - ${SETTLED_AFTER}
    AND NOT EXISTS (SELECT FROM events WHERE customer_id = $1 AND erased_at IS NULL) AS "isSettled"
  FROM customers WHERE id = $1`;

/**
 * What people wrote at endpoints and what these were before, what was answered to repeated requests, and links to the
 * portal.
 */
const FORGET_SQL = `
  WITH texts AS (
    UPDATE endpoints SET description = '', metadata = '{}', uid = NULL WHERE customer_id = $1),
  versions AS (DELETE FROM endpoint_versions WHERE customer_id = $1),
  links AS (DELETE FROM sessions WHERE customer_id = $1)
  DELETE FROM remembered_answers WHERE starts_with(scope, 'customer:' || $1 || ' ')`;
