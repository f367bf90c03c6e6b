import type { PoolClient } from 'pg';
import type { DeadReason, DeliveryStatus } from '../../domain/delivery.ts';
import type { TurnWait } from '../../domain/manual-turn.ts';
import { UNVERIFIED, VERIFICATION_EVENT } from '../../domain/ownership.ts';
import type { Timing } from '../../domain/timing.ts';
import { newId } from '../../new-id.ts';
import { holdAndLookAgain } from '../open/transitions/gates.ts';
import { giveBack, toSending } from '../open/transitions/sending.ts';
import { FORGET_MARK } from '../open/transitions/waiting.ts';
import { type Database, inTransaction } from '../postgres/database.ts';
import { isDatabaseUnavailable } from '../postgres/database-unavailable.ts';
import { groupCommit } from '../postgres/group-commit.ts';
import { UNCLAIMABLE, WAITING } from '../postgres/statuses.ts';
import { msUntil } from '../postgres/time-sql.ts';
import type { SecretBox } from '../sealed/secret-box.ts';
import {
  BATCH_COLUMNS,
  type BatchedRow,
  CLAIMED_COLUMNS,
  CLAIMED_DUE_AT,
  type Claim,
  leaseEnd,
  openBatched,
} from './claim.ts';
import { chargeTurn, lockTurn, type ManualTurn, waitForTurn } from './manual-turn.ts';

/** Who wants to send a delivery, and where a person asked for it the mark that entitles to a manual attempt. */
export interface ClaimRequest {
  readonly deliveryId: string;
  readonly mark: string | null;
  /** Workflow and activity that will send; kept in the row so that its history can be explained. */
  readonly owner: string;
  readonly runId: string;
}

/** Why a delivery could not be claimed. */
export interface Standing {
  readonly status: DeliveryStatus;
  readonly attemptsMade: number;
  readonly gateIsOpen: boolean;
  readonly endpointIsDeleted: boolean;
  /** Milliseconds until it is due, or while it is being sent until its lease ends; null where neither is set. */
  readonly waitMs: number | null;
  readonly lastErrorCode: string | null;
  readonly deadReason: DeadReason | null;
}

const MAX_CLAIMS_PER_STATEMENT = 100;
const STATEMENTS_SIDE_BY_SIDE = 2;

/** Takes deliveries for sending. Nothing is POSTed without a claim. */
export class RunClaims {
  readonly #database: Database;
  readonly #secretBox: SecretBox;

  /**
   * Moves one row to `sending` and takes the next attempt number; concurrent calls share a statement. Without a mark it
   * takes what is `queued` or `retrying`, due, and whose gate is open; with one anything but `sending` and `cancelled`,
   * as a batch of one with an id of its own where the endpoint gets batches; to an unverified endpoint its challenge
   * only.
   * @returns null where there is nothing to take
   * @throws Error where its secrets do not open; the claim is given back then
   */
  readonly claim: (request: ClaimRequest) => Promise<Claim | null>;

