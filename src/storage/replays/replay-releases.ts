import type { PoolClient } from 'pg';
import {
  planRelease,
  REPLAY_WINDOW_OF_ENDPOINT,
  type ReplayShare,
  type ReplayStatus,
  SELECTED_STATUS,
} from '../../domain/replay.ts';
import { revive, settleEnded } from '../open/ended.ts';
import { positionsFrom, takePositions } from '../open/line.ts';
import { asStart, SELECT_STARTS, type StartRow } from '../open/start-row.ts';
import { REPLAY } from '../open/transitions/replays.ts';
import { WAVE_ROLLS } from '../open/wave-lanes.ts';
import type { Database } from '../postgres/database.ts';
import { withDispatchShared } from '../postgres/locks.ts';
import { UNANSWERED } from '../postgres/statuses.ts';
import { finishIfOver, returnUnattempted } from './replay-ends.ts';
import { type ReplaySelection, selectionCondition } from './replay-selection.ts';
import type { Released, ReplayStep } from './replay-step.ts';

type ReplayRow = ReplaySelection & { readonly id: string; readonly status: ReplayStatus };

interface ShareRow extends ReplayShare {
  readonly cursor: string;
  readonly isInLine: boolean;
  readonly needsWake: boolean;
}

interface Picked {
  readonly id: string;
  readonly endpointId: string;
}

interface Moved extends Picked {
  readonly isQueued: boolean;
  readonly waveRolls: boolean;
}

type Planned = ReturnType<typeof planRelease<ShareRow>>[number];

/** Gives back to delivery what replays select, a little at a time. */
export class ReplayReleases {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * One step of a replay, in a transaction in which no gate opens or shuts: releases what may be released now, of each endpoint
   * in the order of acceptance, those first that were served longest ago; or takes back what was cancelled. Safe to repeat.
   */
  async step(replayId: string): Promise<ReplayStep> {
    return await withDispatchShared(this.#database, async (client) => {
      const { rows } = await client.query<ReplayRow>(
        'SELECT id, kind, selection AS filter, status FROM replays WHERE id = $1 FOR UPDATE',
        [replayId],
      );
      const [replay] = rows;
      if (replay === undefined) return { kind: 'over', status: null };
      if (replay.status === 'completed') return { kind: 'over', status: 'completed' };
      if (replay.status === 'running') return await release(client, replay);
      const isOver = await returnUnattempted(client, replay);
      return isOver ? { kind: 'over', status: 'cancelled' } : { kind: 'returned' };
    });
  }
}

async function release(client: PoolClient, replay: ReplayRow): Promise<ReplayStep> {
  const { rows: shares } = await client.query<ShareRow>(SHARES_SQL, [replay.id]);
  const plan = planRelease(shares);
  if (plan.length === 0) return await finishIfOver(client, replay.id);
  const picked = await pick(client, { replay, plan });
  const moved = await move(client, { replay, plan, picked });
  await advance(client, { replay, plan, picked, moved });
  return { kind: 'released', released: await describe(client, plan, moved) };
}

interface Step {
  readonly replay: ReplayRow;
  readonly plan: readonly Planned[];
}

async function pick(client: PoolClient, { replay, plan }: Step): Promise<readonly Picked[]> {
  const { text, values } = selectionCondition(replay, 5);
  const { rows } = await client.query<Picked>(pickSql(text), [
    replay.id,
    plan.map(({ share }) => share.endpointId),
    plan.map(({ share }) => share.cursor),
    plan.map(({ most }) => most),
    ...values,
  ]);
  return rows;
}

/**
 * A dead letter's turn is over, so it goes to the end of its line; what was missed keeps the position it took when its event was
 * accepted.
 */
