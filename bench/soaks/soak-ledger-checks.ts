import type { Ledger, LedgerEntry } from '../measure/ledger.ts';
import type { Check } from './soak-scenario.ts';

export interface LedgerExpectation {
  /** Events published, each for one endpoint. */
  readonly count: number;
  /** Attempts, as `delivery/number`, that were under way when their worker was killed. */
  readonly orphaned: ReadonlySet<string>;
  /** How many deliveries ended with each status. */
  readonly statuses: Readonly<Record<string, number>>;
}

/** What must hold whatever was killed: nothing lost, nothing stuck, nothing sent twice that need not be. */
export function checkLedger(ledger: Ledger, expectation: LedgerExpectation): readonly Check[] {
  const { count, orphaned, statuses } = expectation;
  const { acknowledged, lost, duplicates } = ledger.counts();
  const repeated = ledger.entries.filter(({ arrivals }) => arrivals.length > 1);
  const unexplained = repeated.filter((entry) => !isExplained(entry, orphaned));
  const sameNumber = repeated.filter(repeatsNumber);
  return [
    {
      promise: 'every publish is acknowledged',
      measured: `${acknowledged} of ${count}`,
      kept: acknowledged === count,
    },
    { promise: 'every acknowledged event is received', measured: `${lost} lost`, kept: lost === 0 },
    {
      promise: 'every delivery ends delivered, none stays in sending',
      measured: JSON.stringify(statuses),
      kept: statuses.delivered === acknowledged && Object.keys(statuses).length === 1,
    },
    {
      promise: 'only what was in flight at a kill comes twice',
      measured: `${duplicates} duplicates, ${orphaned.size} in flight, ${unexplained.length} unexplained`,
      kept: duplicates <= orphaned.size && unexplained.length === 0,
    },
    {
      promise: 'every duplicate has an attempt number of its own',
      measured: `${sameNumber.length} repeat one`,
      kept: sameNumber.length === 0,
    },
  ];
}

/** Every request of a delivery but its last must have lost its worker. */
function isExplained({ arrivals }: LedgerEntry, orphaned: ReadonlySet<string>): boolean {
  const lost = arrivals.filter(({ deliveryId, attempt }) => orphaned.has(`${deliveryId}/${attempt}`));
  return lost.length >= arrivals.length - 1;
}

function repeatsNumber({ arrivals }: LedgerEntry): boolean {
  return (
    new Set(arrivals.map(({ deliveryId, attempt }) => `${deliveryId}/${attempt}`)).size < arrivals.length
  );
}
