import type { PoolClient } from 'pg';
import type { BreakerState } from '../../domain/breaker.ts';
import type { CustomHeader, Endpoint, EndpointSettings, EndpointStatus } from '../../domain/endpoint.ts';
import { MASK } from '../../domain/endpoint.ts';
import type { EndpointRoute } from '../../domain/endpoint-route.ts';
import { type EndpointRules, isGateAlwaysShut } from '../../domain/endpoint-rules.ts';
import { UNVERIFIED } from '../../domain/ownership.ts';
import { DEFAULT_WIRE_CHOICES } from '../../domain/wire-choices.ts';
import { generateSigningKey } from '../../signature/schemes/signing-key.ts';
import { allOf, type Condition } from '../postgres/conditions.ts';
import { type Database, inTransaction } from '../postgres/database.ts';
import { lockDispatch } from '../postgres/locks.ts';
import type { PageBounds } from '../postgres/page.ts';
import { type StoredHeader, sealHeaders } from '../sealed/sealed-headers.ts';
import { maskRoute, sealRoute } from '../sealed/sealed-route.ts';
import { sealPair } from '../sealed/sealed-secret.ts';
import type { SecretBox } from '../sealed/secret-box.ts';
import { IS_LIVE, PRIMARY_FIRST } from './endpoint-secrets.ts';

/** What a new endpoint is made of; `secret` is its first signing secret in plain text. */
export interface NewEndpoint extends EndpointSettings {
  readonly id: string;
  readonly customerId: string | null;
  readonly secret: string;
  /** Its first private key for `v1a`; a new one where absent. */
  readonly signingKey?: string | undefined;
  /** Whether it has to answer a challenge before it is enabled; no where absent. */
  readonly isUnverified?: boolean;
}

/** Which endpoints to list. `eventEntries` selects those whose `events` contain any of these entries; absent members do not restrict. */
export interface EndpointFilter {
  readonly customerId?: string;
  readonly status?: EndpointStatus;
  readonly breakerState?: BreakerState;
  readonly eventEntries?: readonly string[];
  readonly urlContains?: string;
}

/** Endpoints in Postgres. Secrets and sensitive header values go in encrypted; what comes out has them masked. Deleted ones are not found. */
export class EndpointStore {
  readonly #database: Database;
  readonly #secretBox: SecretBox;

  constructor(database: Database, secretBox: SecretBox) {
    this.#database = database;
    this.#secretBox = secretBox;
  }