async function move(
  client: PoolClient,
  { replay, plan, picked }: Step & { readonly picked: readonly Picked[] },
): Promise<readonly Moved[]> {
  if (picked.length === 0) return [];
  const inLine = new Set(plan.filter(({ share }) => share.isInLine).map(({ share }) => share.endpointId));
  const lining = replay.kind === 'missed' ? [] : picked.filter(({ endpointId }) => inLine.has(endpointId));
  const positionOf = positionsFrom(
    await takePositions(
      client,
      lining.map(({ endpointId }) => endpointId),
    ),
  );
  const positions = lining.map(({ id, endpointId }) => [id, positionOf(endpointId)] as const);
  const ids = picked.map(({ id }) => id);
  await revive(client, ids);
  const { rows } = await client.query<Moved>(MOVE_SQL, [
    replay.id,
    ids,
    JSON.stringify(Object.fromEntries(positions)),
    SELECTED_STATUS[replay.kind],
  ]);
  // What was something else by then stays what it is.
  await settleEnded(client, ids);
  return rows;
}

/** An endpoint of which fewer were found than might have been released has nothing left. */
async function advance(
  client: PoolClient,
  {
    replay,
    plan,
    picked,
    moved,
  }: Step & { readonly picked: readonly Picked[]; readonly moved: readonly Moved[] },
): Promise<void> {
  const served = plan.map(({ share: { endpointId, cursor }, most }) => {
    const found = picked.filter((one) => one.endpointId === endpointId);
    const released = moved.filter((one) => one.endpointId === endpointId).length;
    const last = found.at(-1)?.id ?? cursor;
    return { endpoint_id: endpointId, cursor: last, released, is_last: found.length < most };
  });
  await client.query(ADVANCE_SQL, [replay.id, JSON.stringify(served), moved.length]);
}

async function describe(
  client: PoolClient,
  plan: readonly Planned[],
  moved: readonly Moved[],
): Promise<Released> {
  const queued = moved.filter(({ isQueued }) => isQueued).map(({ id }) => id);
  const held = new Set(moved.filter(({ isQueued }) => !isQueued).map(({ endpointId }) => endpointId));
  const starts =
    queued.length === 0
      ? []
      : (await client.query<StartRow>(`${SELECT_STARTS} WHERE d.id = ANY($1)`, [queued])).rows.map(asStart);
  return {
    count: moved.length,
    starts,
    waveRolls: moved[0]?.waveRolls ?? false,
    gatesToWake: plan
      .filter(({ share }) => share.needsWake && held.has(share.endpointId))
      .map(({ share }) => share.endpointId),
  };
}

/** More endpoints are not served in one step. */
const MOST_ENDPOINTS_A_STEP = 50;

/**
 * What has been due for long waits for its own endpoint only, and what shut gates send keeps to their rules, a batch may be a
 * thousand: neither counts for the customer's other endpoints.
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

/** What ended after the replay was asked for is not what was asked for. */
function pickSql(condition: string): string {
  return `
    SELECT p.id, s.endpoint_id AS "endpointId"
    FROM unnest($2::text[], $3::text[], $4::integer[]) AS s(endpoint_id, cursor, most), LATERAL (
      SELECT d.id FROM deliveries d
      WHERE d.endpoint_id = s.endpoint_id AND d.id > s.cursor AND ${condition}
        AND d.finished_at <= (SELECT created_at FROM replays WHERE id = $1)
      ORDER BY d.id LIMIT s.most) p
    ORDER BY p.id`;
}

/** They begin their schedule anew, and keep their attempts. The new positions are looked up by id. */
const MOVE_SQL = `
  WITH target AS (SELECT id FROM open_deliveries WHERE id = ANY($2) AND status = $4 ORDER BY id FOR UPDATE)
  ${REPLAY}
  FROM target t, gates g WHERE d.id = t.id AND d.id = ANY($2) AND g.endpoint_id = d.endpoint_id
  RETURNING d.id, d.endpoint_id AS "endpointId", d.status = 'queued' AS "isQueued", ${WAVE_ROLLS} AS "waveRolls"`;

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