  constructor(database: Database, secretBox: SecretBox) {
    this.#database = database;
    this.#secretBox = secretBox;
    this.claim = groupCommit((requests) => this.#claimGroup(requests), {
      maxItems: MAX_CLAIMS_PER_STATEMENT,
      concurrency: STATEMENTS_SIDE_BY_SIDE,
      keyOf: (request) => request.deliveryId,
      splitsOn: (error) => !isDatabaseUnavailable(error),
    });
  }

  /**
   * The same for a manual attempt, which passes pause and breaker, but not the rate, the cap and the order of its
   * endpoint.
   * @returns for how long to wait where it is not its turn; null where there is nothing to take
   * @throws Error where its secrets do not open; the claim is given back then
   */
  async claimByHand(request: ClaimRequest & { readonly mark: string }): Promise<Claim | TurnWait | null> {
    const turned = await inTransaction(this.#database.pool, async (client) => {
      const turn = await lockTurn(client, request.deliveryId);
      return turn === null
        ? 'free'
        : await claimInTurn(client, request, { turn, timing: this.#database.timing });
    });
    if (turned === 'free') return await this.claim(request);
    if (turned === null || 'why' in turned) return turned;
    const opened = await this.#openOrRelease(turned);
    if (opened instanceof Error) throw opened;
    return opened;
  }

  /** How a delivery stands that could not be claimed; null where it does not exist (any more). */
  async standingOf(deliveryId: string): Promise<Standing | null> {
    const { rows } = await this.#database.pool.query<Standing>(STANDING_SQL, [deliveryId]);
    return rows[0] ?? null;
  }

  /**
   * Gives claims back that were not sent, with their numbers; those of a batch together, with the number of the batch.
   */
  async release(...claims: readonly Pick<Claim, 'deliveryId' | 'attempt' | 'batch'>[]): Promise<void> {
    const batches = new Map(claims.flatMap(({ batch }) => (batch === undefined ? [] : [[batch.id, batch]])));
    await this.#database.pool.query(RELEASE_SQL, [
      claims.map((claim) => claim.deliveryId),
      claims.map((claim) => claim.attempt),
      [...batches.keys()],
      [...batches.values()].map((batch) => batch.attempt),
      this.#database.timing.recheckMs,
    ]);
  }

  /**
   * Puts a due delivery whose gate is shut among the held ones; it is looked at once more, as the gate may open
   * meanwhile.
   */
  async hold(deliveryId: string): Promise<void> {
    await this.#database.pool.query(
      `${holdAndLookAgain('$2')}
       FROM gates g
       WHERE d.id = $1 AND g.endpoint_id = d.endpoint_id AND NOT g.is_open AND d.status IN (${WAITING})`,
      [deliveryId, this.#database.timing.recheckMs],
    );
  }

  async #claimGroup(requests: readonly ClaimRequest[]): Promise<readonly (Claim | Error | null)[]> {
    const rows = await moveToSending(this.#database.pool, requests, this.#database.timing);
    const opened = rows.map(async (row) => [row.deliveryId, await this.#openOrRelease(row)] as const);
    const claims = new Map(await Promise.all(opened));
    return requests.map((request) => claims.get(request.deliveryId) ?? null);
  }

  async #openOrRelease(row: BatchedRow): Promise<Claim | Error> {
    try {
      return openBatched(row, this.#secretBox);
    } catch (error) {
      await this.release(row);
      return error instanceof Error ? error : new Error(String(error));
    }
  }
}

async function claimInTurn(
  client: PoolClient,
  request: ClaimRequest,
  { turn, timing }: { readonly turn: ManualTurn; readonly timing: Timing },
): Promise<BatchedRow | TurnWait | null> {
  if (turn.isBehind) {
    await forgetWish(client, request);
    return null;
  }
  const wait = waitForTurn(turn);
  if (wait !== null) return wait;
  const [row] = await moveToSending(client, [request], timing);
  if (row !== undefined) await chargeTurn(client, turn);
  return row ?? null;
}

/** Another delivery moved ahead of it since it was marked: the mark is dropped, and it keeps its regular position. */
async function forgetWish(client: PoolClient, { deliveryId, mark }: ClaimRequest): Promise<void> {
  await client.query(`${FORGET_MARK} WHERE id = $1 AND retry_mark = $2`, [deliveryId, mark]);
}

async function moveToSending(
  client: Pick<PoolClient, 'query'>,
  requests: readonly ClaimRequest[],
  { leaseMarginMs }: Timing,
): Promise<readonly BatchedRow[]> {
  const { rows } = await client.query<BatchedRow>({
    name: 'claim',
    text: CLAIM_SQL,
    values: [
      requests.map((request) => request.deliveryId),
      requests.map((request) => request.mark),
      requests.map((request) => request.owner),
      requests.map((request) => request.runId),
      requests.map((request) => (request.mark === null ? null : newId('bat'))),
      leaseMarginMs,
    ],
  });
  return rows;
}

const TRIGGER = "CASE WHEN d.is_test THEN 'test' WHEN t.mark IS NOT NULL THEN 'manual' ELSE 'automatic' END";

/**
 * The ids stand beside the joins so that a plan made while the table was empty still looks them up in the index.
 * Whether the endpoint is deleted is asked last, or the index of those that are not would be read whole each time.
 */
const CLAIM_SQL = `
  WITH input AS (
    SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]) AS i(id, mark, owner, run_id,
      batch_id)),
  target AS (
    SELECT d.id, i.mark, i.owner, i.run_id, i.batch_id FROM open_deliveries d JOIN input i ON i.id = d.id
    WHERE d.id = ANY($1)
    ORDER BY d.id FOR UPDATE OF d),
  claimed AS (
    ${toSending({ owner: 't.owner', runId: 't.run_id', trigger: TRIGGER, leaseEnd: leaseEnd('$6') })}
    FROM target t, endpoints e, gates g
    WHERE d.id = t.id AND d.id = ANY($1) AND e.id = d.endpoint_id AND g.endpoint_id = e.id
      AND CASE WHEN e.deleted_at IS NOT NULL THEN false WHEN t.mark IS NULL
        THEN d.status IN (${WAITING}) AND d.due_at <= clock_timestamp() AND g.is_open
        ELSE d.retry_mark = t.mark AND d.status NOT IN (${UNCLAIMABLE})
          AND (e.disabled_reason IS DISTINCT FROM '${UNVERIFIED}' OR d.event = '${VERIFICATION_EVENT}') END
    RETURNING d.id, d.attempts_made, d.trigger, d.retries_used, d.event_id, d.event, d.customer_id, d.endpoint_id,
      d.prior_due_at, CASE WHEN e.batch IS NOT NULL AND d.event <> '${VERIFICATION_EVENT}'
        THEN t.batch_id END AS batch_id, 1 AS batch_attempt),
  batched AS (
    INSERT INTO batches (id, endpoint_id, delivery_ids, attempts_made)
    SELECT batch_id, endpoint_id, ARRAY[id], 1 FROM claimed WHERE batch_id IS NOT NULL)
  SELECT ${CLAIMED_COLUMNS}, ${CLAIMED_DUE_AT}, ${BATCH_COLUMNS}
  FROM claimed c JOIN events ev ON ev.id = c.event_id JOIN endpoints e ON e.id = c.endpoint_id
  LEFT JOIN endpoint_health h ON h.endpoint_id = c.endpoint_id`;

const STANDING_SQL = `
  SELECT d.status, d.attempts_made AS "attemptsMade", g.is_open AS "gateIsOpen",
    e.deleted_at IS NOT NULL AS "endpointIsDeleted", d.last_error_code AS "lastErrorCode",
      d.dead_reason AS "deadReason",
    ${msUntil("CASE d.status WHEN 'sending' THEN d.lease_until ELSE d.due_at END")} AS "waitMs"
  FROM deliveries d JOIN endpoints e ON e.id = d.endpoint_id JOIN gates g ON g.endpoint_id = e.id WHERE d.id = $1`;

/** Rechecked in 15 s, since the gate may have opened meanwhile and nothing looks for held rows behind an open gate. */
const RELEASE_SQL = `
  WITH input AS (SELECT * FROM unnest($1::text[], $2::integer[]) AS i(id, attempt)),
  target AS (
    SELECT d.id FROM open_deliveries d JOIN input i ON i.id = d.id
    WHERE d.id = ANY($1) AND d.attempts_made = i.attempt AND d.status = 'sending' ORDER BY d.id FOR UPDATE OF d),
  batched AS (
    UPDATE batches b SET attempts_made = b.attempts_made - 1
    FROM unnest($3::text[], $4::integer[]) AS i(id, attempt) WHERE b.id = i.id AND b.attempts_made = i.attempt)
  ${giveBack('$5')}
  WHERE id IN (SELECT id FROM target)`;
