import type { PoolClient } from 'pg';
import { DomainError } from '../../domain/errors.ts';
import { IDEMPOTENCY_WINDOW } from '../postgres/time-sql.ts';
import type { DraftEvent } from './new-event.ts';

/** A draft, and where its idempotency key was used before the event that was accepted then. */
export interface IdempotentEvent {
  readonly draft: DraftEvent;
  readonly originalId: string | null;
}

interface KeyRow {
  readonly scope: string;
  readonly key: string;
  readonly request_hash: Buffer;
  readonly event_id: string;
}

/**
 * Takes the idempotency keys of a group of drafts inside the caller's transaction; waits for others that hold the same
 * key.
 * @throws DomainError `invalid` where a key was used with another body
 */
export async function reserveKeys(
  client: PoolClient,
  drafts: readonly DraftEvent[],
): Promise<readonly IdempotentEvent[]> {
  const firstUses = firstUseOfEachKey(drafts);
  if (firstUses.size === 0) return drafts.map((draft) => ({ draft, originalId: null }));
  const owners = await ownersOfKeys(client, firstUses);
  return drafts.map((draft) => {
    if (draft.idempotency === null) return { draft, originalId: null };
    const owner = owners.get(nameOf(draft.idempotency));
    if (owner === undefined) throw new Error('an idempotency key was neither taken nor found');
    if (!owner.request_hash.equals(draft.idempotency.requestHash)) throw reused(draft.idempotency.key);
    return { draft, originalId: owner.event_id === draft.id ? null : owner.event_id };
  });
}

function firstUseOfEachKey(drafts: readonly DraftEvent[]): ReadonlyMap<string, DraftEvent> {
  const uses = new Map<string, DraftEvent>();
  for (const draft of drafts) {
    if (draft.idempotency === null) continue;
    const name = nameOf(draft.idempotency);
    if (!uses.has(name)) uses.set(name, draft);
  }
  return uses;
}

async function ownersOfKeys(
  client: PoolClient,
  uses: ReadonlyMap<string, DraftEvent>,
): Promise<ReadonlyMap<string, KeyRow>> {
  // One order everywhere, so that two groups with the same keys wait for each other instead of dying in a deadlock.
  const names = [...uses.keys()].sort();
  const drafts = names.flatMap((name) => uses.get(name) ?? []);
  const scopes = drafts.map((draft) => draft.idempotency?.scope);
  const keys = drafts.map((draft) => draft.idempotency?.key);
  const hashes = drafts.map((draft) => draft.idempotency?.requestHash);
  await client.query(
    `INSERT INTO idempotency_keys AS k (scope, key, request_hash, event_id)
     SELECT * FROM unnest($1::text[], $2::text[], $3::bytea[], $4::text[])
     ON CONFLICT (scope, key) DO UPDATE
       SET request_hash = excluded.request_hash, event_id = excluded.event_id, created_at = now()
       WHERE k.created_at < now() - ${IDEMPOTENCY_WINDOW}`,
    [scopes, keys, hashes, drafts.map((draft) => draft.id)],
  );
  const { rows } = await client.query<KeyRow>(
    `SELECT scope, key, request_hash, event_id FROM idempotency_keys
     WHERE (scope, key) IN (SELECT * FROM unnest($1::text[], $2::text[]))`,
    [scopes, keys],
  );
  return new Map(rows.map((row) => [nameOf(row), row]));
}

function nameOf({ scope, key }: { readonly scope: string; readonly key: string }): string {
  return JSON.stringify([scope, key]);
}

function reused(key: string): DomainError {
  return new DomainError('invalid', 'idempotency_key_reused', {
    message: `The idempotency key ${JSON.stringify(key)} was used with another request; use a new key for a new event.`,
  });
}
