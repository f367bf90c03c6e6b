import type { Client } from 'pg';
import type { BenchReport, Row } from '../benchmark.ts';
import { lossesIn } from '../load/load.ts';
import type { ConnectionCounts } from './connection-counts.ts';
import { distributionOf } from './distribution.ts';
import { answerMs, firstReceipt, type Ledger, type LedgerEntry, receiptMs } from './ledger.ts';

/** What came of a load that goes on whatever becomes of it. */
export interface RealisticRun {
  readonly ledger: Ledger;
  /** The most milliseconds by which a publish began too late. */
  readonly lagMs: number;
  /** From the first publish to the last answer. */
  readonly spanMs: number;
  /** A delivery. */
  readonly walBytes: number;
  readonly cpu: readonly Row[];
  readonly connections: {
    readonly before: ConnectionCounts;
    readonly after: ConnectionCounts;
    /** Open ones, at even distances. */
    readonly samples: readonly number[];
  };
  /** The most of a customer's share is the first one's, the least the last one's. */
  readonly customers: number;
  readonly attempts: readonly Attempts[];
  readonly statuses: Readonly<Record<string, number>>;
  readonly allEnd: boolean;
}

/** How many attempts ended in one way; those that were accepted have no error code. */
export interface Attempts {
  readonly errorCode: string | null;
  readonly count: number;
}

/** What receivers do on purpose. */
const EXPECTED: readonly (string | null)[] = [null, 'http_503', 'timeout'];

/** Counts attempts by what became of them. */
export async function countAttempts(postgres: Client): Promise<readonly Attempts[]> {
  const { rows } = await postgres.query<Attempts>(
    `SELECT error_code AS "errorCode", count(*)::int AS count FROM attempts
     GROUP BY error_code ORDER BY count DESC`,
  );
  return rows;
}

/** The figures, and what was lost or failed otherwise than receivers had it fail. */
export function reportOf(run: RealisticRun): Omit<BenchReport, 'conditions'> {
  const { ledger, customers, attempts, statuses, allEnd, cpu } = run;
  const counts = ledger.counts();
  const smallest = Math.floor(customers / 2);
  const ofCustomers = (isMeant: (customer: number) => boolean): readonly LedgerEntry[] =>
    ledger.entries.filter(({ endpoint }) => isMeant(endpoint % customers));
  const retried = ledger.entries.filter(({ arrivals }) => arrivals.length > 1).length;
  return {
    tables: {
      deliveries: [{ ...ratesOf(run), retried, lost: counts.lost, duplicates: counts.duplicates }],
      latency_in_ms: [
        latencyRow('all', ledger.entries),
        latencyRow(
          'the largest',
          ofCustomers((customer) => customer === 0),
        ),
        latencyRow(
          `the smallest ${customers - smallest}`,
          ofCustomers((customer) => customer >= smallest),
        ),
      ],
      attempts: attempts.map(({ errorCode, count }) => ({
        outcome: errorCode ?? 'accepted',
        attempts: count,
      })),
      connections_to_receivers: [connectionsRow(run)],
      cpu_by_process: cpu,
    },
    flaws: [
      ...lossesIn(counts, 'the run'),
      ...(allEnd ? [] : ['some deliveries did not end']),
      ...Object.entries(statuses)
        .filter(([status]) => allEnd && status !== 'delivered')
        .map(([status, count]) => `${count} deliveries are ${status}`),
      ...attempts
        .filter(({ errorCode }) => !EXPECTED.includes(errorCode))
        .map(({ errorCode, count }) => `${count} attempts failed with ${errorCode}`),
    ],
  };
}

/** Of what was delivered while events were published; what hangs or failed comes later. */
function ratesOf({ ledger, spanMs, lagMs, walBytes }: RealisticRun): Row {
  const { entries } = ledger;
  const beganAt = entries[0]?.begunAt ?? 0;
  const meanwhile = entries.filter((entry) => (firstReceipt(entry)?.at ?? Infinity) - beganAt <= spanMs);
  return {
    accepted_per_second: (entries.filter(({ acknowledged }) => acknowledged).length * 1_000) / spanMs,
    delivered_per_second: (meanwhile.length * 1_000) / spanMs,
    publisher_lag_ms: lagMs,
    wal_bytes_per_delivery: walBytes,
  };
}

function latencyRow(customers: string, entries: readonly LedgerEntry[]): Row {
  const published = distributionOf(entries.flatMap(answerMs));
  const first = distributionOf(entries.flatMap(firstAttemptMs));
  const received = distributionOf(entries.flatMap(receiptMs));
  return {
    customers,
    events: entries.length,
    publish_p50: published?.p50 ?? null,
    publish_p99: published?.p99 ?? null,
    first_attempt_p50: first?.p50 ?? null,
    first_attempt_p99: first?.p99 ?? null,
    delivered_p50: received?.p50 ?? null,
    delivered_p99: received?.p99 ?? null,
    delivered_max: received?.max ?? null,
  };
}

/** Until the first request came, accepted or not. */
function firstAttemptMs({ begunAt, arrivals }: LedgerEntry): number[] {
  return arrivals[0] === undefined ? [] : [arrivals[0].at - begunAt];
}

function connectionsRow({ connections: { before, after, samples } }: RealisticRun): Row {
  const opened = after.opened - before.opened;
  return {
    open_p50: distributionOf(samples)?.p50 ?? after.open,
    most_open: after.most,
    opened,
    of_these_resumed: after.resumed - before.resumed,
  };
}
