import type { PoolClient } from 'pg';
import { type BatchItem, type BatchSettings, cutBatch } from '../../domain/batch.ts';
import { BATCH_ENTRY_BYTES } from '../../signature/batch-data.ts';
import { waitMsUntil } from '../postgres/time-sql.ts';

/** Whose batches to plan; `settings` is null where only what is formed already goes together. */
export interface BatchPlanRequest {
  readonly endpointId: string;
  readonly settings: BatchSettings | null;
  readonly ordered: boolean;
  /** Most calls. */
  readonly most: number;
}

/** What can go now, in the order in which it should, at most as many calls as were asked for. */
export interface BatchPlan {
  /** Batches that were formed before, to be sent again whole. */
  readonly due: readonly string[];
  /** Deliveries that form new batches. */
  readonly cuts: readonly (readonly string[])[];
  /** Milliseconds until more is due: 0 where it is, or may be; null where nothing else waits. */
  readonly waitMs: number | null;
}

interface FrozenRow {
  readonly id: string;
  readonly isWhole: boolean;
  /** Whether a member is being sent, by hand or by a sender that died. */
  readonly isSending: boolean;
  readonly dueInMs: number;
}

interface WaitingRow {
  readonly id: string;
  readonly bytes: number;
  readonly ageMs: number;
  readonly dueInMs: number;
}

/** Between two looks at a batch of which a member is being sent. */
const BATCH_SENDING_WAIT_MS = 200;
/** About what one look may put into batches. */
const MOST_ITEMS = 1_000;
const MOST_BYTES = 8 * 1_024 * 1_024;

/**
 * Looks which batches of an endpoint can go: those that were formed before, and where none of them can, new ones. What
 * is cut is not formed yet: another may take its members first.
 */
export async function planBatches(client: PoolClient, request: BatchPlanRequest): Promise<BatchPlan> {
  const frozen = await frozenOf(client, request);
  const ready = frozen.filter((batch) => batch.isWhole && batch.dueInMs <= 0);
  const due = ready.slice(0, request.most).map(({ id }) => id);
  if (due.length > 0) return { due, cuts: [], waitMs: 0 };
  const waitMs = leastWait(frozen.map(frozenWait));
  const { settings, ordered } = request;
  if (settings === null || (ordered && frozen.length > 0)) return { due, cuts: [], waitMs };
  const fresh = await cutNew(client, { ...request, settings });
  return { due, cuts: fresh.cuts, waitMs: leastWait([waitMs, fresh.waitMs]) };
}

/** Where the order is kept only the first in line is looked at. */
async function frozenOf(
  client: PoolClient,
  { endpointId, ordered }: BatchPlanRequest,
): Promise<readonly FrozenRow[]> {
  const { rows } = await client.query<FrozenRow>({
    name: 'frozen-batches',
    text: FROZEN_SQL,
    values: [endpointId],
  });
  return ordered ? rows.slice(0, 1) : rows;
}

/** One that lost a member can be dissolved at once. */
function frozenWait({ isWhole, isSending, dueInMs }: FrozenRow): number {
  if (isWhole) return dueInMs;
  return isSending ? BATCH_SENDING_WAIT_MS : 0;
}

