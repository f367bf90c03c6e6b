import { DomainError } from '../../domain/errors.ts';
import {
  type CountedReplay,
  type ReplayCounts,
  type ReplayKind,
  type ReplayStart,
  type ReplayStatus,
  replayCounts,
} from '../../domain/replay.ts';
import { allOf } from '../postgres/conditions.ts';
import type { Database } from '../postgres/database.ts';
import type { PageBounds } from '../postgres/page.ts';
import { OPEN } from '../postgres/statuses.ts';
import { milliseconds } from '../postgres/time-sql.ts';
import { type DeadLetterFilter, type ReplaySelection, selectionCondition } from './replay-selection.ts';

/** A replay: what it was asked for, and how far it has come. */
export interface Replay {
  readonly id: string;
  readonly kind: ReplayKind;
  readonly status: ReplayStatus;
  /** Whose deliveries they are; null where they may be anybody's. */
  readonly customerId: string | null;
  readonly endpointId: string | null;
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

  /** How many deliveries a selection means now; those of deleted endpoints cannot be sent. */
  async count(selection: ReplaySelection): Promise<number> {
    const { text, values } = selectionCondition(selection, 1);
    const { rows } = await this.#database.reads.query<{ count: number }>(
      `SELECT count(*)::integer AS count FROM deliveries d JOIN endpoints e ON e.id = d.endpoint_id
       WHERE e.deleted_at IS NULL AND ${text}`,
      [...values],
    );
    return rows[0]?.count ?? 0;
  }

  /** Begins a replay of what a selection means at this moment; where that is nothing, it is completed. */
  async create({ id, selection, requestedBy }: NewReplay): Promise<Replay> {
    const filter: DeadLetterFilter = selection.filter;
    const { text, values } = selectionCondition(selection, 8);
    await this.#database.pool.query(createSql(text), [
      id,
      selection.kind,
      filter.customerId ?? null,
      filter.endpointId ?? null,
      JSON.stringify(filter),
      requestedBy,
      this.#database.timing.askedMs,
      ...values,
    ]);
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
  SELECT r.id, r.kind, r.status, r.customer_id AS "customerId", r.endpoint_id AS "endpointId", r.selection, r.total, r.released,
    r.passed_over AS "passedOver", coalesce(r.delivered, c.delivered) AS delivered,
    coalesce(r.cancelled, c.cancelled) AS cancelled, c.open, r.requested_by AS "requestedBy", r.created_at AS "createdAt",
    r.finished_at AS "finishedAt"
  FROM replays r, LATERAL (
    SELECT count(*) FILTER (WHERE d.status = 'delivered')::integer AS delivered,
      count(*) FILTER (WHERE d.status = 'cancelled')::integer AS cancelled,
      count(*) FILTER (WHERE d.status IN (${OPEN}))::integer AS open
    FROM deliveries d WHERE d.replay_id = r.id AND r.status <> 'completed') c`;

/** Where no customer is named but an endpoint is, the replay is that endpoint's customer's. */
function createSql(condition: string): string {
  return `
    WITH shares AS (
      INSERT INTO replay_endpoints (replay_id, endpoint_id, total)
      SELECT $1, d.endpoint_id, count(*) FROM deliveries d JOIN endpoints e ON e.id = d.endpoint_id
      WHERE e.deleted_at IS NULL AND ${condition} GROUP BY d.endpoint_id
      RETURNING total),
    counted AS (SELECT coalesce(sum(total), 0)::integer AS total FROM shares)
    INSERT INTO replays (id, kind, customer_id, endpoint_id, selection, requested_by, total, status, recheck_at, finished_at,
      delivered, cancelled)
    SELECT $1, $2, coalesce($3::text, (SELECT customer_id FROM endpoints WHERE id = $4)), $4::text, $5::jsonb, $6, total,
      CASE total WHEN 0 THEN 'completed' ELSE 'running' END, now() + ${milliseconds('$7')}, CASE total WHEN 0 THEN now() END,
      CASE total WHEN 0 THEN 0 END, CASE total WHEN 0 THEN 0 END
    FROM counted`;
}
