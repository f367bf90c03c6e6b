import type { PoolClient } from 'pg';
import type { AttemptTrigger } from '../../domain/attempt.ts';
import {
  type Breaker,
  type BreakerChange,
  type BreakerSettings,
  foldResults,
  NEW_BREAKER,
} from '../../domain/breaker.ts';
import type { ErrorCode } from '../../domain/error-code.ts';
import { type FailingAnnounced, type FailingStage, failingStep } from '../../domain/failing-stage.ts';
import { type EndpointChange, noteEndpointChanges } from '../access/endpoint-changes.ts';
import { type Announcement, insertAnnouncements, type OnAnnounced } from '../events/announcements.ts';
import {
  closedAnnouncement,
  disablingAnnouncement,
  type EndpointSubject,
  openedAnnouncement,
} from '../events/endpoint-announcements.ts';
import type { Database } from '../postgres/database.ts';
import { withDispatchShared } from '../postgres/locks.ts';
import { epochMs } from '../postgres/time-sql.ts';

/** What one attempt says about its endpoint. */
export interface HealthResult {
  readonly endpointId: string;
  readonly trigger: AttemptTrigger;
  /** The breaker's epoch when the attempt was claimed. */
  readonly breakerEpoch: number;
  /** Whether the endpoint had failed lately when the attempt was claimed. */
  readonly isFailing: boolean;
  readonly errorCode: ErrorCode | null;
  readonly retryAfterMs: number | null;
  /** Whether our own network was suspected when it ended. */
  readonly isExcused: boolean;
}

/** What results changed at an endpoint. */
export interface HealthChange {
  readonly endpointId: string;
  /** Null where its breaker is in the state it was. */
  readonly change: BreakerChange | null;
  readonly breaker: Breaker;
  /** Whether it has failed for so long without a break, announced in time, that it is to be disabled. */
  readonly isGivenUp: boolean;
}

/** An endpoint that is well again, and since when its breaker was open. */
export interface Recovery {
  readonly endpointId: string;
  readonly openedAt: Date;
}

/** Does what a recovery calls for, in the transaction of it. */
export type OnRecovered = (client: PoolClient, recovery: Recovery) => Promise<void>;

interface BreakerListener {
  /** Is told of what operators are to hear of endpoints that fail or recover. */
  readonly onAnnounced?: OnAnnounced;
  readonly onRecovered?: OnRecovered;
}

/** Say nothing about the endpoint. */
export const NO_FACTS: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['outcome_unknown', 'internal_error']);

interface HealthRow extends EndpointSubject {
  readonly breaker: Breaker;
  readonly settings: BreakerSettings;
  readonly stage: FailingStage;
  readonly announcedAt: number | null;
  readonly now: number;
}

/** What results make of a row. */
interface FoldedRow {
  readonly change: HealthChange;
  readonly announced: FailingAnnounced;
  readonly announcements: readonly Announcement[];
  /** For the audit log; null where its breaker is in the state it was. */
  readonly noted: EndpointChange | null;
  readonly recovery: Recovery | null;
}

/**
 * The health of endpoints: breakers, folded from the results of attempts. A healthy endpoint has no row and costs
 * nothing.
 */
export class BreakerStore {
  readonly #database: Database;
  readonly #onAnnounced: OnAnnounced;
  readonly #onRecovered: OnRecovered;

  constructor(
    database: Database,
    { onAnnounced = () => {}, onRecovered = async () => {} }: BreakerListener = {},
  ) {
    this.#database = database;
    this.#onAnnounced = onAnnounced;
    this.#onRecovered = onRecovered;
  }

  /**
   * Counts a group of results, in the order of their completion, and announces what follows from them, in one
   * transaction.
   * @returns the endpoints whose breaker changed its state or that are to be disabled
   */
  async fold(results: readonly HealthResult[]): Promise<readonly HealthChange[]> {
    const facts = results.filter(isFact);
    if (facts.length === 0) return [];
    const ids = [...new Set(facts.map((fact) => fact.endpointId))].sort();
    const { folded, inserted } = await withDispatchShared(this.#database, async (client) => {
      const rows = await lockHealth(client, ids);
      const folded = rows.map((row) => foldRow(row, facts));
      for (const { change, announced } of folded) await saveHealth(client, change, announced);
      await noteEndpointChanges(
        client,
        folded.flatMap(({ noted }) => noted ?? []),
      );
      for (const { recovery } of folded) if (recovery !== null) await this.#onRecovered(client, recovery);
      const announcements = folded.flatMap((row) => row.announcements);
      return { folded, inserted: await insertAnnouncements(client, announcements) };
    });
    if (inserted !== null) this.#onAnnounced(inserted);
    return folded.map((row) => row.change).filter(({ change, isGivenUp }) => change !== null || isGivenUp);
  }
}

