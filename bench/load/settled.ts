import type { Client } from 'pg';
import type { Ledger, LedgerEntry } from '../measure/ledger.ts';
import { waitUntil } from './wait-until.ts';

/**
 * Without any progress for so long, what is missing counts as lost: covers a lost request's lease and the reconciling
 * loop.
 */
const PATIENCE_MS = 60_000;
const LOOK_EVERY_MS = 20;
const ASK_EVERY_MS = 250;

/**
 * Waits until everything that was acknowledged has been received, or nothing more comes.
 * @returns whether it all came
 */
export async function waitForReceipts(ledger: Ledger, signal: AbortSignal): Promise<boolean> {
  const wanted = ledger.counts().acknowledged;
  let seen = -1;
  const hasMoved = (): boolean => ledger.received > seen;
  while (ledger.received < wanted) {
    seen = ledger.received;
    if (!(await waitUntil(hasMoved, { timeoutMs: PATIENCE_MS, signal, intervalMs: LOOK_EVERY_MS }))) break;
  }
  return ledger.counts().lost === 0;
}

/** Waits until no delivery is open any more. @returns whether that came to be in time */
export async function waitForEnds(
  postgres: Client,
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<boolean> {
  const isSettled = async (): Promise<boolean> => {
    const { rows } = await postgres.query(
      `SELECT FROM deliveries WHERE status IN ('queued', 'sending', 'retrying', 'held', 'scheduled') LIMIT 1`,
    );
    return rows.length === 0;
  };
  return await waitUntil(isSettled, { timeoutMs, signal, intervalMs: ASK_EVERY_MS });
}

/** How many deliveries have each status; of one customer's endpoint where its number is given. */
export async function countByStatus(
  postgres: Client,
  endpoint?: number,
): Promise<Readonly<Record<string, number>>> {
  const { rows } = await postgres.query<{ status: string; count: number }>(
    `SELECT status, count(*)::int AS count FROM deliveries WHERE $1::text IS NULL OR customer_id = $1
     GROUP BY status ORDER BY status`,
    [endpoint === undefined ? null : `bench-${endpoint}`],
  );
  return Object.fromEntries(rows.map((row) => [row.status, row.count]));
}

/** Which of these deliveries had a workflow of their own; the others went with a wave. */
export async function ownRunsAmong(
  postgres: Client,
  deliveryIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const { rows } = await postgres.query<{ id: string }>(
    'SELECT id FROM deliveries WHERE id = ANY($1) AND run_id IS NOT NULL',
    [deliveryIds],
  );
  return new Set(rows.map(({ id }) => id));
}

/** Waits until each of these that was acknowledged has come, or for so long that it counts as lost. */
export async function waitForEntries(entries: readonly LedgerEntry[], signal: AbortSignal): Promise<void> {
  const cameAll = (): boolean =>
    entries.every(({ answeredAt, acknowledged, arrivals }) =>
      answeredAt === null ? false : !acknowledged || arrivals.length > 0,
    );
  await waitUntil(cameAll, { timeoutMs: PATIENCE_MS, signal, intervalMs: LOOK_EVERY_MS });
}

/** Whatever became of the others' deliveries, each acknowledged event has its row. */
export async function missingRows(postgres: Client, ledger: Ledger): Promise<readonly string[]> {
  const acknowledged = ledger.entries.filter((entry) => entry.acknowledged).length;
  const { rows } = await postgres.query<{ count: number }>('SELECT count(*)::int AS count FROM deliveries');
  const missing = acknowledged - (rows[0]?.count ?? 0);
  return missing > 0 ? [`${missing} acknowledged events have no delivery`] : [];
}
