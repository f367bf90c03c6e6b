import type { ClientBase } from 'pg';
import { asUnavailable, DatabaseUnavailable } from './database-unavailable.ts';
import { type DatabaseAddress, PostgresClient } from './postgres-client.ts';
import { describeMismatch, readSchemaState } from './schema-state.ts';
import { prepareSession } from './session.ts';

/**
 * Looks once at what a process connects to, before anything is asked of it. What was found well is not looked at again:
 * a newer version may migrate the database while this one still runs.
 */
export class DatabaseCheck {
  readonly #address: DatabaseAddress;
  #passed: Promise<void> | null = null;

  constructor(address: DatabaseAddress) {
    this.#address = address;
  }

  /** @throws DatabaseUnavailable that says what to do */
  async pass(client: ClientBase): Promise<void> {
    this.#passed ??= this.#look(client).catch((cause: unknown) => {
      this.#passed = null;
      throw asUnavailable(cause);
    });
    await this.#passed;
  }

  async #look(client: ClientBase): Promise<void> {
    const mismatch = describeMismatch(await readSchemaState(client));
    if (mismatch !== null) throw new DatabaseUnavailable('schema_outdated', mismatch);
    const other = new PostgresClient(this.#address);
    await other.connect();
    try {
      await prepareSession(other);
      await requireOwnSessions(client, other);
    } finally {
      await other.end();
    }
  }
}

/**
 * Two connections that are held at a time have two sessions, unless a pooler hands out transactions: then settings and
 * locks of one are those of another.
 * @throws DatabaseUnavailable where they have not
 */
export async function requireOwnSessions(one: ClientBase, other: ClientBase): Promise<void> {
  if ((await sessionOf(one)) !== (await sessionOf(other))) return;
  const message =
    'the pooler before Postgres hands out transactions: set its pool_mode to session, or connect past it';
  throw new DatabaseUnavailable('database_unavailable', message);
}

async function sessionOf(client: ClientBase): Promise<string | undefined> {
  const { rows } = await client.query<{ id: string }>(
    "SELECT pg_backend_pid() || ' of ' || pg_postmaster_start_time() AS id",
  );
  return rows[0]?.id;
}
