import type { Database } from '../postgres/database.ts';
import { milliseconds } from '../postgres/time-sql.ts';
import type { SecretBox } from '../sealed/secret-box.ts';
import { CLAIMED_COLUMNS, type Claim, type ClaimedRow, leaseEnd, openClaim } from './claim.ts';

/** How many more sends an endpoint may have under way. */
export interface EndpointRoom {
  readonly endpointId: string;
  readonly room: number;
}

/** What a drain may take at once. */
export interface DueRequest {
  /** Kept in the rows so that their history can be explained. */
  readonly owner: string;
  /** Most deliveries to look at that were not set aside before. */
  readonly limit: number;
  /** What endpoints may have that are not in `rooms`. */
  readonly usualRoom: number;
  readonly rooms: readonly EndpointRoom[];
  /** Endpoints whose deliveries were set aside before, with what each may have of those. */
  readonly aside: readonly EndpointRoom[];
}

/** What a drain got. */
export interface DueClaims {
  readonly claims: readonly Claim[];
  /** How many were looked at that were not set aside before; at the limit there may be more. */
  readonly seen: number;
  /** Endpoints some of whose deliveries were set aside now. */
  readonly crowded: ReadonlySet<string>;
  /** Deliveries that can never be sent like this, given back to be told of by runs of their own; why. */
  readonly unopened: readonly Error[];
}

interface DueRow extends Omit<ClaimedRow, 'attempt'> {
  readonly attempt: number;
  readonly fate: 'take' | 'aside' | 'hold' | 'cancel';
  readonly isFresh: boolean;
}

/** Takes what is due without a run of its own, many at once; nothing that another drain has locked. */
export class WaveClaims {
  readonly #database: Database;
  readonly #secretBox: SecretBox;

  constructor(database: Database, secretBox: SecretBox) {
    this.#database = database;
    this.#secretBox = secretBox;
  }

  /**
   * Moves due rows to `sending`, the longest due first, as many of each endpoint as it has room for, live before replayed. What an endpoint has no
   * room for is set aside, so that the next look finds others; what stands at a shut gate is held.
   */
  async claim(request: DueRequest): Promise<DueClaims> {
    const { rows } = await this.#database.pool.query<DueRow>({
      name: 'claim-due',
      text: CLAIM_DUE_SQL,
      values: [
        request.owner,
        request.limit,
        request.usualRoom,
        request.rooms.map(({ endpointId }) => endpointId),
        request.rooms.map(({ room }) => room),
        request.aside.map(({ endpointId }) => endpointId),
        request.aside.map(({ room }) => room),
        this.#database.timing.leaseMarginMs,
        this.#database.timing.recheckMs,
      ],
    });
    const opened = await Promise.all(
      rows.filter((row) => row.fate === 'take').map(async (row) => await this.#openOrHandOver(row)),
    );
    return {
      claims: opened.filter((claim): claim is Claim => !(claim instanceof Error)),
      seen: rows.filter((row) => row.isFresh).length,
      crowded: new Set(rows.filter((row) => row.fate === 'aside').map((row) => row.endpointId)),
      unopened: opened.filter((claim): claim is Error => claim instanceof Error),
    };
  }

  /** Endpoints with deliveries that were set aside, by whomever. */
  async endpointsAside(): Promise<readonly string[]> {
    const { rows } = await this.#database.pool.query<{ endpointId: string }>(ENDPOINTS_ASIDE_SQL);
    return rows.map((row) => row.endpointId);
  }

  async #openOrHandOver(row: DueRow): Promise<Claim | Error> {
    try {
      const { fate, isFresh, ...claimed } = row;
      return openClaim(claimed, this.#secretBox);
    } catch (error) {
      await this.#database.pool.query(HAND_OVER_SQL, [row.deliveryId, row.attempt]);
      return error instanceof Error ? error : new Error(String(error));
    }
  }
}

