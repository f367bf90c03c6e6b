import type { EventType } from '../../domain/event-type.ts';
import type { Database } from '../postgres/database.ts';

/** An event type registered by the operator; the built-in ones have no rows. */
export type CustomEventType = Omit<EventType, 'builtIn'> & { readonly createdAt: Date };

const COLUMNS = `name, description, schema, broadcast, opt_in AS "optIn", searchable, sensitive,
  searchable_since AS "searchableSince",
  created_at AS "createdAt"`;

/** What of a type its events are judged by. */
export type TypeRules = Pick<EventType, 'optIn' | 'searchable' | 'sensitive'>;

/** The rows of `event_types`. */
export class EventTypeStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async list(): Promise<readonly CustomEventType[]> {
    const { rows } = await this.#database.pool.query<CustomEventType>(`SELECT ${COLUMNS} FROM event_types`);
    return rows;
  }

  /** What held for events of a type at this time, or when it was deleted before; null where that is not kept. */
  async rulesAt(name: string, at: Date): Promise<TypeRules | null> {
    const { rows } = await this.#database.reads.query<TypeRules>(
      `SELECT opt_in AS "optIn", searchable, sensitive FROM event_type_versions
       WHERE name = $1 AND at <= $2 AND NOT is_deleted ORDER BY number DESC LIMIT 1`,
      [name, at],
    );
    return rows[0] ?? null;
  }

  async count(): Promise<number> {
    const { rows } = await this.#database.pool.query<{ count: number }>(
      'SELECT count(*)::integer AS count FROM event_types',
    );
    return rows[0]?.count ?? 0;
  }

  /** @returns the new type; null where the name is taken */
  async insert(
    type: Omit<CustomEventType, 'createdAt' | 'searchableSince'>,
  ): Promise<CustomEventType | null> {
    const { rows } = await this.#database.pool.query<CustomEventType>(
      `INSERT INTO event_types (name, description, schema, broadcast, opt_in, searchable, sensitive, searchable_since)
       VALUES ($1, $2, $3, $4, $5, $6, $7, now())
       ON CONFLICT (name) DO NOTHING RETURNING ${COLUMNS}`,
      [
        type.name,
        type.description,
        toJson(type.schema),
        type.broadcast,
        type.optIn,
        type.searchable,
        type.sensitive,
      ],
    );
    return rows[0] ?? null;
  }

  /** Replaces what is given; a `schema` of null removes it. @returns the changed type; null where there is none */
  async update(
    name: string,
    changes: {
      readonly description?: string | undefined;
      readonly schema?: EventType['schema'] | undefined;
      readonly searchable?: readonly string[] | undefined;
      readonly sensitive?: readonly string[] | undefined;
    },
  ): Promise<CustomEventType | null> {
    const { rows } = await this.#database.pool.query<CustomEventType>(
      `UPDATE event_types SET description = coalesce($2, description),
         schema = CASE WHEN $3 THEN $4::jsonb ELSE schema END, searchable = coalesce($5, searchable),
         sensitive = coalesce($6, sensitive),
         searchable_since = CASE WHEN $5::text[] IS NULL OR $5 <@ searchable THEN searchable_since ELSE now() END
       WHERE name = $1 RETURNING ${COLUMNS}`,
      [
        name,
        changes.description ?? null,
        changes.schema !== undefined,
        toJson(changes.schema ?? null),
        changes.searchable ?? null,
        changes.sensitive ?? null,
      ],
    );
    return rows[0] ?? null;
  }

  /** Deletes a type that no endpoint names in full. */
  async deleteUnused(name: string): Promise<'deleted' | 'in_use' | 'missing'> {
    const { rows } = await this.#database.pool.query<{ found: boolean; deleted: boolean }>(
      `WITH gone AS (
         DELETE FROM event_types WHERE name = $1
           AND NOT EXISTS (SELECT FROM endpoints WHERE deleted_at IS NULL AND $1 = ANY(events))
         RETURNING name)
       SELECT EXISTS (SELECT FROM event_types WHERE name = $1) AS found, EXISTS (SELECT FROM gone) AS deleted`,
      [name],
    );
    const [row] = rows;
    if (row?.deleted === true) return 'deleted';
    return row?.found === true ? 'in_use' : 'missing';
  }
}

function toJson(schema: EventType['schema']): string | null {
  return schema === null ? null : JSON.stringify(schema);
}
