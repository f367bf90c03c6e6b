import { BY_TIME } from '../open/by-time.ts';
import { cancel } from '../open/transitions/ends.ts';
import type { Database } from '../postgres/database.ts';
import { milliseconds } from '../postgres/time-sql.ts';
import type { SecretBox } from '../sealed/secret-box.ts';
import {
  CLAIMED_COLUMNS,
  CLAIMED_DUE_AT,
  type Claim,
  type ClaimedRow,
  leaseEnd,
  MOST_PAYLOAD_BYTES,
  openClaim,
  PAYLOAD_BYTES,
} from './claim.ts';

/** Live deliveries have the priority 0, replayed ones 1. */
type Priority = 0 | 1;

/** An endpoint with something due. Times are milliseconds since the epoch by the database's clock. */
export interface DueFound {
  readonly endpointId: string;
  /** Whose it is; null is the operator's. */
  readonly customerId: string | null;
  readonly priority: Priority;
  /** Since when the oldest of what was found is due. */
  readonly since: number;
}

/** What a look found, and when it looked. */
export interface DueLook {
  readonly found: readonly DueFound[];
  readonly lookedAt: number;
}

/** What to take of one endpoint: so many deliveries at most, of those that came due since then. */
export interface DueTurn extends Pick<DueFound, 'endpointId' | 'priority' | 'since'> {
  readonly most: number;
}

export interface DueRequest {
  /** Kept in the rows so that their history can be explained. */
  readonly owner: string;
  readonly turns: readonly DueTurn[];
}

/** How much was taken of one endpoint; fewer than asked for is all that there was, unless the claim was full before. */
export interface DueTaken extends Pick<DueFound, 'endpointId' | 'priority'> {
  readonly count: number;
  /** When the last of them was due. */
  readonly until: number;
}

/** What a drain got. */
export interface DueClaims {
  /** Those of the endpoints that got fewest first, and of these in the order of the turns. */
  readonly claims: readonly Claim[];
  readonly taken: readonly DueTaken[];
  /** Whether it was full, so that some of what is due was left: of who got least there may be more. */
  readonly isFull: boolean;
  /** Deliveries that can never be sent like this, given back to be told of by runs of their own; why. */
  readonly unopened: readonly Error[];
}

interface DueRow extends ClaimedRow {
  readonly fate: 'take' | 'hold';
  readonly priority: Priority;
  readonly at: number;
  readonly isFull: boolean;
}

/** Takes what is due without a run of its own, many at once; nothing that another drain has locked. */
export class WaveClaims {
  readonly #database: Database;
  readonly #secretBox: SecretBox;

  constructor(database: Database, secretBox: SecretBox) {
    this.#database = database;
    this.#secretBox = secretBox;
  }

  /** Endpoints of which something has come due since then, whether or not it was found before. */
  async look(since: number): Promise<DueLook> {
    return await this.#find({ name: 'look-for-due', text: LOOK_SQL, values: [since] });
  }

  /** All endpoints with something due, since whenever. */
  async lookForAll(): Promise<DueLook> {
    return await this.#find({ name: 'look-for-all-due', text: LOOK_FOR_ALL_SQL, values: [] });
  }

