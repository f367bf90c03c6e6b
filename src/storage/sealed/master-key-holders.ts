import type { Database } from '../postgres/database.ts';
import { milliseconds } from '../postgres/time-sql.ts';

/** A running process with the master keys it has, by their ids: it seals with the first. */
export interface MasterKeyHolder {
  /** For people: which process it is. */
  readonly name: string;
  readonly keyIds: readonly string[];
}

/** Which processes have which master keys, as they say themselves every few seconds; no key itself is written down. */
export class MasterKeyHolders {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Says that this process lives. @param id that no other process has */
  async announce(id: string, { name, keyIds }: MasterKeyHolder): Promise<void> {
    await this.#database.pool.query(
      `WITH gone AS (DELETE FROM master_key_holders WHERE seen_at < now() - interval '1 hour' AND holder <> $1)
       INSERT INTO master_key_holders (holder, name, key_ids, seen_at) VALUES ($1, $2, $3, now())
       ON CONFLICT (holder) DO UPDATE SET seen_at = excluded.seen_at`,
      [id, name, keyIds],
    );
  }

  /** Says that it ends. */
  async withdraw(id: string): Promise<void> {
    await this.#database.pool.query('DELETE FROM master_key_holders WHERE holder = $1', [id]);
  }

  /** The processes that live, by name; one that was not seen for a while is gone. */
  async list(): Promise<readonly MasterKeyHolder[]> {
    const { rows } = await this.#database.pool.query<MasterKeyHolder>(
      `SELECT name, key_ids AS "keyIds" FROM master_key_holders WHERE seen_at > now() - ${milliseconds('$1')} ORDER BY name`,
      [this.#database.timing.believedMs],
    );
    return rows;
  }
}
