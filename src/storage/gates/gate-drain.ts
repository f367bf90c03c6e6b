import type { PoolClient } from 'pg';
import type { BatchSettings } from '../../domain/batch.ts';
import { type Breaker, beginProbe } from '../../domain/breaker.ts';
import type { EndpointStatus } from '../../domain/endpoint.ts';
import { type ArrivalTime, admit, type RateLimit } from '../../domain/rate-limit.ts';
import type { Timing } from '../../domain/timing.ts';
import { noteEndpointChanges } from '../access/endpoint-changes.ts';
import { claimBatches } from '../claims/batch-claims.ts';
import type { Outgoing } from '../claims/claim.ts';
import { claimHeld } from '../claims/gate-claims.ts';
import { CALLS_UNDER_WAY } from '../claims/manual-turn.ts';
import { type Database, inTransaction } from '../postgres/database.ts';
import { epochMs, milliseconds } from '../postgres/time-sql.ts';
import type { SecretBox } from '../sealed/secret-box.ts';
import { lockBreaker, saveBreaker } from './breaker-store.ts';
import { HAS_FROZEN, nextDueOf } from './next-due.ts';

/** Which drain of which gate; the token changes with every drain, so that two never send at once. */
export interface GateDrain {
  readonly endpointId: string;
  readonly token: string;
}

/** A call, and how long to wait before it is made so that the endpoint's rate is kept. */
export interface PacedCall {
  readonly outgoing: Outgoing;
  readonly startsInMs: number;
}

/** What a gate let go, or what keeps it. */
export type GateLook =
  /** Another drain has the gate by now. */
  | { readonly kind: 'replaced' }
  | { readonly kind: 'shut'; readonly why: 'paused' | 'disabled' | 'deleted' }
  /** The breaker is open; the probe is due after so long. */
  | { readonly kind: 'open'; readonly probeInMs: number }
  /** Look again after so long, null where nothing is held; it may be nothing that was taken. */
  | { readonly kind: 'draining'; readonly calls: readonly PacedCall[]; readonly waitMs: number | null };

/** Claims are made ahead of their time by at most this, so that a fast rate does not need a statement each. */
const AHEAD_MS = 100;
/** How often a drain can look, about. */
const LOOK_MS = 50;
/** Between two looks while something is being sent that the next has to wait for. */
const DRAIN_SENDING_WAIT_MS = 20;

interface GateRow {
  readonly token: string;
  readonly arrival: ArrivalTime | null;
  readonly status: EndpointStatus;
  readonly isDeleted: boolean;
  readonly rateLimit: RateLimit | null;
  readonly maxConcurrency: number | null;
  readonly batch: BatchSettings | null;
  /** Whether it holds a batch that is formed. */
  readonly hasFrozen: boolean;
  readonly ordered: boolean;
  readonly breaker: Breaker | null;
  /** Calls that are under way. */
  readonly sending: number;
  /** Deliveries that wait for a manual attempt, as far as room is scarce. */
  readonly wishes: number;
  /** Milliseconds since the epoch by the database's clock. */
  readonly now: number;
}

/** What the gates hold, let go one endpoint at a time under its rules. */
export class GateDrains {
  readonly #database: Database;
  readonly #secretBox: SecretBox;

  constructor(database: Database, secretBox: SecretBox) {
    this.#database = database;
    this.#secretBox = secretBox;
  }

  /**
   * Begins a drain of the gate; the one before it is replaced. From now on nobody needs to wake the gate's workflow.
   */
  async begin({ endpointId, token }: GateDrain): Promise<void> {
    await this.#database.pool.query(
      `WITH awake AS (UPDATE gates SET needs_wake = false WHERE endpoint_id = $1 AND needs_wake)
       INSERT INTO gate_drains (endpoint_id, token, lease_until)
       SELECT id, $2, now() + ${milliseconds('$3')} FROM endpoints WHERE id = $1
       ON CONFLICT (endpoint_id) DO UPDATE SET token = excluded.token, lease_until = excluded.lease_until`,
      [endpointId, token, this.#database.timing.drainLeaseMs],
    );
  }

  /**
   * Lets go what is due, the longest held first, at most `room` calls and no more than the endpoint's rate, cap, order
   * and breaker allow. @param owner kept in the rows so that their history can be explained
   */
  async look(
    drain: GateDrain,
    { room, owner }: { readonly room: number; readonly owner: string },
  ): Promise<GateLook> {
    return await inTransaction(this.#database.pool, async (client) => {
      const gate = await lockGate(client, drain, this.#database.timing);
      if (gate === null || gate.token !== drain.token) return { kind: 'replaced' };
      if (gate.isDeleted) return { kind: 'shut', why: 'deleted' };
      if (gate.status !== 'enabled') return { kind: 'shut', why: gate.status };
      const breaker = await this.#probeIfDue(client, drain, gate);
      if (breaker?.state === 'open')
        return { kind: 'open', probeInMs: Math.max(0, (breaker.probeAt ?? gate.now) - gate.now) };
      const most = roomUnder({ ...gate, breaker }, room);
      if (most === 0) return { kind: 'draining', calls: [], waitMs: DRAIN_SENDING_WAIT_MS };
      return await this.#take(client, drain, { gate, most, owner });
    });
  }

