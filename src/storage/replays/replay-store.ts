import type { PoolClient } from 'pg';
import { DomainError } from '../../domain/errors.ts';
import {
  type CountedReplay,
  type ReplayCounts,
  type ReplayKind,
  type ReplayStart,
  type ReplayStatus,
  replayCounts,
} from '../../domain/replay.ts';
import { newId } from '../../new-id.ts';
import { type CappedCount, countUpTo } from '../postgres/capped-count.ts';
import { allOf, type Condition } from '../postgres/conditions.ts';
import { type Database, inTransaction } from '../postgres/database.ts';
import type { PageBounds } from '../postgres/page.ts';
import { OPEN } from '../postgres/statuses.ts';
import { milliseconds } from '../postgres/time-sql.ts';
import { countFurther, goesSomewhere } from './replay-counting.ts';
import { IS_DELIVERED } from './replay-ends.ts';
import { makesNew, narrowSelection, type ReplaySelection } from './replay-selection.ts';

/** A replay: what it was asked for, and how far it has come. */
export interface Replay {
  readonly id: string;
  readonly kind: ReplayKind;
  readonly status: ReplayStatus;
  /** Whose deliveries they are; null where they may be anybody's. */
  readonly customerId: string | null;
  readonly endpointId: string | null;
  /** Where all of it goes; null where each delivery goes to its own endpoint. */
  readonly toEndpointId: string | null;
  readonly isNewDelivery: boolean;
  /** Whether all that it selects is counted. */
  readonly isCounted: boolean;
  /** The filter, its times as texts. */
  readonly selection: Readonly<Record<string, unknown>>;
  readonly counts: ReplayCounts;
  /** `operator`, or the id of a customer's key. */
  readonly requestedBy: string;
  readonly createdAt: Date;
  readonly finishedAt: Date | null;
}

/** A replay that is asked for. */
export interface NewReplay {
  readonly id: string;
  readonly selection: ReplaySelection;
  readonly requestedBy: string;
}

/** Members that are absent do not restrict. */
export interface ReplayFilter {
  readonly customerId?: string | undefined;
  readonly endpointId?: string | undefined;
  readonly status?: ReplayStatus | undefined;
}

type ReplayRow = Omit<Replay, 'counts'> & Omit<CountedReplay, 'status'>;

