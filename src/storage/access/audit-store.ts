import { allOf } from '../postgres/conditions.ts';
import type { Database } from '../postgres/database.ts';
import type { PageBounds } from '../postgres/page.ts';

/** Who does something; `system`: Posthorn itself. */
export const AUDIT_ACTORS = ['operator', 'customer', 'system'] as const;
export type AuditActor = (typeof AUDIT_ACTORS)[number];

/** Who changed what, when and from where. */
export interface AuditEntry {
  readonly id: string;
  readonly createdAt: Date;
  readonly action: string;
  readonly subjectId: string | null;
  /** Whose the subject is; null for the operator's own. */
  readonly customerId: string | null;
  readonly actor: AuditActor;
  /** Null for the operator's key of the configuration. */
  readonly keyId: string | null;
  /** Whom a trusted proxy named; null where a key was shown. */
  readonly person: string | null;
  readonly address: string | null;
  /** Null where no request asked for it. */
  readonly requestId: string | null;
  /** What for, in their words; of what Posthorn did by itself the code of what led to it. */
  readonly reason: string | null;
  /** Names of the members that the request gave, never their values. */
  readonly changed: readonly string[];
  /** How many things an action in bulk affected. */
  readonly affected: number | null;
}

/** An entry to write. `customerId` counts only where the subject does not tell whose it is. */
export type NewAuditEntry = Omit<AuditEntry, 'createdAt'>;

/** Members that are absent do not restrict; `before` is exclusive. */
export interface AuditFilter {
  readonly customerId?: string | undefined;
  readonly subjectId?: string | undefined;
  readonly action?: string | undefined;
  readonly after?: Date | undefined;
  readonly before?: Date | undefined;
}

const COLUMNS = `id, created_at AS "createdAt", action, subject_id AS "subjectId", customer_id AS "customerId", actor,
  key_id AS "keyId", person, address, request_id AS "requestId", reason, changed, affected`;

/** The audit log: written and read, never changed. See `noteEndpointChanges` for what no request asks for. */
export class AuditStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Writes an entry for the customer whose the subject is, deleted or not. */
  async insert(entry: NewAuditEntry): Promise<void> {
    await this.#database.pool.query(
      `INSERT INTO audit_entries (id, action, subject_id, customer_id, actor, key_id, address, request_id, changed,
        affected, person, reason)
       VALUES ($1, $2, $3, coalesce(
         (SELECT customer_id FROM endpoints WHERE id = $3), (SELECT customer_id FROM deliveries WHERE id = $3),
         (SELECT customer_id FROM events WHERE id = $3), (SELECT customer_id FROM api_keys WHERE id = $3),
         (SELECT customer_id FROM replays WHERE id = $3), $4),
         $5, $6, $7, $8, $9, $10, $11, $12)`,
      [
        entry.id,
        entry.action,
        entry.subjectId,
        entry.customerId,
        entry.actor,
        entry.keyId,
        entry.address,
        entry.requestId,
        entry.changed,
        entry.affected,
        entry.person,
        entry.reason,
      ],
    );
  }

  /** The entries a filter selects, newest first. */
  async list(filter: AuditFilter, page: PageBounds): Promise<readonly AuditEntry[]> {
    const { text, values } = allOf([
      ['customer_id = $', filter.customerId],
      ['subject_id = $', filter.subjectId],
      ['action = $', filter.action],
      ['created_at >= $', filter.after],
      ['created_at < $', filter.before],
      ['id < $', page.beforeId ?? undefined],
    ]);
    const { rows } = await this.#database.reads.query<AuditEntry>(
      `SELECT ${COLUMNS} FROM audit_entries WHERE ${text} ORDER BY id DESC LIMIT ${page.fetchLimit}`,
      values,
    );
    return rows;
  }
}
