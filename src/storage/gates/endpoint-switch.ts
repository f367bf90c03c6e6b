import type { PoolClient } from 'pg';
import { resetBreaker, resumeBreaker } from '../../domain/breaker.ts';
import type { EndpointDisabledReason } from '../../domain/operational-event.ts';
import { UNVERIFIED } from '../../domain/ownership.ts';
import { endpointsDisabled } from '../../metrics/worker-metrics.ts';
import { noteEndpointChanges } from '../access/endpoint-changes.ts';
import { type ChallengeAnswer, takeChallengeAnswer } from '../endpoints/ownership-checks.ts';
import type { OnAnnounced } from '../events/announcements.ts';
import { announceDisabled } from '../events/endpoint-announcements.ts';
import { HOLD } from '../open/transitions/gates.ts';
import type { Database } from '../postgres/database.ts';
import { withDispatchLocked } from '../postgres/locks.ts';
import { WAITING } from '../postgres/statuses.ts';
import { lockBreaker } from './breaker-store.ts';
import { IS_ALWAYS_SHUT, openIfFewAreHeld } from './gate-rules.ts';
import { changeBreaker, type StatusChange, setStatus } from './status-change.ts';

/** Hears of what a change of a gate led to, once it is committed. */
export interface GateListener {
  /** What operators are to hear of endpoints that were disabled. */
  readonly onAnnounced?: OnAnnounced;
  /** A gate opened and left what it held to waves, so that one has to be woken. */
  readonly onLeftToWaves?: () => void;
}

const HELD_PER_STATEMENT = 1_000;

/**
 * Opens and shuts gates. Both take the lock that publish shares, so that no delivery is inserted by a publish that saw
 * the gate as it was before.
 */
export class EndpointSwitch {
  readonly #database: Database;
  readonly #listener: GateListener;

  constructor(database: Database, listener: GateListener = {}) {
    this.#database = database;
    this.#listener = listener;
  }

  /**
   * Pauses an enabled endpoint: from now on its deliveries, retries too, are held; what is being sent is finished
   * first. Of one that is paused already only the end changes.
   * @param why.until when the pause ends by itself; absent changes no end, and a new pause has none
   */
  async pause(
    endpointId: string,
    { until, ...why }: StatusChange & { readonly until?: Date },
  ): Promise<void> {
    await withDispatchLocked(this.#database, async (client) => {
      await setStatus(client, endpointId, {
        ...why,
        from: ['enabled'],
        status: 'paused',
        action: 'endpoint.pause',
        disabledReason: null,
      });
      if (until !== undefined) await client.query(PAUSE_UNTIL_SQL, [endpointId, until]);
      await shut(client, endpointId);
    });
    await this.#holdWaiting(endpointId);
  }

  /**
   * Ends a pause, and lets an open breaker try at once. What is held is let go by the gate's drain unless it is little.
   */
  async resume(endpointId: string, why: StatusChange = {}): Promise<void> {
    const released = await withDispatchLocked(this.#database, async (client) => {
      await setStatus(client, endpointId, {
        ...why,
        from: ['paused'],
        status: 'enabled',
        action: 'endpoint.resume',
        disabledReason: null,
      });
      await changeBreaker(client, endpointId, { ...why, change: resumeBreaker });
      return await openOrHaveWoken(client, endpointId);
    });
    this.#tellOfReleased(released);
  }

  /** Lets an open breaker try at once, as where the endpoint has another URL now; a pause goes on. */
  async probe(endpointId: string): Promise<void> {
    const released = await withDispatchLocked(this.#database, async (client) => {
      await changeBreaker(client, endpointId, { change: resumeBreaker, isRequested: true });
      return await openOrHaveWoken(client, endpointId);
    });
    this.#tellOfReleased(released);
  }

  /**
   * Lets a disabled or paused endpoint have deliveries again, with a clean start for its breaker.
   * @param why.unverifiedToo whether also where it has not yet answered its challenge
   * @returns false where it has not, and that counts
   */
  async enable(
    endpointId: string,
    { unverifiedToo = true, ...why }: StatusChange & { readonly unverifiedToo?: boolean } = {},
  ): Promise<boolean> {
    const released = await withDispatchLocked(this.#database, async (client) => {
      if (!unverifiedToo && (await isUnverified(client, endpointId))) return null;
      const from = ['paused', 'disabled'] as const;
      const status = { from, status: 'enabled', disabledReason: null, action: 'endpoint.enable' } as const;
      await setStatus(client, endpointId, { ...why, ...status });
      await changeBreaker(client, endpointId, { ...why, change: resetBreaker });
      return await openOrHaveWoken(client, endpointId);
    });
    if (released === null) return false;
    this.#tellOfReleased(released);
    return true;
  }

  /**
   * Takes the answer to a challenge, once and in time, and makes the endpoint what it was before it needed one, with a
   * clean start for its breaker. @returns whether the challenge was the one that is waited for, of the URL that the
   * endpoint still has
   */
  async verify(endpointId: string, answer: ChallengeAnswer): Promise<boolean> {
    const released = await withDispatchLocked(this.#database, async (client) => {
      if (!(await takeChallengeAnswer(client, endpointId, answer))) return null;
      const reason = 'challenge_answered';
      await noteEndpointChanges(client, [{ endpointId, action: 'endpoint.verified', reason }]);
      await changeBreaker(client, endpointId, { change: resetBreaker, reason });
      return await openOrHaveWoken(client, endpointId);
    });
    if (released === null) return false;
    this.#tellOfReleased(released);
    return true;
  }

  /**
   * Holds the endpoint's open deliveries back; what is being sent is finished first. New events are `skipped` for it.
   * @param why.failingSince only if the unbroken run of failures that began then still goes on
   * @param why.url only if this is still its URL: what another one answered says nothing about it
   */
  async disable(
    endpointId: string,
    reason: EndpointDisabledReason,
    why: StatusChange & { readonly failingSince?: number; readonly url?: string } = {},
  ): Promise<void> {
    const { failingSince, ...change } = why;
    const disabled = await withDispatchLocked(this.#database, async (client) => {
      const health = await lockBreaker(client, endpointId);
      if (failingSince !== undefined && health?.failingSince !== failingSince) return null;
      const from = ['enabled', 'paused'] as const;
      const action = 'endpoint.disable';
      const status = { from, status: 'disabled', disabledReason: reason, action } as const;
      if (reason === 'by_hand') await client.query(STAY_DISABLED_SQL, [endpointId]);
      if (!(await setStatus(client, endpointId, { ...change, ...status }))) return null;
      await shut(client, endpointId);
      return { inserted: await announceDisabled(client, endpointId, health) };
    });
    if (disabled !== null) endpointsDisabled.inc({ reason });
    if (disabled !== null && disabled.inserted !== null) this.#listener.onAnnounced?.(disabled.inserted);
    await this.#holdWaiting(endpointId);
  }

  /** Shuts the gate because of what is in the way now, such as an open breaker; what waits is held. */
  async shut(endpointId: string): Promise<void> {
    await withDispatchLocked(this.#database, async (client) => {
      await shut(client, endpointId);
    });
    await this.#holdWaiting(endpointId);
  }

  /**
   * To be called once an endpoint's rules have changed: shuts its gate where they want that. Wake the gate afterwards.
   */
  async settle(endpointId: string): Promise<void> {
    const { rows } = await this.#database.pool.query<{ shuts: boolean }>(
      `SELECT ${IS_ALWAYS_SHUT} AS shuts FROM endpoints e JOIN gates g ON g.endpoint_id = e.id WHERE e.id = $1
        AND g.is_open`,
      [endpointId],
    );
    if (rows[0]?.shuts === true) await this.shut(endpointId);
  }

  #tellOfReleased(released: number): void {
    if (released > 0) this.#listener.onLeftToWaves?.();
  }

  /** In chunks, so that no lock is held for long; claims meet a shut gate meanwhile and send nothing. */
  async #holdWaiting(endpointId: string): Promise<void> {
    for (;;) {
      const { rowCount } = await this.#database.pool.query(HOLD_WAITING_SQL, [endpointId]);
      if ((rowCount ?? 0) < HELD_PER_STATEMENT) return;
    }
  }
}

