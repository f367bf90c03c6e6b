import type { PoolClient } from 'pg';
import type { Database } from '../postgres/database.ts';
import { withDispatchShared } from '../postgres/locks.ts';
import type { TellableDeliveries } from './draft-delivery.ts';
import { insertFurther } from './further-deliveries.ts';

/** What sending an event to one more endpoint led to. */
export type SentEvent =
  | { readonly kind: 'sent'; readonly deliveryId: string; readonly told: TellableDeliveries }
  /** Why it was not: the event is gone or erased, or the endpoint is gone or disabled. */
  | { readonly kind: 'event_gone' | 'event_erased' | 'endpoint_gone' | 'endpoint_disabled' };

interface LockedEvent {
  readonly id: string;
  readonly event: string;
  readonly customerId: string | null;
  readonly isErased: boolean;
}

/** Sends events that were accepted before to endpoints, whatever these subscribe to. */
export class EventSender {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Makes one more delivery of an event. Whoever calls tells of it. */
  async send(eventId: string, endpointId: string): Promise<SentEvent> {
    return await withDispatchShared(
      this.#database,
      async (client) => await sendTo(client, eventId, endpointId),
    );
  }
}

async function sendTo(client: PoolClient, eventId: string, endpointId: string): Promise<SentEvent> {
  const { rows } = await client.query<LockedEvent>(LOCK_EVENT_SQL, [eventId]);
  const [event] = rows;
  if (event === undefined) return { kind: 'event_gone' };
  if (event.isErased) return { kind: 'event_erased' };
  const { deliveries, told } = await insertFurther(client, [{ event, endpointId }]);
  const [delivery] = deliveries;
  if (delivery === undefined) return { kind: 'endpoint_gone' };
  if (delivery.status === 'skipped') return { kind: 'endpoint_disabled' };
  return { kind: 'sent', deliveryId: delivery.id, told };
}

const LOCK_EVENT_SQL = `
  SELECT id, event, customer_id AS "customerId", erased_at IS NOT NULL AS "isErased" FROM events WHERE id = $1
  FOR UPDATE`;