/** `now()` and not the clock: only what is fixed for the statement can be looked up in an index. */
const CLAIM_DUE_SQL = `
  WITH room AS (SELECT * FROM unnest($4::text[], $5::integer[]) AS r(endpoint_id, room)),
  fresh AS (
    SELECT d.id, d.endpoint_id, d.priority, d.wave_at AS at FROM deliveries d
    WHERE d.wave_at <= now() ORDER BY d.wave_at LIMIT $2 FOR UPDATE SKIP LOCKED),
  aside AS (
    SELECT w.id, w.endpoint_id FROM unnest($6::text[], $7::integer[]) AS a(endpoint_id, room), LATERAL (
      SELECT d.id, d.endpoint_id FROM deliveries d WHERE d.endpoint_id = a.endpoint_id AND d.aside_at <= now()
      ORDER BY d.priority, d.aside_at LIMIT a.room FOR UPDATE SKIP LOCKED) w),
  target AS (
    SELECT f.id, f.endpoint_id, true AS is_fresh,
      row_number() OVER (PARTITION BY f.endpoint_id ORDER BY f.priority, f.at, f.id) <= coalesce(r.room, $3) AS has_room
    FROM fresh f LEFT JOIN room r ON r.endpoint_id = f.endpoint_id
    UNION ALL SELECT id, endpoint_id, false, true FROM aside),
  judged AS (
    SELECT t.id, t.is_fresh, e.timeout_ms, CASE
        WHEN e.deleted_at IS NOT NULL THEN 'cancel' WHEN NOT g.is_open THEN 'hold' WHEN t.has_room THEN 'take' ELSE 'aside'
      END AS fate
    FROM target t JOIN endpoints e ON e.id = t.endpoint_id JOIN gates g ON g.endpoint_id = t.endpoint_id),
  moved AS (
    UPDATE deliveries d SET
      status = CASE e.fate WHEN 'take' THEN 'sending' WHEN 'hold' THEN 'held' WHEN 'cancel' THEN 'cancelled' ELSE d.status END,
      wave_at = NULL, aside_at = CASE WHEN e.fate = 'aside' THEN d.wave_at END,
      attempts_made = d.attempts_made + CASE WHEN e.fate = 'take' THEN 1 ELSE 0 END,
      trigger = CASE WHEN e.fate = 'take' THEN 'automatic' ELSE d.trigger END,
      owner = CASE WHEN e.fate = 'take' THEN $1 ELSE d.owner END,
      run_id = CASE WHEN e.fate <> 'take' THEN d.run_id END,
      claimed_at = CASE WHEN e.fate = 'take' THEN clock_timestamp() ELSE d.claimed_at END,
      retry_mark = CASE WHEN e.fate NOT IN ('take', 'cancel') THEN d.retry_mark END,
      prior_status = CASE WHEN e.fate = 'take' THEN d.status END, prior_due_at = CASE WHEN e.fate = 'take' THEN d.due_at END,
      due_at = CASE WHEN e.fate <> 'cancel' THEN d.due_at END,
      finished_at = CASE WHEN e.fate = 'cancel' THEN now() ELSE d.finished_at END,
      rechecks = 0, lease_until = CASE WHEN e.fate = 'take' THEN ${leaseEnd('$8')} END,
      recheck_at = CASE e.fate WHEN 'take' THEN ${leaseEnd('$8')} WHEN 'hold' THEN now() + ${milliseconds('$9')}
        WHEN 'aside' THEN d.recheck_at END
    FROM judged e WHERE d.id = e.id
    RETURNING d.id, d.attempts_made, d.trigger, d.retries_used, d.event_id, d.event, d.customer_id, d.endpoint_id,
      e.fate, e.is_fresh)
  SELECT c.fate, c.is_fresh AS "isFresh", ${CLAIMED_COLUMNS}
  FROM moved c JOIN endpoints e ON e.id = c.endpoint_id LEFT JOIN events ev ON ev.id = c.event_id AND c.fate = 'take'
  LEFT JOIN endpoint_health h ON h.endpoint_id = c.endpoint_id`;

/** Jumps from endpoint to endpoint in the index instead of reading all that waits. */
const ENDPOINTS_ASIDE_SQL = `
  WITH RECURSIVE found AS (
    (SELECT endpoint_id FROM deliveries WHERE aside_at IS NOT NULL ORDER BY endpoint_id LIMIT 1)
    UNION ALL
    SELECT (SELECT d.endpoint_id FROM deliveries d WHERE d.aside_at IS NOT NULL AND d.endpoint_id > f.endpoint_id
      ORDER BY d.endpoint_id LIMIT 1)
    FROM found f WHERE f.endpoint_id IS NOT NULL)
  SELECT endpoint_id AS "endpointId" FROM found WHERE endpoint_id IS NOT NULL`;

const HAND_OVER_SQL = `
  UPDATE deliveries SET status = prior_status, due_at = prior_due_at, attempts_made = attempts_made - 1,
    lease_until = NULL, wave_at = NULL, recheck_at = now()
  WHERE id = $1 AND attempts_made = $2 AND status = 'sending'`;
