import type { PoolClient } from 'pg';
import type { EndpointRoute } from '../../domain/endpoint-route.ts';
import { type Database, inTransaction } from '../postgres/database.ts';
import { headerOwner, type StoredHeader } from './sealed-headers.ts';
import { clientKeyOwner } from './sealed-route.ts';
import { type SecretBox, sealedBy } from './secret-box.ts';

/** Something sealed that no key opens: `secret 2`, `header X-Key`, `tls.client_key`. */
export interface Unopened {
  readonly endpointId: string;
  readonly what: string;
}

/** What one step did. */
export interface ResealedSlice {
  readonly endpoints: number;
  /** How many values were sealed anew, and how many had the first key already. */
  readonly resealed: number;
  readonly current: number;
  readonly unopened: readonly Unopened[];
  /** Where the next step begins; null after the last. */
  readonly next: string | null;
}

/** How much there is that is sealed. */
export interface SealedSurvey {
  readonly endpoints: number;
  /** How many values were sealed with which key; of those that do not say it the id is null. */
  readonly sealed: readonly { readonly keyId: string | null; readonly count: number }[];
}

/** So few that whoever changes one of them meanwhile hardly waits. */
const ENDPOINTS_PER_STEP = 250;

/** Seals everything secret in Postgres anew with the first master key, step by step, while all goes on. */
export class MasterKeyRotation {
  readonly #database: Database;
  readonly #secretBox: SecretBox;

  constructor(database: Database, secretBox: SecretBox) {
    this.#database = database;
    this.#secretBox = secretBox;
  }

  /** The id of the key that everything is to be sealed with, then those of the others. */
  get keyIds(): readonly [string, ...string[]] {
    return this.#secretBox.keyIds;
  }

  /**
   * One step, through the endpoints after this id (all where empty), in one transaction that keeps others from changing
   * them. Safe to repeat: what has the first key is only opened, to see whether it does.
   */
  async resealNext(afterId: string): Promise<ResealedSlice> {
    return await inTransaction(this.#database.pool, async (client) => {
      const ids = await lockNext(client, afterId);
      const step = new Step(this.#secretBox);
      await resealSecrets(client, ids, step);
      await resealSettings(client, ids, step);
      const isLast = ids.length < ENDPOINTS_PER_STEP;
      const { resealed, current, unopened } = step;
      return {
        endpoints: ids.length,
        resealed,
        current,
        unopened,
        next: isLast ? null : (ids.at(-1) ?? null),
      };
    });
  }

  /** Counts what is sealed with which key, without opening it. */
  async survey(): Promise<SealedSurvey> {
    const { rows } = await this.#database.pool.query<{ head: string; count: number }>(SURVEY_SQL);
    const counts = new Map<string | null, number>();
    for (const { head, count } of rows) {
      const keyId = sealedBy(Buffer.from(head, 'base64'));
      counts.set(keyId, (counts.get(keyId) ?? 0) + count);
    }
    const { rows: endpoints } = await this.#database.pool.query<{ count: number }>(
      'SELECT count(*)::integer AS count FROM endpoints WHERE deleted_at IS NULL',
    );
    const sealed = [...counts].map(([keyId, count]) => ({ keyId, count }));
    return { endpoints: endpoints[0]?.count ?? 0, sealed };
  }
}

/** Keeps count of one step. */
class Step {
  readonly #secretBox: SecretBox;
  readonly unopened: Unopened[] = [];
  resealed = 0;
  current = 0;

  constructor(secretBox: SecretBox) {
    this.#secretBox = secretBox;
  }

  /** The value as it is to be stored from now on; null where it stays. */
  reseal(sealed: Buffer, { owner, ...subject }: Unopened & { readonly owner: string }): Buffer | null {
    try {
      const again = this.#secretBox.reseal(sealed, owner);
      if (again === null) this.current += 1;
      else this.resealed += 1;
      return again;
    } catch {
      this.unopened.push(subject);
      return null;
    }
  }

  /** The same for one in base64, which stays as it is where nothing is to be changed. */
  resealText(sealed: string, subject: Unopened & { readonly owner: string }): string {
    return this.reseal(Buffer.from(sealed, 'base64'), subject)?.toString('base64') ?? sealed;
  }
}

