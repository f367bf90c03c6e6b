import type { DestinationLists } from '../../domain/destination-lists.ts';
import type { Database } from '../postgres/database.ts';

/** The operator's lists as they are stored; `updatedAt` null where nothing was stored yet. */
export interface StoredDestinationLists extends DestinationLists {
  readonly updatedAt: Date | null;
}

const NOTHING: StoredDestinationLists = { allowed: [], denied: [], ports: [], hosts: [], updatedAt: null };

/** The operator's lists of destinations, one set for all. */
export class DestinationRuleStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** What is stored; empty lists where nothing is. */
  async read(): Promise<StoredDestinationLists> {
    const { rows } = await this.#database.pool.query<StoredDestinationLists>({
      name: 'read-destination-rules',
      text: `SELECT ${COLUMNS} FROM destination_rules`,
    });
    return rows[0] ?? NOTHING;
  }

  /** Replaces all lists. */
  async replace(lists: DestinationLists): Promise<StoredDestinationLists> {
    const { rows } = await this.#database.pool.query<StoredDestinationLists>(
      `INSERT INTO destination_rules (allowed, denied, ports, hosts) VALUES ($1, $2, $3, $4)
       ON CONFLICT (only_row) DO UPDATE SET allowed = excluded.allowed, denied = excluded.denied,
         ports = excluded.ports, hosts = excluded.hosts, updated_at = now()
       RETURNING ${COLUMNS}`,
      [lists.allowed, lists.denied, lists.ports, lists.hosts],
    );
    return rows[0] ?? NOTHING;
  }
}

const COLUMNS = 'allowed, denied, ports, hosts, updated_at AS "updatedAt"';