/** Of an unverified endpoint: what was disabled by hand meanwhile is not enabled by its answer. */
const STAY_DISABLED_SQL = `
  UPDATE endpoints SET prior_status = 'disabled', prior_disabled_reason = 'by_hand'
  WHERE id = $1 AND disabled_reason = '${UNVERIFIED}'`;

async function isUnverified(client: PoolClient, endpointId: string): Promise<boolean> {
  const { rows } = await client.query<{ disabledReason: string | null }>(
    'SELECT disabled_reason AS "disabledReason" FROM endpoints WHERE id = $1 FOR NO KEY UPDATE',
    [endpointId],
  );
  return rows[0]?.disabledReason === UNVERIFIED;
}

/**
 * Locks the gate so that it cannot open before we commit: whoever opened it would miss the rows held here, and nothing
 * looks for held rows behind an open gate.
 */
const HOLD_WAITING_SQL = `
  WITH gate AS (SELECT endpoint_id FROM gates WHERE endpoint_id = $1 AND NOT is_open FOR SHARE),
  target AS (
    SELECT d.id FROM gate g JOIN open_deliveries d ON d.endpoint_id = g.endpoint_id
    WHERE d.endpoint_id = $1 AND d.status IN (${WAITING}) AND NOT d.is_test
    ORDER BY d.id LIMIT ${HELD_PER_STATEMENT} FOR UPDATE OF d)
  ${HOLD}
  WHERE id IN (SELECT id FROM target)`;

/**
 * If Temporal cannot be told now, `needs_wake` has the reconciler wake the gate's run, which may sleep for an hour.
 * @returns how many held deliveries were left to waves
 */
async function openOrHaveWoken(client: PoolClient, endpointId: string): Promise<number> {
  const released = await openIfFewAreHeld(client, endpointId);
  if (released !== null) return released;
  await client.query('UPDATE gates SET needs_wake = true WHERE endpoint_id = $1', [endpointId]);
  return 0;
}

async function shut(client: PoolClient, endpointId: string): Promise<void> {
  await client.query('UPDATE gates SET is_open = false, needs_wake = true WHERE endpoint_id = $1', [
    endpointId,
  ]);
}

const PAUSE_UNTIL_SQL = "UPDATE endpoints SET paused_until = $2 WHERE id = $1 AND status = 'paused'";
