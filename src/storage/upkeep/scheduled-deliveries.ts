import type { PoolClient } from 'pg';
import type { DeliveryStart } from '../../domain/delivery-start.ts';
import type { Circumstances } from '../events/new-event.ts';
import { settleEnded } from '../open/ended.ts';
import { positionsFrom, takePositions } from '../open/line.ts';
import { noteEnds } from '../open/note-outcomes.ts';
import { asStart, SELECT_STARTS, type StartRow } from '../open/start-row.ts';
import { COME_DUE, LINE_UP } from '../open/transitions/waiting.ts';
import { WAVE_ROLLS } from '../open/wave-lanes.ts';
import type { Database } from '../postgres/database.ts';
import { withDispatchShared } from '../postgres/locks.ts';
import { msUntil } from '../postgres/time-sql.ts';
import { lockOverdue, MAX_PER_CHUNK } from './overdue-sql.ts';

/** Told of what became due, as publish tells. */
export type DueListener = (starts: readonly DeliveryStart[], circumstances: Circumstances) => void;

/** Deliveries of events that were published for later. */
export class ScheduledDeliveries {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Moves those that have come due to where publish would put them now. @returns how many */
  async moveDue(onDue: DueListener): Promise<number> {
    let moved = 0;
    for (;;) {
      const { count, starts, waveRolls } = await withDispatchShared(this.#database, moveChunk);
      if (starts.length > 0) onDue(starts, { waveRolls });
      moved += count;
      if (count < MAX_PER_CHUNK) return moved;
    }
  }

  /** Milliseconds until the next one comes due; null where there is none. */
  async nextInMs(): Promise<number | null> {
    const { rows } = await this.#database.pool.query<{ wait: number | null }>(
      `SELECT ${msUntil('min(recheck_at)', 'now()')} AS wait FROM open_deliveries
       WHERE status = 'scheduled' AND recheck_at IS NOT NULL`,
    );
    return rows[0]?.wait ?? null;
  }
}

interface MovedChunk extends Circumstances {
  readonly count: number;
  /** Of those that are to be sent now. */
  readonly starts: readonly DeliveryStart[];
}

async function moveChunk(client: PoolClient): Promise<MovedChunk> {
  const { rows } = await client.query<MovedRow>(MOVE_SQL);
  await lineUp(client, rows);
  await settleEnded(
    client,
    rows.map(({ id }) => id),
  );
  const queued = rows.filter((row) => row.isQueued).map((row) => row.id);
  const starts =
    queued.length === 0
      ? []
      : (await client.query<StartRow>(`${SELECT_STARTS} WHERE d.id = ANY($1)`, [queued])).rows.map(asStart);
  return { count: rows.length, starts, waveRolls: rows[0]?.waveRolls ?? false };
}

interface MovedRow extends Circumstances {
  readonly id: string;
  readonly endpointId: string;
  readonly isQueued: boolean;
  readonly isInLine: boolean;
}

/** A position in line is taken when its time comes, not when the event was accepted. */
async function lineUp(client: PoolClient, rows: readonly MovedRow[]): Promise<void> {
  const inLine = rows.filter((row) => row.isInLine);
  if (inLine.length === 0) return;
  const positionOf = positionsFrom(
    await takePositions(
      client,
      inLine.map((row) => row.endpointId),
    ),
  );
  await client.query(
    `${LINE_UP} FROM unnest($1::text[], $2::bigint[]) AS i(id, position) WHERE d.id = i.id`,
    [inLine.map((row) => row.id), inLine.map((row) => positionOf(row.endpointId))],
  );
}

const MOVE_SQL = `
  ${lockOverdue("status = 'scheduled'")},
  due AS (
    ${COME_DUE}
    FROM target t, endpoints e, gates g WHERE d.id = t.id AND e.id = d.endpoint_id AND g.endpoint_id = e.id
    RETURNING d.*, e.ordered),
  noted AS (${noteEnds(`SELECT id, endpoint_id, customer_id, event, created_at, is_test,
    status AS became, NULL::text AS former
    FROM due WHERE status = 'skipped'`)})
  SELECT id, endpoint_id AS "endpointId", status = 'queued' AS "isQueued", ordered
    AND status <> 'skipped' AS "isInLine",
    ${WAVE_ROLLS} AS "waveRolls"
  FROM due`;
