import type { PoolClient } from 'pg';
import type { DeliveryStart } from '../../domain/delivery-start.ts';
import { DomainError } from '../../domain/errors.ts';
import { eventLabelOf } from '../../metrics/event-label.ts';
import {
  countCreated,
  eventsPublished,
  publishDuration,
  publishGroupSize,
} from '../../metrics/publish-metrics.ts';
import { newId } from '../../new-id.ts';
import { type Database, inTransaction } from '../postgres/database.ts';
import { isDatabaseUnavailable } from '../postgres/database-unavailable.ts';
import { groupCommit } from '../postgres/group-commit.ts';
import { LOCK_NOT_AVAILABLE, SHARE_DISPATCH_LOCK } from '../postgres/locks.ts';
import type { TellableDeliveries } from './draft-delivery.ts';
import { takeUids } from './event-uids.ts';
import { type IdempotentEvent, reserveKeys } from './idempotency.ts';
import { type InsertedEvents, insertEvents } from './insert-events.ts';
import { type Circumstances, charactersOf, type DraftEvent, type NewEvent } from './new-event.ts';

/** What was committed, or for a repeated idempotency key what had been committed before (`replayed`). */
export interface AcceptedEvent {
  readonly id: string;
  readonly event: string;
  readonly customerId: string | null;
  readonly createdAt: Date;
  readonly deliverAt: Date | null;
  readonly uid: string | null;
  /** To all endpoints, the operator's too. */
  readonly deliveries: number;
  /** To endpoints of the event's own customer. */
  readonly customerDeliveries: number;
  readonly replayed: boolean;
  readonly testDeliveryId?: string;
}

/** Hears of what was committed. */
export interface CommitListener {
  /** Deliveries that are due now. */
  readonly onDue: (starts: readonly DeliveryStart[], circumstances: Circumstances) => void;
  /** Gates that hold something which nobody lets go. */
  readonly onHeld: (endpointIds: readonly string[]) => void;
  /** An event was accepted whose deliveries come due in so many milliseconds, or whose others are to be made now. */
  readonly onLater: (inMs: number) => void;
}

const LOCK_TIMEOUT_MS = 2_000;
const MAX_PUBLISHES_PER_GROUP = 200;
/** A group travels as one string, and 200 of the largest batches would be longer than any string can be. */
const MAX_CHARACTERS_PER_GROUP = 8_388_608;
/** What an event and its deliveries take beside what its producer says, roughly. */
const CHARACTERS_BESIDE_DATA = 1_024;
/** A second group fills while the first waits for its commit. */
const GROUPS_SIDE_BY_SIDE = 2;
/**
 * The statements that follow are always the same and find a few rows by index: planning them takes as long as running
 * them.
 */
const TAKE_LOCK = `SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS}; SET LOCAL plan_cache_mode = force_generic_plan;
  SET LOCAL enable_seqscan = off; SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off;
  ${SHARE_DISPATCH_LOCK}`;

/** Others who publish wait for some of the time that one transaction takes. */
const MOST_DELIVERIES_TOGETHER = 20_000;

/**
 * Accepts events: an event and its deliveries are committed together before `publish` returns. Concurrent publishes
 * share one transaction; where that fails each is tried alone, so that strangers do not fail together.
 */
export class Publisher {
  readonly #database: Database;
  readonly #listener: CommitListener;
  readonly #commit: (events: readonly NewEvent[]) => Promise<readonly AcceptedEvent[]>;