/** Locked before they are read, so that what is read is what the last change left. */
async function lockNext(client: PoolClient, afterId: string): Promise<readonly string[]> {
  const { rows } = await client.query<{ id: string }>(
    `SELECT id FROM endpoints WHERE id > $1 AND deleted_at IS NULL
     ORDER BY id LIMIT ${ENDPOINTS_PER_STEP} FOR NO KEY UPDATE`,
    [afterId],
  );
  return rows.map(({ id }) => id);
}

async function resealSecrets(client: PoolClient, ids: readonly string[], step: Step): Promise<void> {
  const { rows } = await client.query<{ endpointId: string; number: number; ciphertext: Buffer }>(
    'SELECT endpoint_id AS "endpointId", number, ciphertext FROM endpoint_secrets WHERE endpoint_id = ANY ($1)',
    [ids],
  );
  const changed = rows.flatMap(({ endpointId, number, ciphertext }) => {
    const again = step.reseal(ciphertext, { endpointId, what: `secret ${number}`, owner: endpointId });
    return again === null ? [] : [{ endpointId, number, ciphertext: again }];
  });
  if (changed.length === 0) return;
  await client.query(
    `UPDATE endpoint_secrets s SET ciphertext = i.ciphertext
     FROM unnest($1::text[], $2::integer[], $3::bytea[]) AS i(endpoint_id, number, ciphertext)
     WHERE s.endpoint_id = i.endpoint_id AND s.number = i.number`,
    [
      changed.map(({ endpointId }) => endpointId),
      changed.map(({ number }) => number),
      changed.map(({ ciphertext }) => ciphertext),
    ],
  );
}

interface SettingsRow {
  readonly id: string;
  readonly headers: readonly StoredHeader[];
  readonly route: EndpointRoute | null;
}

async function resealSettings(client: PoolClient, ids: readonly string[], step: Step): Promise<void> {
  const { rows } = await client.query<SettingsRow>(
    `SELECT id, headers, route FROM endpoints
     WHERE id = ANY ($1) AND (headers <> '[]' OR route ->> 'clientKey' IS NOT NULL)`,
    [ids],
  );
  const changed = rows.flatMap((row) => {
    const before = step.resealed;
    const again = resealRow(row, step);
    return step.resealed === before ? [] : [again];
  });
  if (changed.length === 0) return;
  await client.query(
    `UPDATE endpoints e SET headers = i.headers, route = i.route
     FROM unnest($1::text[], $2::jsonb[], $3::jsonb[]) AS i(id, headers, route) WHERE e.id = i.id`,
    [
      changed.map(({ id }) => id),
      changed.map(({ headers }) => JSON.stringify(headers)),
      changed.map(({ route }) => (route === null ? null : JSON.stringify(route))),
    ],
  );
}

function resealRow({ id: endpointId, headers, route }: SettingsRow, step: Step): SettingsRow {
  const clientKey = route?.clientKey ?? null;
  return {
    id: endpointId,
    headers: headers.map((header) => {
      if (!header.sensitive) return header;
      const subject = {
        endpointId,
        what: `header ${header.name}`,
        owner: headerOwner(endpointId, header.name),
      };
      return { ...header, value: step.resealText(header.value, subject) };
    }),
    route:
      route === null || clientKey === null
        ? route
        : {
            ...route,
            clientKey: step.resealText(clientKey, {
              endpointId,
              what: 'tls.client_key',
              owner: clientKeyOwner(endpointId),
            }),
          },
  };
}

/** The heads of all ciphertexts in base64; a head fills 16 digits. */
const SURVEY_SQL = `
  SELECT head, count(*)::integer AS count FROM (
    SELECT encode(substring(ciphertext FOR 12), 'base64') AS head FROM endpoint_secrets
    UNION ALL
    SELECT left(h ->> 'value', 16) FROM endpoints, jsonb_array_elements(headers) AS h
    WHERE deleted_at IS NULL AND (h ->> 'sensitive')::boolean
    UNION ALL
    SELECT left(route ->> 'clientKey', 16) FROM endpoints
    WHERE deleted_at IS NULL AND route ->> 'clientKey' IS NOT NULL) AS heads
  GROUP BY head`;
