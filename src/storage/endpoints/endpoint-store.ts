import { isDeepStrictEqual } from 'node:util';
import { DatabaseError, type PoolClient } from 'pg';
import type { CustomHeader, Endpoint, EndpointSettings, EndpointStatus } from '../../domain/endpoint.ts';
import { MASK } from '../../domain/endpoint.ts';
import type { EndpointRoute } from '../../domain/endpoint-route.ts';
import { isGateAlwaysShut } from '../../domain/endpoint-rules.ts';
import { DomainError } from '../../domain/errors.ts';
import { UNVERIFIED } from '../../domain/ownership.ts';
import { generateSigningKey } from '../../signature/schemes/signing-key.ts';
import { allOf } from '../postgres/conditions.ts';
import { type Database, inTransaction } from '../postgres/database.ts';
import { withDispatchLocked } from '../postgres/locks.ts';
import type { PageBounds } from '../postgres/page.ts';
import { openHeaders, type StoredHeader, sealHeaders } from '../sealed/sealed-headers.ts';
import { maskRoute, sealRoute } from '../sealed/sealed-route.ts';
import { sealPair } from '../sealed/sealed-secret.ts';
import type { SecretBox } from '../sealed/secret-box.ts';
import { COLUMNS, rulesOf, SELECTED, setRules } from './endpoint-columns.ts';
import { conditionsOf, type EndpointFilter } from './endpoint-filter.ts';
import { lockSealed, makeUnverified, type SealedSettings, touch, type Whole } from './endpoint-rows.ts';

/** What a new endpoint is made of; `secret` is its first signing secret in plain text. */
export interface NewEndpoint extends EndpointSettings {
  readonly id: string;
  readonly customerId: string | null;
  /** Given by whoever creates it; none where absent. */
  readonly uid?: string | null;
  readonly secret: string;
  /** Its first private key for `v1a`; a new one where absent. */
  readonly signingKey?: string | undefined;
  /** Whether it has to answer a challenge before it is enabled; no where absent. */
  readonly isUnverified?: boolean;
  /** Whether it is disabled until somebody enables it; no where absent. */
  readonly isDisabled?: boolean;
}

/**
 * Endpoints in Postgres. Secrets and sensitive header values go in encrypted; what comes out has them masked. Deleted
 * ones are not found.
 */
export class EndpointStore {
  readonly #database: Database;
  readonly #secretBox: SecretBox;

  constructor(database: Database, secretBox: SecretBox) {
    this.#database = database;
    this.#secretBox = secretBox;
  }