  constructor(database: Database, listener: CommitListener) {
    this.#database = database;
    this.#listener = listener;
    this.#commit = groupCommit((requests: readonly (readonly NewEvent[])[]) => this.#commitGroup(requests), {
      maxItems: MAX_PUBLISHES_PER_GROUP,
      maxWeight: MAX_CHARACTERS_PER_GROUP,
      weightOf,
      concurrency: GROUPS_SIDE_BY_SIDE,
    });
  }

  /**
   * @throws DomainError `invalid` for a key reused with another body, `conflict` while the key's first use is in
   * flight, or for a `uid` that is taken
   */
  async publish(event: NewEvent): Promise<AcceptedEvent> {
    const [accepted] = await this.publishMany([event]);
    if (accepted === undefined) throw new Error('publishing one event gave no answer');
    return accepted;
  }

  /**
   * Accepts all or none; one answer an event, in order.
   * @throws as `publish`, and DomainError `invalid` where several events would be more than 20,000 deliveries
   */
  async publishMany(events: readonly NewEvent[]): Promise<readonly AcceptedEvent[]> {
    const stop = publishDuration.startTimer();
    const accepted = await this.#commit(events);
    stop();
    for (const { event, replayed } of accepted)
      eventsPublished.inc({ event: eventLabelOf(event), result: replayed ? 'duplicate' : 'accepted' });
    return accepted;
  }

  async #commitGroup(
    requests: readonly (readonly NewEvent[])[],
  ): Promise<readonly (readonly AcceptedEvent[] | Error)[]> {
    publishGroupSize.observe(requests.length);
    try {
      const accepted = await this.#commitTogether(requests.flat());
      return splitLike(requests, accepted);
    } catch (error) {
      if (isDatabaseUnavailable(error)) throw error;
      if (requests.length === 1) return [asRefusal(error)];
      const alone = requests.map(async (events) => await this.#commitTogether(events).catch(asRefusal));
      return await Promise.all(alone);
    }
  }

  async #commitTogether(events: readonly NewEvent[]): Promise<readonly AcceptedEvent[]> {
    const drafts = events.map((event): DraftEvent => ({ ...event, id: newId('evt') }));
    const { accepted, inserted } = await inTransaction(
      this.#database.pool,
      async (client) => {
        const reserved = await reserveKeys(client, drafts);
        const fresh = reserved.filter((entry) => entry.originalId === null).map((entry) => entry.draft);
        await takeUids(client, fresh);
        const inserted = await insertEvents(client, fresh, {
          recheckMs: this.#database.timing.recheckMs,
          mostTogether: MOST_DELIVERIES_TOGETHER,
        });
        return { accepted: await collectAnswers(client, reserved, inserted), inserted };
      },
      { first: TAKE_LOCK },
    );
    this.#tellAccepted(accepted, inserted);
    return accepted;
  }

  /** Tells of deliveries that somebody else has inserted and committed. */
  readonly tell = ({ starts, waveRolls, gatesToWake, states }: TellableDeliveries): void => {
    countCreated(states);
    if (gatesToWake.length > 0) this.#listener.onHeld(gatesToWake);
    if (starts.length > 0) this.#listener.onDue(starts, { waveRolls });
  };

  #tellAccepted(accepted: readonly AcceptedEvent[], inserted: InsertedEvents): void {
    this.tell(inserted);
    if (inserted.isToBeContinued) this.#listener.onLater(0);
    for (const { deliverAt } of accepted) {
      if (deliverAt !== null) this.#listener.onLater(deliverAt.getTime() - Date.now());
    }
  }
}

function weightOf(events: readonly NewEvent[]): number {
  return events.reduce((sum, event) => sum + charactersOf(event) + CHARACTERS_BESIDE_DATA, 0);
}

/** Cuts a flat list of answers into the lists of their requests. */
function splitLike(
  requests: readonly (readonly NewEvent[])[],
  answers: readonly AcceptedEvent[],
): AcceptedEvent[][] {
  const rest = [...answers];
  return requests.map((events) => rest.splice(0, events.length));
}

async function collectAnswers(
  client: PoolClient,
  reserved: readonly IdempotentEvent[],
  inserted: InsertedEvents,
): Promise<readonly AcceptedEvent[]> {
  const earlier = await readEarlier(
    client,
    reserved.flatMap((entry) => entry.originalId ?? []),
  );
  return reserved.map(({ draft, originalId }) => {
    if (originalId !== null) return earlierAnswer(earlier, originalId);
    const testDeliveryId = inserted.testDeliveryOf(draft.id);
    return {
      id: draft.id,
      event: draft.event,
      customerId: draft.customerId,
      createdAt: inserted.createdAt,
      deliverAt: draft.deliverAt,
      uid: draft.uid ?? null,
      deliveries: inserted.countOf(draft.id),
      customerDeliveries: inserted.customerCountOf(draft.id),
      replayed: false,
      ...(testDeliveryId === undefined ? {} : { testDeliveryId }),
    };
  });
}

type EarlierRow = Omit<AcceptedEvent, 'replayed' | 'testDeliveryId'>;

async function readEarlier(
  client: PoolClient,
  ids: readonly string[],
): Promise<ReadonlyMap<string, EarlierRow>> {
  if (ids.length === 0) return new Map();
  const { rows } = await client.query<EarlierRow>(
    `SELECT id, event, customer_id AS "customerId", created_at AS "createdAt", deliver_at AS "deliverAt", uid,
       deliveries, customer_deliveries AS "customerDeliveries"
     FROM events WHERE id = ANY($1)`,
    [ids],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

function earlierAnswer(earlier: ReadonlyMap<string, EarlierRow>, id: string): AcceptedEvent {
  const row = earlier.get(id);
  if (row === undefined) throw new Error(`the event ${id} of an idempotency key is missing`);
  return { ...row, replayed: true };
}

function asRefusal(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  const { code, where }: Error & { code?: unknown; where?: unknown } = error;
  if (code !== LOCK_NOT_AVAILABLE) return error;
  // Postgres says in `where` what it was inserting; anything else waited for is a gate that opens or shuts.
  if (/idempotency_keys|event_uids/.test(String(where))) {
    return new DomainError('conflict', 'idempotency_key_in_use', {
      message:
        'The first request with this idempotency key or uid is still being processed; repeat this one in a moment.',
      cause: error,
    });
  }
  return new DomainError('unavailable', 'endpoints_changing', {
    message: 'Endpoints are being enabled or disabled at this moment; repeat the request in a second.',
    cause: error,
  });
}