/** Replays as people ask for, see and cancel them; what is released and taken back is in files of its own. */
export class ReplayStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** How many deliveries a selection means now, as far as they are counted; none goes to a deleted endpoint. */
  async count(selection: ReplaySelection): Promise<CappedCount> {
    const { reads } = this.#database;
    const { indexed, asked } = await narrowSelection(reads, selection);
    const target: Condition = [goesSomewhere('$::text'), selection.target?.endpointId ?? null];
    return await countUpTo(reads, { indexed, asked: [...asked, target] });
  }

  /**
   * Begins a replay of what a selection means at this moment, counted as far as is done at once; one of nothing is
   * completed.
   */
  async create({ id, selection, requestedBy }: NewReplay): Promise<Replay> {
    await inTransaction(this.#database.pool, async (client) => {
      await insertReplay(client, { id, selection, requestedBy }, this.#database.timing.askedMs);
      await client.query(COMPLETE_EMPTY_SQL, [id]);
    });
    const replay = await this.read(id);
    if (replay === null) throw new Error(`the replay ${id} is missing`);
    return replay;
  }

  /** One replay, or null where there is none of this id. */
  async read(id: string): Promise<Replay | null> {
    const { rows } = await this.#database.pool.query<ReplayRow>(`${SELECT_SQL} WHERE r.id = $1`, [id]);
    return rows[0] === undefined ? null : asReplay(rows[0]);
  }

  /** The replays a filter selects, newest first. */
  async list(filter: ReplayFilter, page: PageBounds): Promise<readonly Replay[]> {
    const { text, values } = allOf([
      ['r.customer_id = $', filter.customerId],
      ['r.endpoint_id = $', filter.endpointId],
      ['r.status = $', filter.status],
      ['r.id < $', page.beforeId ?? undefined],
    ]);
    const { rows } = await this.#database.pool.query<ReplayRow>(
      `${SELECT_SQL} WHERE ${text} ORDER BY r.id DESC LIMIT ${page.fetchLimit}`,
      [...values],
    );
    return rows.map(asReplay);
  }

  /**
   * Releases nothing more from now on; what nobody has attempted is taken back by the replay's run.
   * @returns whether this call cancelled it, false where it was cancelled before
   * @throws DomainError `not_found`; `conflict` where it is completed
   */
  async cancel(id: string): Promise<boolean> {
    const { rows } = await this.#database.pool.query<{ status: ReplayStatus; cancelled: boolean }>(
      `WITH target AS (SELECT id, status FROM replays WHERE id = $1 FOR UPDATE),
       cancelled AS (
         UPDATE replays r SET status = 'cancelled', recheck_at = now() + ${milliseconds('$2')} FROM target t
         WHERE r.id = t.id AND t.status = 'running' RETURNING r.id)
       SELECT status, EXISTS (SELECT FROM cancelled) AS cancelled FROM target`,
      [id, this.#database.timing.askedMs],
    );
    const row = rows[0];
    if (row === undefined) throw new DomainError('not_found', 'not_found', { message: `No replay ${id}.` });
    if (row.cancelled || row.status === 'cancelled') return row.cancelled;
    throw new DomainError('conflict', 'replay_completed', {
      message: 'The replay is already completed; only a running one can be cancelled.',
    });
  }

  /**
   * Has a cancelled replay go on with what it has not delivered.
   * @returns whether this call did, false where it runs already
   * @throws DomainError `not_found`; `conflict` where it is completed, or what it released is still being taken back
   */
  async goOn(id: string): Promise<boolean> {
    const { rows } = await this.#database.pool.query<{ status: ReplayStatus; wentOn: boolean }>(GO_ON_SQL, [
      id,
      this.#database.timing.askedMs,
    ]);
    const row = rows[0];
    if (row === undefined) throw new DomainError('not_found', 'not_found', { message: `No replay ${id}.` });
    if (row.wentOn || row.status === 'running') return row.wentOn;
    if (row.status === 'completed')
      throw new DomainError('conflict', 'replay_completed', {
        message: 'The replay is already completed; only a cancelled one can go on.',
      });
    throw new DomainError('conflict', 'replay_being_cancelled', {
      message:
        'What the replay released is being taken back at this moment; repeat the request in a few seconds.',
    });
  }

  /** Says that its run looks after it within so long. */
  async careFor(id: string, forMs: number): Promise<void> {
    await this.#database.pool.query(
      `UPDATE replays SET recheck_at = now() + ${milliseconds('$2')}
       WHERE id = $1 AND finished_at IS NULL`,
      [id, forMs + this.#database.timing.recheckMs],
    );
  }

  /** Unfinished replays that no run looks after, it seems. */
  async listStray(limit: number): Promise<readonly ReplayStart[]> {
    const { rows } = await this.#database.pool.query<ReplayStart>(
      `SELECT id AS "replayId", kind, total, customer_id AS "customerId", endpoint_id AS "endpointId" FROM replays
       WHERE finished_at IS NULL AND recheck_at <= now() ORDER BY recheck_at LIMIT $1`,
      [limit],
    );
    return rows;
  }
}

const GO_ON_SQL = `
  WITH target AS (SELECT id, status, finished_at FROM replays WHERE id = $1 FOR UPDATE),
  went_on AS (
    UPDATE replays r SET status = 'running', finished_at = NULL, recheck_at = now() + ${milliseconds('$2')}
    FROM target t
    WHERE r.id = t.id AND t.status = 'cancelled' AND t.finished_at IS NOT NULL RETURNING r.id)
  SELECT status, EXISTS (SELECT FROM went_on) AS "wentOn" FROM target`;

