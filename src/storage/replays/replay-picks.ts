import type { PoolClient } from 'pg';
import { allOf } from '../postgres/conditions.ts';
import type { Picked, Planned } from './replay-moves.ts';
import { askedConditions, indexedConditions, makesNew, type ReplaySelection } from './replay-selection.ts';

/** So many rows are looked at in one step, of all endpoints together: what is rare is found in several. */
const PICKED_AMONG = 2_000;

/** What is to be sent of an endpoint now, and how far it was looked at. */
export interface PickedOfShare {
  readonly endpointId: string;
  readonly picked: readonly Picked[];
  /** The last delivery that was looked at. */
  readonly cursor: string;
  /** Whether there is nothing behind it. */
  readonly isLast: boolean;
}

interface Picking {
  readonly replay: ReplaySelection & { readonly id: string; readonly countedTo: string | null };
  readonly plan: readonly Planned[];
}

/** Finds the deliveries of each endpoint whose turn has come, in the order of acceptance, among a bounded number. */
export async function pick(client: PoolClient, { replay, plan }: Picking): Promise<readonly PickedOfShare[]> {
  const indexed = allOf(indexedConditions(replay), 7);
  const asked = allOf(askedConditions(replay), 7 + indexed.values.length);
  const { rows } = await client.query<PickedRow>(
    pickSql(replay, { indexed: indexed.text, asked: asked.text }),
    [
      replay.id,
      plan.map(({ share }) => share.endpointId),
      plan.map(({ share }) => share.cursor),
      plan.map(({ most }) => most),
      replay.countedTo,
      Math.ceil(PICKED_AMONG / plan.length),
      ...indexed.values,
      ...asked.values,
    ],
  );
  return rows.map(asPicked);
}

interface PickedRow {
  readonly endpointId: string;
  readonly cursor: string;
  readonly most: number;
  /** Null where nothing was found. */
  readonly picked: readonly Omit<Picked, 'endpointId'>[] | null;
  /** Where the look ended although there may be more; null where it came to the end. */
  readonly lookedTo: string | null;
}

function asPicked({ endpointId, cursor, most, picked, lookedTo }: PickedRow): PickedOfShare {
  const found = (picked ?? []).map((one) => ({ ...one, endpointId }));
  const last = found.at(-1)?.id ?? cursor;
  const isFull = found.length >= most;
  return {
    endpointId,
    picked: found,
    cursor: isFull ? last : (lookedTo ?? last),
    isLast: !isFull && lookedTo === null,
  };
}

/** What of the replay was released already; a cancelled one that goes on comes by it again. */
const IS_RELEASED = 'd.replay_id IS NOT DISTINCT FROM $1';
const IS_MADE = `EXISTS (
          SELECT FROM events ev, unnest(ev.delivery_ids) AS o(id) JOIN deliveries made ON made.id = o.id
          WHERE ev.id = d.event_id AND made.replay_id = $1 AND made.endpoint_id = s.endpoint_id)`;

/** What ended after the replay was asked for is not what was asked for. */
function pickSql(
  replay: ReplaySelection,
  { indexed, asked }: { readonly indexed: string; readonly asked: string },
): string {
  const isOfShare = replay.target === undefined ? 'd.endpoint_id = s.endpoint_id' : 'true';
  return `
    SELECT s.endpoint_id AS "endpointId", s.cursor, s.most, p.picked, p.looked_to AS "lookedTo"
    FROM unnest($2::text[], $3::text[], $4::integer[]) AS s(endpoint_id, cursor, most), LATERAL (
      WITH looked AS MATERIALIZED (
        SELECT d.id, d.endpoint_id, d.event_id, d.event, d.status, d.is_test, d.last_error_code, d.dead_reason,
          d.replay_id, d.created_at, d.finished_at
        FROM deliveries d
        WHERE ${isOfShare} AND d.id > s.cursor AND ($5::text IS NULL OR d.id <= $5) AND ${indexed}
        ORDER BY d.id LIMIT $6),
      found AS (
        SELECT d.id, d.status, d.event_id, d.event FROM looked d
        WHERE ${asked} AND d.finished_at <= (SELECT created_at FROM replays WHERE id = $1)
          AND NOT (${makesNew(replay) ? IS_MADE : IS_RELEASED})
        ORDER BY d.id LIMIT s.most)
      SELECT (SELECT json_agg(json_build_object('id', f.id, 'status', f.status, 'eventId', f.event_id, 'event', f.event)
          ORDER BY f.id) FROM found f) AS picked,
        (SELECT CASE WHEN count(*) >= $6 THEN max(l.id) END FROM looked l) AS looked_to) p`;
}