  /**
   * Moves due rows to `sending`, of each endpoint those that have been due for longest; what stands at a shut gate is
   * held. What it is not asked for it does not touch. It is full with `MOST_PAYLOAD_BYTES`: the first of each turn goes
   * before the second of any, and one at least goes whatever it weighs.
   */
  async claim({ owner, turns }: DueRequest): Promise<DueClaims> {
    if (turns.length === 0) return { claims: [], taken: [], isFull: false, unopened: [] };
    const { rows } = await this.#database.pool.query<DueRow>({
      name: 'claim-due',
      text: CLAIM_DUE_SQL,
      values: [
        owner,
        turns.map(({ endpointId }) => endpointId),
        turns.map(({ priority }) => priority),
        turns.map(({ since }) => since),
        turns.map(({ most }) => most),
        this.#database.timing.leaseMarginMs,
        this.#database.timing.recheckMs,
        MOST_PAYLOAD_BYTES,
      ],
    });
    const taken = countByTurn(rows);
    const opened = await Promise.all(
      rows.filter((row) => row.fate === 'take').map(async (row) => await this.#openOrHandOver(row)),
    );
    const counts = new Map(taken.map(({ endpointId, count }) => [endpointId, count]));
    const order = new Map(turns.map(({ endpointId }, index) => [endpointId, index]));
    const rank = ({ endpointId }: Claim, of: ReadonlyMap<string, number>): number => of.get(endpointId) ?? 0;
    return {
      claims: opened
        .filter((claim): claim is Claim => !(claim instanceof Error))
        .sort(
          (one, other) => rank(one, counts) - rank(other, counts) || rank(one, order) - rank(other, order),
        ),
      taken,
      isFull: rows[0]?.isFull ?? false,
      unopened: opened.filter((claim): claim is Error => claim instanceof Error),
    };
  }

  async #find(query: { readonly name: string; readonly text: string; readonly values: readonly number[] }) {
    const { rows } = await this.#database.pool.query<DueFound & { lookedAt: number }>({
      ...query,
      values: [...query.values],
    });
    const [first] = rows;
    const found = rows.filter(({ endpointId }) => endpointId !== null);
    return { found, lookedAt: first?.lookedAt ?? 0 };
  }

  async #openOrHandOver(row: DueRow): Promise<Claim | Error> {
    try {
      const { fate, priority, at, isFull, ...claimed } = row;
      return openClaim(claimed, this.#secretBox);
    } catch (error) {
      await this.#database.pool.query(HAND_OVER_SQL, [row.deliveryId, row.attempt]);
      return error instanceof Error ? error : new Error(String(error));
    }
  }
}

function countByTurn(rows: readonly DueRow[]): readonly DueTaken[] {
  const taken = new Map<string, DueTaken>();
  for (const { endpointId, priority, at } of rows) {
    const key = `${priority}/${endpointId}`;
    const { count = 0, until = at } = taken.get(key) ?? {};
    taken.set(key, { endpointId, priority, count: count + 1, until: Math.max(until, at) });
  }
  return [...taken.values()];
}

/** Whole milliseconds, rounded down: a look from there on finds the row. */
function wholeMs(time: string): string {
  return `floor(extract(epoch FROM ${time}) * 1000)::float8`;
}

/**
 * A row without an endpoint tells the time where nothing is due. `now()`, as only what is fixed can be looked up in an
 * index.
 */
function foundSql(due: string): string {
  return `
    SELECT due.*, ${wholeMs('now()')} AS "lookedAt" FROM (SELECT) AS always LEFT JOIN (
      SELECT endpoint_id AS "endpointId", customer_id AS "customerId", priority, ${wholeMs('min(wave_at)')} AS since
      FROM ${due} GROUP BY endpoint_id, customer_id, priority) due ON true`;
}

const LOOK_SQL = foundSql(`(
  SELECT endpoint_id, customer_id, priority, wave_at FROM open_deliveries
  WHERE wave_at >= to_timestamp($1::float8 / 1000) AND wave_at <= now() AND ${BY_TIME}) AS fresh`);

/** Jumps from endpoint to endpoint in the index instead of reading all that waits. */
const LOOK_FOR_ALL_SQL = `
  WITH RECURSIVE line AS (
    (SELECT endpoint_id, priority FROM open_deliveries WHERE wave_at IS NOT NULL ORDER BY endpoint_id, priority LIMIT 1)
    UNION ALL
    SELECT next.endpoint_id, next.priority FROM line, LATERAL (
      SELECT d.endpoint_id, d.priority FROM open_deliveries d
      WHERE d.wave_at IS NOT NULL AND (d.endpoint_id, d.priority) > (line.endpoint_id, line.priority)
      ORDER BY d.endpoint_id, d.priority LIMIT 1) next)
  ${foundSql(`(
    SELECT line.endpoint_id, line.priority, first.customer_id, first.wave_at FROM line, LATERAL (
      SELECT d.customer_id, d.wave_at FROM open_deliveries d
      WHERE d.endpoint_id = line.endpoint_id AND d.priority = line.priority AND d.wave_at <= now()
      ORDER BY d.wave_at, d.id LIMIT 1) first) AS all_due`)}`;

