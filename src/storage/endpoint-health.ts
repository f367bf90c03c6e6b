import type { PoolClient } from 'pg';
import type { AttemptTrigger } from '../domain/attempt.ts';
import {
  type Breaker,
  type BreakerChange,
  type BreakerSettings,
  foldResults,
  NEW_BREAKER,
} from '../domain/breaker.ts';
import type { ErrorCode } from '../domain/error-code.ts';
import { type Database, inTransaction } from './database.ts';

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
}

/** What results changed at an endpoint. */
export interface HealthChange {
  readonly endpointId: string;
  readonly change: BreakerChange;
  readonly breaker: Breaker;
}

/** Say nothing about the endpoint. */
const NO_FACTS: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['outcome_unknown', 'internal_error']);

interface HealthRow {
  readonly endpointId: string;
  readonly breaker: Breaker;
  readonly settings: BreakerSettings;
  readonly now: number;
}

/** The health of endpoints: breakers, folded from the results of attempts. A healthy endpoint has no row and costs nothing. */
export class EndpointHealth {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Counts a group of results, in the order of their completion. @returns the breakers that changed their state */
  async fold(
    results: readonly HealthResult[],
    isNetworkSuspected: boolean,
  ): Promise<readonly HealthChange[]> {
    const facts = results.filter(isFact);
    if (facts.length === 0) return [];
    const ids = [...new Set(facts.map((fact) => fact.endpointId))].sort();
    return await inTransaction(this.#database.pool, async (client) => {
      const rows = await lockHealth(client, ids);
      const changes: HealthChange[] = [];
      for (const { endpointId, breaker, settings, now } of rows) {
        const own = facts.filter((fact) => fact.endpointId === endpointId);
        const folded = foldResults(
          breaker,
          own.map((fact) => ({
            epoch: fact.breakerEpoch,
            isSuccess: fact.errorCode === null,
            retryAfterMs: fact.retryAfterMs,
            at: now,
          })),
          { settings, now, isNetworkSuspected },
        );
        await saveBreaker(client, endpointId, folded.breaker);
        if (folded.change !== null)
          changes.push({ endpointId, change: folded.change, breaker: folded.breaker });
      }
      return changes;
    });
  }
}

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
    `SELECT h.endpoint_id AS "endpointId", h.breaker, e.breaker AS settings,
       (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now
     FROM endpoint_health h JOIN endpoints e ON e.id = h.endpoint_id WHERE h.endpoint_id = ANY($1)
     ORDER BY h.endpoint_id FOR UPDATE OF h`,
    [ids],
  );
  return rows;
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