function foldRow(row: HealthRow, facts: readonly HealthResult[]): FoldedRow {
  const { endpointId, breaker: before, settings, now } = row;
  const own = facts.filter((fact) => fact.endpointId === endpointId);
  const results = own.map(({ breakerEpoch, errorCode, retryAfterMs, isExcused }) => ({
    epoch: breakerEpoch,
    isSuccess: errorCode === null,
    retryAfterMs,
    isExcused,
    at: now,
  }));
  const { breaker, change } = foldResults(before, results, { settings, now });
  const isSameRun = breaker.failingSince === before.failingSince;
  const announced = isSameRun ? { stage: row.stage, at: row.announcedAt } : NOTHING_ANNOUNCED;
  const isExcused = own.every((fact) => fact.isExcused);
  const step = isExcused ? null : failingStep(breaker.failingSince, now, { announced });
  const announcements: Announcement[] = [];
  const lastErrorCode = own.findLast((fact) => fact.errorCode !== null)?.errorCode ?? null;
  if (change === 'opened') announcements.push(openedAnnouncement(row, breaker, { lastErrorCode, now }));
  if (change === 'closed') announcements.push(closedAnnouncement(row, before, now));
  if (step?.kind === 'announce')
    announcements.push(disablingAnnouncement(row, step, breaker.failingSince ?? now));
  return {
    change: { endpointId, change, breaker, isGivenUp: step?.kind === 'disable' },
    announced: step?.kind === 'announce' ? { stage: step.percent, at: now } : announced,
    announcements,
    noted: change === null ? null : { endpointId, ...NOTED[change](lastErrorCode) },
    recovery:
      change === 'closed' && before.openedAt !== null
        ? { endpointId, openedAt: new Date(before.openedAt) }
        : null,
  };
}

type Noted = Omit<EndpointChange, 'endpointId'>;

const NOTED: Readonly<Record<BreakerChange, (lastErrorCode: ErrorCode | null) => Noted>> = {
  opened: (reason) => ({ action: 'endpoint.breaker_open', reason }),
  reopened: (reason) => ({ action: 'endpoint.breaker_reopen', reason }),
  closed: () => ({ action: 'endpoint.breaker_close', reason: 'probe_succeeded' }),
};

const NOTHING_ANNOUNCED: FailingAnnounced = { stage: 0, at: null };

/** Successes of healthy endpoints are no news. */
function isFact({ trigger, errorCode, isFailing }: HealthResult): boolean {
  if (trigger !== 'automatic') return false;
  return errorCode === null ? isFailing : !NO_FACTS.has(errorCode);
}

/** Locked in the order of their ids, as everywhere; new rows for endpoints that fail for the first time. */
async function lockHealth(client: PoolClient, ids: readonly string[]): Promise<readonly HealthRow[]> {
  await client.query(
    `INSERT INTO endpoint_health (endpoint_id, breaker)
     SELECT id, $2 FROM endpoints WHERE id = ANY($1) ORDER BY id ON CONFLICT DO NOTHING`,
    [ids, JSON.stringify(NEW_BREAKER)],
  );
  const { rows } = await client.query<HealthRow>(
    `SELECT h.endpoint_id AS "endpointId", e.customer_id AS "customerId", e.url, h.breaker, e.breaker AS settings,
       h.announced AS stage, ${epochMs('h.announced_at')} AS "announcedAt",
       ${epochMs('clock_timestamp()')} AS now
     FROM endpoint_health h JOIN endpoints e ON e.id = h.endpoint_id WHERE h.endpoint_id = ANY($1)
     ORDER BY h.endpoint_id FOR UPDATE OF h`,
    [ids],
  );
  return rows;
}

async function saveHealth(
  client: PoolClient,
  { endpointId, breaker }: HealthChange,
  { stage, at }: FailingAnnounced,
): Promise<void> {
  await saveBreaker(client, endpointId, breaker);
  await client.query(
    `UPDATE endpoint_health SET announced = $2, announced_at = to_timestamp($3::float8 / 1000)
     WHERE endpoint_id = $1 AND announced <> $2`,
    [endpointId, stage, at],
  );
}

/** Locks the row of an endpoint's breaker until the caller's transaction ends; null where it never failed. */
export async function lockBreaker(client: PoolClient, endpointId: string): Promise<Breaker | null> {
  const { rows } = await client.query<{ breaker: Breaker }>(
    'SELECT breaker FROM endpoint_health WHERE endpoint_id = $1 FOR UPDATE',
    [endpointId],
  );
  return rows[0]?.breaker ?? null;
}

/** Saves a breaker whose row the caller has locked. */
export async function saveBreaker(client: PoolClient, endpointId: string, breaker: Breaker): Promise<void> {
  const isFailing =
    breaker.state !== 'closed' ||
    breaker.window.some((bucket) => bucket.failures > 0) ||
    breaker.failingSince !== null;
  await client.query(
    'UPDATE endpoint_health SET breaker = $2, state = $3, epoch = $4, is_failing = $5 WHERE endpoint_id = $1',
    [endpointId, JSON.stringify(breaker), breaker.state, breaker.epoch, isFailing],
  );
}