const CLAIM_DUE_SQL = `
  WITH target AS (
    SELECT due.*, turn.place FROM
      unnest($2::text[], $3::smallint[], $4::float8[], $5::integer[])
        WITH ORDINALITY AS turn(endpoint_id, priority, since, most, place),
      LATERAL (SELECT d.*, row_number() OVER () AS nth FROM (
        SELECT d.id, d.endpoint_id, d.event_id, d.wave_at AS at FROM open_deliveries d
        WHERE d.endpoint_id = turn.endpoint_id AND d.priority = turn.priority
          AND d.wave_at >= to_timestamp(turn.since / 1000) AND d.wave_at <= now()
        ORDER BY d.wave_at, d.id LIMIT turn.most FOR UPDATE SKIP LOCKED) d) due),
  judged AS (
    SELECT t.id, t.at, t.nth, t.place, e.timeout_ms, ${PAYLOAD_BYTES} AS bytes,
      CASE WHEN e.deleted_at IS NOT NULL THEN 'cancel' WHEN NOT g.is_open THEN 'hold' ELSE 'take' END AS fate
    FROM target t JOIN endpoints e ON e.id = t.endpoint_id JOIN gates g ON g.endpoint_id = t.endpoint_id
    LEFT JOIN events ev ON ev.id = t.event_id),
  weighed AS (
    SELECT id, at, timeout_ms, fate, fate <> 'take' OR sum(bytes) FILTER (WHERE fate = 'take')
      OVER (ORDER BY nth, place ROWS UNBOUNDED PRECEDING) <= greatest($8::bigint, bytes) AS fits
    FROM judged),
  moved AS (
    UPDATE open_deliveries d SET
      status = CASE e.fate WHEN 'take' THEN 'sending' ELSE 'held' END, wave_at = NULL,
      attempts_made = d.attempts_made + CASE WHEN e.fate = 'take' THEN 1 ELSE 0 END,
      trigger = CASE WHEN e.fate = 'take' THEN 'automatic' ELSE d.trigger END,
      owner = CASE WHEN e.fate = 'take' THEN $1 ELSE d.owner END,
      run_id = CASE WHEN e.fate <> 'take' THEN d.run_id END,
      claimed_at = CASE WHEN e.fate = 'take' THEN clock_timestamp() ELSE d.claimed_at END,
      retry_mark = CASE WHEN e.fate = 'hold' THEN d.retry_mark END,
      prior_status = CASE WHEN e.fate = 'take' THEN d.status END, prior_due_at = CASE WHEN e.fate = 'take'
        THEN d.due_at END,
      rechecks = 0, lease_until = CASE WHEN e.fate = 'take' THEN ${leaseEnd('$6')} END,
      recheck_at = CASE e.fate WHEN 'take' THEN ${leaseEnd('$6')} ELSE now() + ${milliseconds('$7')} END
    FROM weighed e WHERE d.id = e.id AND d.id = ANY(ARRAY(SELECT id FROM weighed WHERE fits)) AND e.fate <> 'cancel'
    RETURNING d.id, d.attempts_made, d.trigger, d.retries_used, d.event_id, d.event, d.customer_id, d.endpoint_id,
      d.priority, d.prior_due_at, e.fate, e.at),
  ${cancel("WHERE d.id = ANY(ARRAY(SELECT id FROM weighed WHERE fate = 'cancel'))")}
  SELECT c.fate, c.priority, ${wholeMs('c.at')} AS at, EXISTS (SELECT FROM weighed WHERE NOT fits) AS "isFull",
    ${CLAIMED_COLUMNS}, ${CLAIMED_DUE_AT}
  FROM moved c JOIN endpoints e ON e.id = c.endpoint_id LEFT JOIN events ev ON ev.id = c.event_id AND c.fate = 'take'
  LEFT JOIN endpoint_health h ON h.endpoint_id = c.endpoint_id
  ORDER BY c.at, c.id`;

const HAND_OVER_SQL = `
  UPDATE open_deliveries SET status = prior_status, due_at = prior_due_at, attempts_made = attempts_made - 1,
    lease_until = NULL, wave_at = NULL, recheck_at = now()
  WHERE id = $1 AND attempts_made = $2 AND status = 'sending'`;