async function cutNew(
  client: PoolClient,
  { endpointId, settings, ordered, most }: BatchPlanRequest & { readonly settings: BatchSettings },
): Promise<Pick<BatchPlan, 'cuts' | 'waitMs'>> {
  const { maxEvents, maxBytes } = settings;
  const calls = Math.min(most, atLeastOne(MOST_ITEMS / maxEvents), atLeastOne(MOST_BYTES / maxBytes));
  const { rows } = await client.query<WaitingRow>({
    name: ordered ? 'waiting-in-order' : 'waiting-for-batch',
    text: ordered ? WAITING_IN_ORDER_SQL : WAITING_SQL,
    // One more than can go, so that the last batch never looks like the rest of what waits.
    values: [endpointId, calls * maxEvents + 1],
  });
  const early = rows.filter((row) => row.dueInMs > 0);
  const isDue = (row: WaitingRow, index: number): boolean =>
    ordered ? early[0] === undefined || index < rows.indexOf(early[0]) : row.dueInMs <= 0;
  const nextMs = ordered ? (early[0]?.dueInMs ?? null) : leastWait(early.map((row) => row.dueInMs));
  const cuts: (readonly string[])[] = [];
  let waiting = rows.filter(isDue).map(asItem);
  while (cuts.length < calls) {
    const { members, waitMs } = cutBatch(waiting, { settings, now: 0 });
    if (members.length === 0) return { cuts, waitMs: leastWait([waitMs, nextMs]) };
    cuts.push(members);
    waiting = waiting.slice(members.length);
  }
  return { cuts, waitMs: 0 };
}

function atLeastOne(calls: number): number {
  return Math.max(1, Math.floor(calls));
}

function asItem({ id, bytes, ageMs }: WaitingRow): BatchItem {
  return { id, bytes, acceptedAt: -ageMs };
}

function leastWait(waits: readonly (number | null)[]): number | null {
  const known = waits.filter((wait) => wait !== null);
  return known.length === 0 ? null : Math.min(...known);
}

const FROZEN_SQL = `
  SELECT b.id, f.held = cardinality(b.delivery_ids) AS "isWhole", f.due_in_ms AS "dueInMs",
    f.held < cardinality(b.delivery_ids) AND EXISTS (
      SELECT FROM open_deliveries o WHERE o.id = ANY(b.delivery_ids) AND o.status = 'sending') AS "isSending"
  FROM (
    SELECT d.batch_id, count(*) AS held, min(d.position) AS position, max(coalesce(d.due_at, now())) AS due_at,
      ${waitMsUntil('max(coalesce(d.due_at, now()))')} AS due_in_ms
    FROM open_deliveries d WHERE d.endpoint_id = $1 AND d.status = 'held' AND d.batch_id IS NOT NULL
    GROUP BY d.batch_id) f
  JOIN batches b ON b.id = f.batch_id ORDER BY f.position NULLS FIRST, f.due_at, b.id`;

/** What was never sent counts its age from when it came due: what was scheduled waits for company too. */
const WAITING_COLUMNS = `
  d.id, ${BATCH_ENTRY_BYTES} + octet_length(d.event) + octet_length(d.id) + octet_length(ev.data) AS bytes,
  (extract(epoch FROM clock_timestamp() - CASE d.attempts_made WHEN 0 THEN coalesce(d.due_at, d.created_at)
    ELSE d.created_at END)
    * 1000)::float8 AS "ageMs",
  ${waitMsUntil('coalesce(d.due_at, now())')} AS "dueInMs"`;

const FROM_WAITING =
  'FROM open_deliveries d JOIN events ev ON ev.id = d.event_id ' +
  "WHERE d.endpoint_id = $1 AND d.status = 'held' AND d.batch_id IS NULL";

const WAITING_IN_ORDER_SQL = `SELECT ${WAITING_COLUMNS} ${FROM_WAITING} ORDER BY d.position NULLS FIRST, d.id LIMIT $2`;

/** What is live before what is replayed, and of each the first that is not due yet. */
const WAITING_SQL = `
  SELECT w.id, w.bytes, w."ageMs", w."dueInMs" FROM (VALUES (0), (1)) AS p(priority), LATERAL (
    (SELECT ${WAITING_COLUMNS}, d.due_at ${FROM_WAITING} AND d.priority = p.priority AND d.due_at <= now()
     ORDER BY d.due_at, d.id LIMIT $2)
    UNION ALL
    (SELECT ${WAITING_COLUMNS}, d.due_at ${FROM_WAITING} AND d.priority = p.priority AND d.due_at > now()
     ORDER BY d.due_at, d.id LIMIT 1)) w
  ORDER BY p.priority, w.due_at, w.id`;
