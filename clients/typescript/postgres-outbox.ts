import { JsonText, stringify } from './json-text.ts';
import type { OutboxEntry, OutboxStore } from './outbox.ts';
import type { NewBatchEvent } from './posthorn.ts';
import type { PosthornProblem } from './problem.ts';

/** What runs a statement: a client or a pool of `pg`, or anything alike. */
export interface Queryable {
  query(text: string, values?: unknown[]): Promise<{ readonly rows: readonly unknown[] }>;
}

/** The table in which events wait; run this once, or put it into your migrations. */
export const OUTBOX_TABLE = `CREATE TABLE IF NOT EXISTS posthorn_outbox (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  key uuid NOT NULL DEFAULT gen_random_uuid(),
  event json NOT NULL,
  published_at timestamptz,
  refused_at timestamptz,
  refusal text
);
CREATE INDEX IF NOT EXISTS posthorn_outbox_waiting ON posthorn_outbox (id) WHERE published_at IS NULL
  AND refused_at IS NULL;`;

/** Puts an event into the outbox: call it with the client of the transaction whose change the event tells of. */
export async function addToOutbox(client: Queryable, event: NewBatchEvent): Promise<void> {
  await client.query('INSERT INTO posthorn_outbox (event) VALUES ($1)', [stringify(event)]);
}

/** The outbox as `drainOutbox` takes it, in Postgres. */
export function postgresOutbox(pool: Queryable): OutboxStore {
  return {
    async next(limit) {
      const { rows } = await pool.query(
        `SELECT key, (event::jsonb - 'data')::text AS rest, (event->'data')::text AS data_text
         FROM posthorn_outbox WHERE published_at IS NULL AND refused_at IS NULL ORDER BY id LIMIT $1`,
        [limit],
      );
      return (rows as readonly OutboxRow[]).map(toEntry);
    },
    async published(keys) {
      await pool.query('UPDATE posthorn_outbox SET published_at = now() WHERE key = ANY($1::uuid[])', [keys]);
    },
    async refused(key, problem: PosthornProblem) {
      const why = `${problem.code}: ${problem.message}`;
      await pool.query('UPDATE posthorn_outbox SET refused_at = now(), refusal = $2 WHERE key = $1', [
        key,
        why,
      ]);
    },
  };
}

interface OutboxRow {
  readonly key: string;
  readonly rest: string;
  readonly data_text: string;
}

/** The data stays text, so that its numbers reach receivers as they were written. */
function toEntry({ key, rest, data_text }: OutboxRow): OutboxEntry {
  return { id: key, event: { ...JSON.parse(rest), data: new JsonText(data_text) } };
}