  /**
   * Stores an endpoint with its gate, shut where its rules or its switch keep it so, and its first secret, in one
   * statement.
   * @throws DomainError `conflict` where another endpoint of the customer has its `uid`
   */
  async create(endpoint: NewEndpoint): Promise<Endpoint> {
    const { secret, signingKey = generateSigningKey() } = endpoint;
    const sealed = sealPair({ secret, signingKey }, { secretBox: this.#secretBox, endpointId: endpoint.id });
    const { rows } = await this.#insert(
      `WITH created AS (
         INSERT INTO endpoints (id, customer_id, url, description, events, headers, timeout_ms, retry, route,
           rate_limit, max_concurrency, batch, ordered, breaker, wire, uid, metadata, filter, replay_on_recovery,
           status, disabled_reason)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $10, $11, $12, $13, $14, $15, $18, $20, $21, $22, $23,
           CASE WHEN $17::text IS NULL THEN 'enabled' ELSE 'disabled' END, $17) RETURNING *),
       gate AS (INSERT INTO gates (endpoint_id, is_open, needs_wake) VALUES ($1, NOT $16 AND $17 IS NULL, $16)),
       secret AS (INSERT INTO endpoint_secrets (endpoint_id, number, ciphertext, public_key) VALUES ($1, 1, $9, $19))
       SELECT ${COLUMNS}, 'closed' AS "breakerState", NULL AS "secretOverlapEndsAt", ARRAY[$19] AS "publicKeys"
       FROM created`,
      [
        endpoint.id,
        endpoint.customerId,
        endpoint.url,
        endpoint.description,
        endpoint.events,
        JSON.stringify(this.#seal(endpoint.headers, endpoint.id)),
        endpoint.timeoutMs,
        JSON.stringify(endpoint.retry),
        sealed.ciphertext,
        this.#sealRoute(endpoint.route, { id: endpoint.id, route: null }),
        toJson(endpoint.rateLimit),
        endpoint.maxConcurrency,
        toJson(endpoint.batch),
        endpoint.ordered,
        toJson(endpoint.breaker),
        isGateAlwaysShut(endpoint),
        disabledReasonOf(endpoint),
        toJson(endpoint.wire),
        sealed.publicKey,
        endpoint.uid ?? null,
        JSON.stringify(endpoint.metadata),
        toJson(endpoint.filter),
        endpoint.replayOnRecovery,
      ],
    );
    return masked(theOne(rows));
  }

  async #insert(text: string, values: readonly unknown[]) {
    return await this.#database.pool.query<Endpoint>(text, [...values]).catch((error: unknown) => {
      if (error instanceof DatabaseError && error.constraint === 'endpoints_by_uid') throw uidTaken(error);
      throw error;
    });
  }

  /** The ids of a customer's endpoints of one status. */
  async idsOf(customerId: string, status: EndpointStatus): Promise<readonly string[]> {
    const { rows } = await this.#database.pool.query<{ id: string }>(
      'SELECT id FROM endpoints WHERE customer_id = $1 AND status = $2 AND deleted_at IS NULL ORDER BY id',
      [customerId, status],
    );
    return rows.map(({ id }) => id);
  }

  /** How many endpoints a customer has (null: the operator). */
  async countOf(customerId: string | null): Promise<number> {
    const { rows } = await this.#database.pool.query<{ count: number }>(
      `SELECT count(*)::integer AS count FROM endpoints
       WHERE deleted_at IS NULL AND (customer_id = $1 OR ($1::text IS NULL AND customer_id IS NULL))`,
      [customerId],
    );
    return rows[0]?.count ?? 0;
  }

  /** The oldest other endpoint of its customer that has the same URL; null where there is none. */
  async twinOf({ id, customerId, url }: Pick<Endpoint, 'id' | 'customerId' | 'url'>): Promise<string | null> {
    const { rows } = await this.#database.pool.query<{ id: string }>(
      `SELECT id FROM endpoints WHERE customer_id IS NOT DISTINCT FROM $1 AND url = $2 AND id <> $3
        AND deleted_at IS NULL
       ORDER BY id LIMIT 1`,
      [customerId, url, id],
    );
    return rows[0]?.id ?? null;
  }

  /** One endpoint, or null where there is none of this id. */
  async read(id: string): Promise<Endpoint | null> {
    const { rows } = await this.#database.pool.query<Endpoint>(
      `SELECT ${SELECTED} FROM endpoints WHERE id = $1 AND deleted_at IS NULL`,
      [id],
    );
    return rows[0] === undefined ? null : masked(rows[0]);
  }

  /** The endpoints a filter selects, newest first. */
  async list(filter: EndpointFilter, page: PageBounds): Promise<readonly Endpoint[]> {
    const { text, values } = allOf([...conditionsOf(filter), ['id < $', page.beforeId ?? undefined]]);
    const { rows } = await this.#database.pool.query<Endpoint>(
      `SELECT ${SELECTED} FROM endpoints WHERE ${text} ORDER BY id DESC LIMIT ${page.fetchLimit}`,
      [...values],
    );
    return rows.map(masked);
  }

  /**
   * Replaces the given settings and keeps the others; where all are as before, `updatedAt` stays. A sensitive header
   * whose value is `MASK` keeps the stored value of that name (case-insensitive). Null where there is no such endpoint.
   * @param options.verifiesUrls whether one with another URL than before is unverified from then on: it is disabled and
   *   its gate shut in the same transaction, so that nothing but a challenge goes to the new URL
   * @param options.isRehearsal whether nothing is kept of it
   */
  async update(
    id: string,
    changes: Partial<EndpointSettings>,
    {
      verifiesUrls = false,
      isRehearsal = false,
    }: { readonly verifiesUrls?: boolean; readonly isRehearsal?: boolean } = {},
  ): Promise<Endpoint | null> {
    const mayMove = verifiesUrls && changes.url !== undefined;
    const change = async (client: PoolClient): Promise<Endpoint | null> => {
      if (isRehearsal) await client.query('SAVEPOINT rehearsal');
      const stored = await lockSealed(client, id);
      if (stored === null) return null;
      if (mayMove && changes.url !== stored.url) await makeUnverified(client, id);
      const { rows } = await client.query<Endpoint & Whole>(
        `UPDATE endpoints SET url = coalesce($2, url), description = coalesce($3, description),
           events = coalesce($4, events), timeout_ms = coalesce($5, timeout_ms), retry = coalesce($6, retry),
           headers = coalesce($7, headers), route = CASE WHEN $8 THEN $9 ELSE route END,
           wire = coalesce($11, wire), metadata = coalesce($12, metadata),
           filter = CASE WHEN $13 THEN $14 ELSE filter END, replay_on_recovery = coalesce($15, replay_on_recovery),
           ${setRules('$10::jsonb')}
         WHERE id = $1 RETURNING ${SELECTED}, to_jsonb(endpoints) AS whole`,
        this.#valuesOf(changes, { id, stored }),
      );
      const { whole, ...updated } = theOne(rows);
      if (isRehearsal) await client.query('ROLLBACK TO SAVEPOINT rehearsal');
      const isSame = isDeepStrictEqual(whole, stored.whole);
      return masked({ ...updated, ...(!isSame && { updatedAt: await touch(client, id, isRehearsal) }) });
    };
    return mayMove
      ? await withDispatchLocked(this.#database, change)
      : await inTransaction(this.#database.pool, change);
  }

  /** The parameters of the statement that changes an endpoint. */
  #valuesOf(
    { headers, route, retry, ...changes }: Partial<EndpointSettings>,
    { id, stored }: { readonly id: string; readonly stored: SealedSettings },
  ): unknown[] {
    return [
      id,
      changes.url,
      changes.description,
      changes.events,
      changes.timeoutMs,
      retry === undefined ? null : JSON.stringify(retry),
      headers === undefined ? null : JSON.stringify(this.#merge(headers, stored.headers, id)),
      route !== undefined,
      this.#sealRoute(route ?? null, { id, route: stored.route }),
      JSON.stringify(rulesOf(changes)),
      toJson(changes.wire ?? null),
      toJson(changes.metadata ?? null),
      changes.filter !== undefined,
      toJson(changes.filter ?? null),
      changes.replayOnRecovery,
    ];
  }

  /** The endpoint that somebody gave this id, or null where there is none. */
  async findByUid(customerId: string | null, uid: string): Promise<Endpoint | null> {
    const { rows } = await this.#database.pool.query<Endpoint>(
      `SELECT ${SELECTED} FROM endpoints
       WHERE coalesce(customer_id, '') = coalesce($1, '') AND uid = $2 AND deleted_at IS NULL`,
      [customerId, uid],
    );
    return rows[0] === undefined ? null : masked(rows[0]);
  }

  #merge(
    wanted: readonly CustomHeader[],
    stored: readonly StoredHeader[],
    id: string,
  ): readonly StoredHeader[] {
    return wanted.flatMap((header) => {
      const kept = stored.find(({ name }) => name.toLowerCase() === header.name.toLowerCase());
      const keeps = kept !== undefined && this.#isSame(header, kept, id);
      return keeps ? [{ ...header, value: kept.value }] : this.#seal([header], id);
    });
  }

  /** Whether a sensitive value is masked, or the stored one in clear: it stays as it is sealed then. */
  #isSame({ sensitive, value }: CustomHeader, kept: StoredHeader, endpointId: string): boolean {
    if (!sensitive || !kept.sensitive) return false;
    if (value === MASK) return true;
    try {
      return openHeaders([kept], { secretBox: this.#secretBox, endpointId })[0]?.value === value;
    } catch {
      return false;
    }
  }

  #sealRoute(
    route: EndpointRoute | null,
    { id: endpointId, route: stored }: { readonly id: string; readonly route: EndpointRoute | null },
  ): string | null {
    const secretBox = this.#secretBox;
    return route === null ? null : JSON.stringify(sealRoute(route, { secretBox, endpointId, stored }));
  }

  #seal(headers: readonly CustomHeader[], endpointId: string): readonly StoredHeader[] {
    return sealHeaders(headers, { secretBox: this.#secretBox, endpointId });
  }
}

function disabledReasonOf({ isUnverified, isDisabled }: NewEndpoint): string | null {
  if (isUnverified === true) return UNVERIFIED;
  return isDisabled === true ? 'by_hand' : null;
}

function toJson(value: object | null): string | null {
  return value === null ? null : JSON.stringify(value);
}

function theOne<T>(rows: readonly T[]): T {
  const row = rows[0];
  if (row === undefined) throw new Error('the statement returned no endpoint');
  return row;
}

/** That another endpoint of the customer has the `uid`. */
export function uidTaken(cause?: DatabaseError): DomainError {
  const message = 'Another endpoint of this customer has this uid.';
  return new DomainError('conflict', 'endpoint_uid_taken', {
    message,
    ...(cause !== undefined && { cause }),
  });
}

function masked(endpoint: Endpoint): Endpoint {
  const headers = endpoint.headers.map((header) => (header.sensitive ? { ...header, value: MASK } : header));
  return { ...endpoint, headers, route: maskRoute(endpoint.route) };
}
