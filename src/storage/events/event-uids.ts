import type { PoolClient } from 'pg';
import { DomainError } from '../../domain/errors.ts';
import type { DraftEvent } from './new-event.ts';

/** Within what `uid`s and idempotency keys are unique: a customer, or all that goes to everybody. */
export function scopeOfCustomer(customerId: string | null): string {
  return customerId === null ? '*' : `customer:${customerId}`;
}

/**
 * Takes the `uid`s of new events inside the caller's transaction; waits for others that take the same.
 * @throws DomainError `conflict` where one is taken
 */
export async function takeUids(client: PoolClient, drafts: readonly DraftEvent[]): Promise<void> {
  const named = drafts.flatMap((draft) => (draft.uid == null ? [] : [{ ...draft, uid: draft.uid }]));
  if (named.length === 0) return;
  // One order everywhere, as with idempotency keys.
  const inOrder = named
    .map(({ id, uid, customerId }) => ({ id, uid, scope: scopeOfCustomer(customerId) }))
    .sort((one, other) => compare(one.scope, other.scope) || compare(one.uid, other.uid));
  const values = [
    inOrder.map(({ scope }) => scope),
    inOrder.map(({ uid }) => uid),
    inOrder.map(({ id }) => id),
  ];
  await client.query(
    `INSERT INTO event_uids (scope, uid, event_id) SELECT * FROM unnest($1::text[], $2::text[], $3::text[])
     ON CONFLICT DO NOTHING`,
    values,
  );
  const { rows } = await client.query<{ uid: string; owner: string }>(
    `SELECT i.uid, u.event_id AS owner FROM unnest($1::text[], $2::text[], $3::text[]) AS i(scope, uid, event_id)
     JOIN event_uids u ON u.scope = i.scope AND u.uid = i.uid WHERE u.event_id <> i.event_id LIMIT 1`,
    values,
  );
  const [taken] = rows;
  if (taken !== undefined) throw uidTaken(taken);
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

function uidTaken({ uid, owner }: { readonly uid: string; readonly owner: string }): DomainError {
  return new DomainError('conflict', 'event_uid_taken', {
    message:
      `The uid ${JSON.stringify(uid)} is that of ${owner}, or of another event of this ` +
      `request; each event has its own.`,
  });
}
