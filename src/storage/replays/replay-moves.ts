import type { PoolClient } from 'pg';
import type { planRelease, ReplayShare } from '../../domain/replay.ts';
import { insertFurther } from '../events/further-deliveries.ts';
import { revive, settleEnded } from '../open/ended.ts';
import { positionsFrom, takePositions } from '../open/line.ts';
import { asStart, SELECT_STARTS, type StartRow } from '../open/start-row.ts';
import { REPLAY } from '../open/transitions/replays.ts';
import { WAVE_ROLLS } from '../open/wave-lanes.ts';
import { SELECTABLE } from '../postgres/statuses.ts';
import type { Released } from './replay-step.ts';

/** How far a replay has come at an endpoint. */
export interface ShareRow extends ReplayShare {
  readonly cursor: string;
  readonly isInLine: boolean;
  readonly needsWake: boolean;
}

/** How much may be released of an endpoint now. */
export type Planned = ReturnType<typeof planRelease<ShareRow>>[number];

/** A delivery whose turn has come, and where the replay sends it. */
export interface Picked {
  readonly id: string;
  readonly endpointId: string;
  readonly status: string;
  readonly eventId: string;
  readonly event: string;
}

/** What was released at which endpoint. */
export interface Moved {
  readonly countOf: (endpointId: string) => number;
  readonly released: Released;
}

interface Move {
  readonly replayId: string;
  readonly plan: readonly Planned[];
  readonly picked: readonly Picked[];
}

/**
 * Sends the deliveries themselves once more. What ended goes to the end of its line; what was missed keeps the position
 * it took when its event was accepted.
 */
export async function sendThemselves(client: PoolClient, { replayId, plan, picked }: Move): Promise<Moved> {
  if (picked.length === 0) return NOTHING_MOVED;
  const inLine = new Set(plan.filter(({ share }) => share.isInLine).map(({ share }) => share.endpointId));
  const lining = picked.filter(({ endpointId, status }) => status !== 'skipped' && inLine.has(endpointId));
  const positionOf = positionsFrom(
    await takePositions(
      client,
      lining.map(({ endpointId }) => endpointId),
    ),
  );
  const positions = lining.map(({ id, endpointId }) => [id, positionOf(endpointId)] as const);
  const ids = picked.map(({ id }) => id);
  await revive(client, ids);
  const { rows } = await client.query<MovedRow>(MOVE_SQL, [
    replayId,
    ids,
    JSON.stringify(Object.fromEntries(positions)),
  ]);
  // What was something else by then stays what it is.
  await settleEnded(client, ids);
  return { countOf: countsOf(rows), released: await describe(client, plan, rows) };
}

/** Makes a delivery of its own of each, once an event and endpoint, in the order of acceptance. */
export async function sendAnew(client: PoolClient, { replayId, picked }: Move): Promise<Moved> {
  const fresh = picked.filter(isFirstOfItsKind);
  const { rows } = await client.query<{ id: string; customerId: string | null }>(LOCK_EVENTS_SQL, [
    fresh.map(({ eventId }) => eventId),
  ]);
  const customers = new Map(rows.map(({ id, customerId }) => [id, customerId]));
  const further = fresh.flatMap(({ id: sourceId, endpointId, eventId, event }) => {
    const customerId = customers.get(eventId);
    if (customerId === undefined) return [];
    return [{ event: { id: eventId, event, customerId }, endpointId, replay: { id: replayId, sourceId } }];
  });
  if (further.length === 0) return NOTHING_MOVED;
  const { deliveries, told } = await insertFurther(client, further);
  const rowsMade = deliveries.map(({ endpoint }) => ({ endpointId: endpoint.id }));
  return { countOf: countsOf(rowsMade), released: { ...told, count: deliveries.length } };
}

interface MovedRow {
  readonly id: string;
  readonly endpointId: string;
  readonly isQueued: boolean;
  readonly waveRolls: boolean;
}

const NOTHING_MOVED: Moved = {
  countOf: () => 0,
  released: { count: 0, starts: [], waveRolls: false, gatesToWake: [] },
};

function isFirstOfItsKind(one: Picked, index: number, all: readonly Picked[]): boolean {
  return (
    all.findIndex(({ eventId, endpointId }) => eventId === one.eventId && endpointId === one.endpointId) ===
    index
  );
}

function countsOf(rows: readonly { readonly endpointId: string }[]): Moved['countOf'] {
  return (endpointId) => rows.filter((row) => row.endpointId === endpointId).length;
}

async function describe(
  client: PoolClient,
  plan: readonly Planned[],
  moved: readonly MovedRow[],
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

/** They begin their schedule anew, and keep their attempts. The new positions are looked up by id. */
const MOVE_SQL = `
  WITH target AS (SELECT id FROM open_deliveries WHERE id = ANY($2) AND status IN (${SELECTABLE}) ORDER BY id
    FOR UPDATE)
  ${REPLAY}
  FROM target t, gates g WHERE d.id = t.id AND d.id = ANY($2) AND g.endpoint_id = d.endpoint_id
  RETURNING d.id, d.endpoint_id AS "endpointId", d.status = 'queued' AS "isQueued", ${WAVE_ROLLS} AS "waveRolls"`;

/** Whoever erases one of them at this moment waits; what is erased is not sent. */
const LOCK_EVENTS_SQL = `
  SELECT id, customer_id AS "customerId" FROM events WHERE id = ANY($1) AND erased_at IS NULL ORDER BY id FOR UPDATE`;