  /** Stores an endpoint with its gate, shut where its rules or its switch keep it so, and its first secret, in one statement. */
  async create(endpoint: NewEndpoint): Promise<Endpoint> {
    const { secret, signingKey = generateSigningKey() } = endpoint;
    const sealed = sealPair({ secret, signingKey }, { secretBox: this.#secretBox, endpointId: endpoint.id });
    const { rows } = await this.#database.pool.query<Endpoint>(
      `WITH created AS (
         INSERT INTO endpoints (id, customer_id, url, description, events, headers, timeout_ms, retry, route,
           rate_limit, max_concurrency, batch, ordered, breaker, wire, status, disabled_reason)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $10, $11, $12, $13, $14, $15, $18,
           CASE WHEN $17 THEN 'disabled' ELSE 'enabled' END, CASE WHEN $17 THEN '${UNVERIFIED}' END) RETURNING *),
       gate AS (INSERT INTO gates (endpoint_id, is_open, needs_wake) VALUES ($1, NOT ($16 OR $17), $16)),
       secret AS (INSERT INTO endpoint_secrets (endpoint_id, number, ciphertext, public_key) VALUES ($1, 1, $9, $19))
       SELECT ${COLUMNS}, 'closed' AS "breakerState", NULL AS "secretOverlapEndsAt", ARRAY[$19] AS "publicKeys" FROM created`,
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
        endpoint.isUnverified ?? false,
        toJson(endpoint.wire),
        sealed.publicKey,
      ],
    );
    return masked(theOne(rows));
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
      `SELECT id FROM endpoints WHERE customer_id IS NOT DISTINCT FROM $1 AND url = $2 AND id <> $3 AND deleted_at IS NULL
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
   * Replaces the given settings and keeps the others. A sensitive header whose value is `MASK` keeps the stored value of
   * that name (case-insensitive). Null where there is no such endpoint.
   * @param options.verifiesUrls whether one with another URL than before is unverified from then on: it is disabled and its gate
   * shut in the same transaction, so that nothing but a challenge goes to the new URL
   */
  async update(
    id: string,
    changes: Partial<EndpointSettings>,
    { verifiesUrls = false }: { readonly verifiesUrls?: boolean } = {},
  ): Promise<Endpoint | null> {
    return inTransaction(this.#database.pool, async (client) => {
      const mayMove = verifiesUrls && changes.url !== undefined;
      if (mayMove) await lockDispatch(client);
      const stored = await lockSealed(client, id);
      if (stored === null) return null;
      if (mayMove && changes.url !== stored.url) await makeUnverified(client, id);
      const { url, description, events, timeoutMs, retry } = changes;
      const { rows } = await client.query<Endpoint>(
        `UPDATE endpoints SET url = coalesce($2, url), description = coalesce($3, description),
           events = coalesce($4, events), timeout_ms = coalesce($5, timeout_ms), retry = coalesce($6, retry),
           headers = coalesce($7, headers), route = CASE WHEN $8 THEN $9 ELSE route END,
           wire = coalesce($11, wire),
           ${setRules('$10::jsonb')}, updated_at = now()
         WHERE id = $1 RETURNING ${SELECTED}`,
        [
          id,
          url,
          description,
          events,
          timeoutMs,
          retry === undefined ? null : JSON.stringify(retry),
          changes.headers === undefined
            ? null
            : JSON.stringify(this.#merge(changes.headers, stored.headers, id)),
          changes.route !== undefined,
          this.#sealRoute(changes.route ?? null, { id, route: stored.route }),
          JSON.stringify(rulesOf(changes)),
          toJson(changes.wire ?? null),
        ],
      );
      return masked(theOne(rows));
    });
  }

  #merge(
    wanted: readonly CustomHeader[],
    stored: readonly StoredHeader[],
    id: string,
  ): readonly StoredHeader[] {
    return wanted.flatMap((header) => {
      const kept = stored.find(({ name }) => name.toLowerCase() === header.name.toLowerCase());
      const keeps = header.sensitive && header.value === MASK && kept?.sensitive === true;
      return keeps ? [{ ...header, value: kept.value }] : this.#seal([header], id);
    });
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

const COLUMNS = `id, customer_id AS "customerId", url, description, events, headers, timeout_ms AS "timeoutMs", retry,
  route, rate_limit AS "rateLimit", max_concurrency AS "maxConcurrency", batch, ordered, breaker, coalesce(wire, '${JSON.stringify(DEFAULT_WIRE_CHOICES)}') AS wire, status,
  disabled_reason AS "disabledReason", status_since AS "statusSince", status_by AS "statusBy",
  status_reason AS "statusReason", created_at AS "createdAt", updated_at AS "updatedAt"`;

const BREAKER_STATE =
  "coalesce((SELECT state FROM endpoint_health WHERE endpoint_id = endpoints.id), 'closed')";

/** When the last former secret ends to be live; null where there is none. */
const OVERLAP_END = `(SELECT max(s.expires_at) FROM endpoint_secrets s WHERE s.endpoint_id = endpoints.id AND ${IS_LIVE})`;

/** Of the live keys for `v1a`, the primary secret's first. */
const PUBLIC_KEYS = `ARRAY(SELECT s.public_key FROM endpoint_secrets s
  WHERE s.endpoint_id = endpoints.id AND ${IS_LIVE} ORDER BY ${PRIMARY_FIRST})`;

const SELECTED = `${COLUMNS}, ${BREAKER_STATE} AS "breakerState", ${OVERLAP_END} AS "secretOverlapEndsAt",
  ${PUBLIC_KEYS} AS "publicKeys"`;

function conditionsOf(filter: EndpointFilter): readonly Condition[] {
  const { breakerState } = filter;
  return [
    'deleted_at IS NULL',
    ['customer_id = $', filter.customerId],
    ['status = $', filter.status],
    ...(breakerState === undefined ? [] : [isInState(breakerState)]),
    ['events && $', filter.eventEntries],
    ['strpos(url, $) > 0', filter.urlContains],
  ];
}

/** Few breakers are not closed, and an index has them. */
function isInState(state: BreakerState): Condition {
  const others = "SELECT endpoint_id FROM endpoint_health WHERE state <> 'closed'";
  return state === 'closed' ? `id NOT IN (${others})` : [`id IN (${others} AND state = $)`, state];
}

/** The rules among changes, and nothing that is secret. */
function rulesOf(changes: Partial<EndpointSettings>): Partial<EndpointRules> {
  const { rateLimit, maxConcurrency, batch, ordered, breaker } = changes;
  const rules = Object.entries({ rateLimit, maxConcurrency, batch, ordered, breaker });
  return Object.fromEntries(rules.filter(([, value]) => value !== undefined));
}

/** SQL that sets the rules which a JSON object has, in the shape of `EndpointRules`. */
function setRules(changes: string): string {
  const nullable = (column: string, member: string, value: string) =>
    `${column} = CASE WHEN ${changes} ? '${member}' THEN ${value} ELSE ${column} END`;
  return [
    nullable('rate_limit', 'rateLimit', `nullif(${changes} -> 'rateLimit', 'null')`),
    nullable('max_concurrency', 'maxConcurrency', `(${changes} ->> 'maxConcurrency')::integer`),
    nullable('batch', 'batch', `nullif(${changes} -> 'batch', 'null')`),
    `ordered = coalesce((${changes} ->> 'ordered')::boolean, ordered)`,
    `breaker = coalesce(${changes} -> 'breaker', breaker)`,
  ].join(', ');
}

function toJson(value: object | null): string | null {
  return value === null ? null : JSON.stringify(value);
}

type SealedSettings = Pick<Endpoint, 'headers' | 'route' | 'url'>;

async function lockSealed(client: PoolClient, id: string): Promise<SealedSettings | null> {
  const { rows } = await client.query<SealedSettings>(
    'SELECT headers, route, url FROM endpoints WHERE id = $1 AND deleted_at IS NULL FOR NO KEY UPDATE',
    [id],
  );
  return rows[0] ?? null;
}

/** What it was, it is again once it is verified; of one that is unverified already that stays what it was at first. */
async function makeUnverified(client: PoolClient, id: string): Promise<void> {
  await client.query(
    `UPDATE endpoints SET prior_status = status, prior_disabled_reason = disabled_reason, status = 'disabled',
       disabled_reason = $2, status_since = now(), status_by = NULL, status_reason = NULL
     WHERE id = $1 AND disabled_reason IS DISTINCT FROM $2`,
    [id, UNVERIFIED],
  );
  await client.query('UPDATE gates SET is_open = false, needs_wake = true WHERE endpoint_id = $1', [id]);
}

function theOne(rows: readonly Endpoint[]): Endpoint {
  const row = rows[0];
  if (row === undefined) throw new Error('the statement returned no endpoint');
  return row;
}

function masked(endpoint: Endpoint): Endpoint {
  const headers = endpoint.headers.map((header) => (header.sensitive ? { ...header, value: MASK } : header));
  return { ...endpoint, headers, route: maskRoute(endpoint.route) };
}