/** Inserts a running replay, counted as far as is done at once; a run of it begins by itself after so long. */
async function insertReplay(
  client: PoolClient,
  { id, selection, requestedBy }: NewReplay,
  beginsAfterMs: number,
): Promise<void> {
  const { kind, filter, target } = selection;
  await client.query(CREATE_SQL, [
    id,
    kind,
    filter.customerId ?? null,
    filter.endpointId ?? null,
    JSON.stringify(filter),
    requestedBy,
    beginsAfterMs,
    target?.endpointId ?? null,
    makesNew(selection),
  ]);
  await countFurther(client, { ...selection, id, countedTo: '' });
}

/**
 * Begins a replay of what died at an endpoint since its breaker opened, where the endpoint wants that and something
 * did, in the transaction in which it closes, and so once a recovery. The reconciling loop starts its run.
 */
export async function replayOutage(
  client: PoolClient,
  { endpointId, openedAt }: { readonly endpointId: string; readonly openedAt: Date },
): Promise<void> {
  const { rows } = await client.query(WANTS_REPLAY_SQL, [endpointId, openedAt]);
  if (rows.length === 0) return;
  const selection = { kind: 'dead_letters', filter: { endpointId, endedAfter: openedAt } } as const;
  await insertReplay(client, { id: newId('rpl'), selection, requestedBy: 'recovery' }, 0);
}

const WANTS_REPLAY_SQL = `
  SELECT FROM endpoints e WHERE e.id = $1 AND e.replay_on_recovery AND EXISTS (
    SELECT FROM ended_deliveries d WHERE d.endpoint_id = e.id AND d.status = 'dead' AND NOT d.is_test
      AND d.finished_at >= $2)`;

/** What a run of this replay begins with. */
export function startOf({ id, kind, counts, customerId, endpointId }: Replay): ReplayStart {
  return { replayId: id, kind, total: counts.total, customerId, endpointId };
}

function asReplay({ total, released, passedOver, delivered, cancelled, open, ...row }: ReplayRow): Replay {
  const counted = { status: row.status, total, released, passedOver, delivered, cancelled, open };
  return { ...row, counts: replayCounts(counted) };
}

/** Of a completed replay as it was then: its deliveries may have been replayed or removed since. */
const SELECT_SQL = `
  SELECT r.id, r.kind, r.status, r.customer_id AS "customerId", r.endpoint_id AS "endpointId",
    r.to_endpoint_id AS "toEndpointId", r.new_delivery AS "isNewDelivery", r.counted_to IS NULL AS "isCounted",
    r.selection, r.total, r.released, r.passed_over AS "passedOver", coalesce(r.delivered, c.delivered) AS delivered,
    coalesce(r.cancelled, c.cancelled) AS cancelled, c.open, r.requested_by AS "requestedBy",
    r.created_at AS "createdAt", r.finished_at AS "finishedAt"
  FROM replays r, LATERAL (
    SELECT count(*) FILTER (WHERE ${IS_DELIVERED})::integer AS delivered,
      count(*) FILTER (WHERE d.status = 'cancelled')::integer AS cancelled,
      count(*) FILTER (WHERE d.status IN (${OPEN}))::integer AS open
    FROM deliveries d WHERE d.replay_id = r.id AND r.status <> 'completed') c`;

/** Where no customer is named it is the customer of the endpoint that is named, or else of where all goes. */
const CREATE_SQL = `
  INSERT INTO replays (id, kind, customer_id, endpoint_id, selection, requested_by, total, status, recheck_at,
    to_endpoint_id,
    new_delivery, counted_to)
  SELECT $1, $2, coalesce($3::text, (SELECT customer_id FROM endpoints WHERE id = coalesce($4::text, $8::text))),
    $4::text, $5::jsonb, $6, 0, 'running', now() + ${milliseconds('$7')}, $8::text, $9, ''`;

const COMPLETE_EMPTY_SQL = `
  UPDATE replays SET status = 'completed', finished_at = now(), delivered = 0, cancelled = 0
  WHERE id = $1 AND counted_to IS NULL AND total = 0`;
