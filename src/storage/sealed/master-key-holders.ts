import type { Database } from '../postgres/database.ts';
import { milliseconds } from '../postgres/time-sql.ts';

/** A running process with the master keys it has, by their ids: it seals with the first. */
export interface MasterKeyHolder {
  /** For people: which process it is. */
  readonly name: string;
  readonly keyIds: readonly string[];
}

/**
 * A process that was not heard of for so many of its announcements does not work at this moment, whatever it may do
 * later.
 */
const MISSED_ANNOUNCEMENTS = 3;

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

  /** Whether a process of this role, with which names begin, was heard of a moment ago. */
  async isAlive(role: 'api' | 'worker'): Promise<boolean> {
    const { rows } = await this.#database.pool.query<{ isAlive: boolean }>(
      `SELECT EXISTS (SELECT FROM master_key_holders
         WHERE starts_with(name, $1) AND seen_at > now() - ${milliseconds('$2')}) AS "isAlive"`,
      [`${role} `, MISSED_ANNOUNCEMENTS * this.#database.timing.announceMs],
    );
    return rows[0]?.isAlive === true;
  }

  /** How many processes of this role were heard of a moment ago. */
  async countAlive(role: 'api' | 'worker'): Promise<number> {
    const { rows } = await this.#database.pool.query<{ count: number }>(
      `SELECT count(*)::integer AS count FROM master_key_holders
       WHERE starts_with(name, $1) AND seen_at > now() - ${milliseconds('$2')}`,
      [`${role} `, MISSED_ANNOUNCEMENTS * this.#database.timing.announceMs],
    );
    return rows[0]?.count ?? 0;
  }

  /** The processes that live, by name; one that was not seen for a while is gone. */
  async list(): Promise<readonly MasterKeyHolder[]> {
    const { rows } = await this.#database.pool.query<MasterKeyHolder>(
      `SELECT name, key_ids AS "keyIds" FROM master_key_holders WHERE seen_at > now() - ${milliseconds('$1')}
        ORDER BY name`,
      [this.#database.timing.believedMs],
    );
    return rows;
  }
}
