import type { PoolClient } from 'pg';
import { planRelease, REPLAY_WINDOW_OF_ENDPOINT, type ReplayStatus } from '../../domain/replay.ts';
import type { Database } from '../postgres/database.ts';
import { withDispatchShared } from '../postgres/locks.ts';
import { UNANSWERED } from '../postgres/statuses.ts';
import { countFurther, type SelectingRow, selectionOf } from './replay-counting.ts';
import { finishIfOver, returnUnattempted } from './replay-ends.ts';
import { type Moved, type ShareRow, sendAnew, sendThemselves } from './replay-moves.ts';
import { type PickedOfShare, pick } from './replay-picks.ts';
import { makesNew, type ReplaySelection } from './replay-selection.ts';
import type { ReplayStep } from './replay-step.ts';

interface ReplayRow extends SelectingRow {
  readonly id: string;
  readonly status: ReplayStatus;
  readonly countedTo: string | null;
}

type RunningReplay = ReplaySelection & Pick<ReplayRow, 'id' | 'countedTo'>;

/** Gives back to delivery what replays select, a little at a time. */
export class ReplayReleases {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * One step of a replay, in a transaction in which no gate opens or shuts: counts a further part where not all is
   * counted, and releases what may be released now, of each endpoint in the order of acceptance, those first that were
   * served longest ago; or takes back what was cancelled. Safe to repeat.
   */
  async step(replayId: string): Promise<ReplayStep> {
    return await withDispatchShared(this.#database, async (client) => {
      const { rows } = await client.query<ReplayRow>(SELECT_SQL, [replayId]);
      const [replay] = rows;
      if (replay === undefined) return { kind: 'over', status: null };
      if (replay.status === 'completed') return { kind: 'over', status: 'completed' };
      if (replay.status === 'running') return await goOn(client, replay);
      const isOver = await returnUnattempted(client, replay);
      return isOver ? { kind: 'over', status: 'cancelled' } : { kind: 'returned' };
    });
  }
}

async function goOn(client: PoolClient, { id, countedTo, ...row }: ReplayRow): Promise<ReplayStep> {
  const selection = selectionOf(row);
  if (countedTo === null) return await release(client, { ...selection, id, countedTo });
  const further = await countFurther(client, { ...selection, id, countedTo });
  const step = await release(client, { ...selection, id, countedTo: further });
  const isIdle = step.kind === 'full' || (step.kind === 'released' && step.released.count === 0);
  return isIdle && further !== null ? { kind: 'counting' } : step;
}

async function release(client: PoolClient, replay: RunningReplay): Promise<ReplayStep> {
  const { rows: shares } = await client.query<ShareRow>(SHARES_SQL, [replay.id]);
  const plan = planRelease(shares);
  if (plan.length === 0)
    return replay.countedTo === null ? await finishIfOver(client, replay.id) : { kind: 'full' };
  const shown = await pick(client, { replay, plan });
  const picked = shown.flatMap((share) => share.picked).sort((one, other) => (one.id < other.id ? -1 : 1));
  const move = makesNew(replay) ? sendAnew : sendThemselves;
  const moved = await move(client, { replayId: replay.id, plan, picked });
  await advance(client, { replay, shown, moved });
  const isFarther = moved.released.count === 0 && shown.some(({ isLast }) => !isLast);
  return isFarther ? { kind: 'counting' } : { kind: 'released', released: moved.released };
}

interface Advance {
  readonly replay: RunningReplay;
  readonly shown: readonly PickedOfShare[];
  readonly moved: Moved;
}

/** An endpoint of which nothing is left to look at has nothing left, once all is counted. */
async function advance(client: PoolClient, { replay, shown, moved }: Advance): Promise<void> {
  const served = shown.map(({ endpointId, cursor, isLast }) => ({
    endpoint_id: endpointId,
    cursor,
    released: moved.countOf(endpointId),
    is_last: isLast && replay.countedTo === null,
  }));
  await client.query(ADVANCE_SQL, [replay.id, JSON.stringify(served), moved.released.count]);
}

const SELECT_SQL = `
  SELECT r.id, r.kind, r.selection AS filter, r.status, r.counted_to AS "countedTo", r.new_delivery AS "isNewDelivery",
    r.to_endpoint_id AS "toEndpointId", (SELECT customer_id FROM endpoints
      WHERE id = r.to_endpoint_id) AS "toCustomerId"
  FROM replays r WHERE r.id = $1 FOR UPDATE OF r`;

/** More endpoints are not served in one step. */
const MOST_ENDPOINTS_A_STEP = 50;

/**
 * What has been due for long waits for its own endpoint only, and what shut gates send keeps to their rules, a batch
 * may be a thousand: neither counts for the customer's other endpoints.
 */
const SHARES_SQL = `
  WITH under_way AS (
    SELECT d.endpoint_id, d.customer_id, count(*)::integer AS count, count(*) FILTER (
      WHERE g.is_open AND (d.wave_at IS NULL OR d.wave_at > now() - interval '2 seconds'))::integer AS in_the_way
    FROM open_deliveries d JOIN gates g ON g.endpoint_id = d.endpoint_id
    WHERE d.priority = 1 AND d.status IN (${UNANSWERED}) GROUP BY d.endpoint_id, d.customer_id)
  SELECT s.endpoint_id AS "endpointId", s.cursor, g.is_open AS "gateIsOpen", e.ordered AS "isInLine",
    g.needs_wake AND NOT g.is_open AND e.status = 'enabled' AS "needsWake", coalesce(u.count, 0) AS "underWay",
    e.customer_id AS "customerId", (SELECT coalesce(sum(o.in_the_way), 0)::integer FROM under_way o
      WHERE o.customer_id IS NOT DISTINCT FROM e.customer_id) AS "underWayOfCustomer"
  FROM replay_endpoints s JOIN endpoints e ON e.id = s.endpoint_id JOIN gates g ON g.endpoint_id = s.endpoint_id
  LEFT JOIN under_way u ON u.endpoint_id = s.endpoint_id
  WHERE s.replay_id = $1 AND e.deleted_at IS NULL
    AND (NOT g.is_open OR coalesce(u.count, 0) < ${REPLAY_WINDOW_OF_ENDPOINT})
  ORDER BY s.served_at, s.endpoint_id LIMIT ${MOST_ENDPOINTS_A_STEP}`;

/** What a cancelled replay gave back since this one was asked for goes with it, and is counted. */
const ADVANCE_SQL = `
  WITH served AS (
    SELECT * FROM json_to_recordset($2::json) AS i(endpoint_id text, cursor text, released integer, is_last boolean)),
  beyond AS (
    SELECT coalesce(sum(greatest(0, s.released + i.released - greatest(s.total, s.released))), 0) AS count
    FROM replay_endpoints s JOIN served i ON i.endpoint_id = s.endpoint_id WHERE s.replay_id = $1),
  moved_on AS (
    UPDATE replay_endpoints s SET cursor = i.cursor, released = s.released + i.released, served_at = clock_timestamp()
    FROM served i WHERE s.replay_id = $1 AND s.endpoint_id = i.endpoint_id AND NOT i.is_last),
  ended AS (
    DELETE FROM replay_endpoints s USING served i WHERE s.replay_id = $1 AND s.endpoint_id = i.endpoint_id AND i.is_last
    RETURNING greatest(0, s.total - s.released - i.released) AS passed_over)
  UPDATE replays SET released = released + $3, total = total + (SELECT count FROM beyond),
    passed_over = passed_over + (SELECT coalesce(sum(passed_over), 0) FROM ended)
  WHERE id = $1`;