  async #probeIfDue(
    client: PoolClient,
    { endpointId }: GateDrain,
    { breaker, now }: GateRow,
  ): Promise<Breaker | null> {
    if (breaker === null || beginProbe(breaker, now) === breaker) return breaker;
    // Results may be folded in and people may act at this moment.
    const latest = await lockBreaker(client, endpointId);
    if (latest === null) return null;
    const probing = beginProbe(latest, now);
    if (probing === latest) return latest;
    await saveBreaker(client, endpointId, probing);
    const change = { endpointId, action: 'endpoint.breaker_probe', reason: 'cooldown_over' } as const;
    await noteEndpointChanges(client, [change]);
    return probing;
  }

  async #take(
    client: PoolClient,
    { endpointId }: GateDrain,
    { gate, most, owner }: { readonly gate: GateRow; readonly most: number; readonly owner: string },
  ): Promise<GateLook> {
    const pace = paceOf(gate);
    const allowed = gate.rateLimit === null ? null : admit(gate.arrival, most, pace);
    const limit = allowed === null ? most : allowed.admitted;
    const taken =
      limit === 0
        ? { calls: [], waitMs: await nextDueOf(client, endpointId, gate) }
        : await this.#takeCalls(client, endpointId, { gate, limit, owner });
    const spent = gate.rateLimit === null ? null : admit(gate.arrival, taken.calls.length, pace);
    if (spent !== null && taken.calls.length > 0)
      await client.query('UPDATE gate_drains SET arrival = $2 WHERE endpoint_id = $1', [
        endpointId,
        JSON.stringify(spent.tat),
      ]);
    const calls = taken.calls.map((outgoing, index) => ({
      outgoing,
      startsInMs: spent?.startsInMs[index] ?? 0,
    }));
    const waitMs = taken.waitMs === null ? null : Math.max(taken.waitMs, (spent ?? allowed)?.retryInMs ?? 0);
    return { kind: 'draining', calls, waitMs };
  }

  /** Batches that are formed go before what goes alone, as they would have without a change of the settings. */
  async #takeCalls(
    client: PoolClient,
    endpointId: string,
    { gate, limit, owner }: { readonly gate: GateRow; readonly limit: number; readonly owner: string },
  ): Promise<{ readonly calls: readonly Outgoing[]; readonly waitMs: number | null }> {
    const { batch: settings, hasFrozen, ordered } = gate;
    const secretBox = this.#secretBox;
    const sender = { owner, secretBox, timing: this.#database.timing };
    const batches =
      settings === null && !hasFrozen
        ? { calls: [], waitMs: null }
        : await claimBatches(client, { endpointId, settings, ordered, most: limit }, sender);
    if (settings !== null || (ordered && hasFrozen)) return batches;
    const most = limit - batches.calls.length;
    const alone = await claimHeld(client, { endpointId, most, ordered }, sender);
    return { calls: [...batches.calls, ...alone], waitMs: await nextDueOf(client, endpointId, gate) };
  }
}

/**
 * Without the burst that the rate would allow: on their way to the receiver calls may bunch by a few milliseconds, and
 * still no period must have more than one beyond the limit.
 */
function paceOf({ rateLimit, now }: GateRow): Parameters<typeof admit>[2] {
  const limit = rateLimit ?? UNLIMITED;
  const isFast = limit.per === 'second' && limit.limit * LOOK_MS > 1_000;
  return { limit, now, burstCells: 0, aheadMs: isFast ? AHEAD_MS : 0 };
}

const UNLIMITED: RateLimit = { limit: 1, per: 'second' };

/**
 * One probe at a time while half-open, one call where the order is kept, and no more than the cap. What people wait for
 * goes first.
 */
function roomUnder({ breaker, ordered, maxConcurrency, sending, wishes }: GateRow, room: number): number {
  const one = breaker?.state === 'half_open' || ordered ? 1 : Number.POSITIVE_INFINITY;
  const most = Math.min(one, maxConcurrency ?? Number.POSITIVE_INFINITY);
  return Math.max(0, Math.min(room, most - sending - wishes));
}

/** In two statements, so that the second sees what whoever had the lock before has taken. */
async function lockGate(
  client: PoolClient,
  { endpointId }: GateDrain,
  { drainLeaseMs }: Timing,
): Promise<GateRow | null> {
  await client.query({ name: 'lock-gate', text: LOCK_GATE_SQL, values: [endpointId, drainLeaseMs] });
  const { rows } = await client.query<GateRow>({
    name: 'read-gate',
    text: READ_GATE_SQL,
    values: [endpointId],
  });
  return rows[0] ?? null;
}

/** The lease is renewed with every look; publish reads and locks nothing of this. */
const LOCK_GATE_SQL = `
  UPDATE gate_drains SET lease_until = now() + ${milliseconds('$2')} WHERE endpoint_id = $1`;

const READ_GATE_SQL = `
  SELECT c.token, c.arrival, e.status, e.deleted_at IS NOT NULL AS "isDeleted", e.rate_limit AS "rateLimit",
    e.max_concurrency AS "maxConcurrency", e.batch, ${HAS_FROZEN} AS "hasFrozen", e.ordered, h.breaker,
    ${CALLS_UNDER_WAY} AS sending,
    CASE WHEN e.max_concurrency IS NOT NULL OR e.ordered THEN (
      SELECT count(*) FROM open_deliveries d WHERE d.endpoint_id = $1 AND d.retry_mark IS NOT NULL
        AND d.status <> 'sending' AND NOT d.is_test)
    ELSE 0 END::integer AS wishes,
    ${epochMs('clock_timestamp()')} AS now
  FROM gate_drains c JOIN endpoints e ON e.id = $1 LEFT JOIN endpoint_health h ON h.endpoint_id = $1
  WHERE c.endpoint_id = $1`;
