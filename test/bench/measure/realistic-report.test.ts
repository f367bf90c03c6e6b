import { describe, expect, it } from '@jest/globals';
import { Ledger } from '../../../bench/measure/ledger.ts';
import { type RealisticRun, reportOf } from '../../../bench/measure/realistic-report.ts';

const NO_CONNECTIONS = { open: 0, most: 0, opened: 0, resumed: 0 };
const SPAN_MS = 1_000;

describe('reportOf', () => {
  it('tells the smallest customers apart, and what came after the last publish not as a rate', () => {
    const { tables, flaws } = reportOf(runOf([1, 2, 30, 4_000]));
    expect(flaws).toEqual([]);
    expect(tables.deliveries).toMatchObject([
      { accepted_per_second: 4, delivered_per_second: 3, retried: 1, lost: 0, duplicates: 0 },
    ]);
    expect(tables.latency_in_ms).toMatchObject([
      { customers: 'all', events: 4, publish_p99: 1, first_attempt_p99: 30, delivered_max: 4_000 },
      { customers: 'the largest', events: 1, delivered_max: 1 },
      {
        customers: 'the smallest 2',
        events: 2,
        first_attempt_p50: 10,
        delivered_p50: 30,
        delivered_max: 4_000,
      },
    ]);
    expect(tables.connections_to_receivers).toEqual([
      { open_p50: 4, most_open: 9, opened: 10, of_these_resumed: 2 },
    ]);
  });

  it('finds what was lost, died, did not end or failed otherwise than receivers had it fail', () => {
    const run = runOf([1, null]);
    const attempts = [...run.attempts, { errorCode: 'tls_untrusted', count: 3 }];
    expect(reportOf({ ...run, attempts, statuses: { delivered: 1, dead: 1 } }).flaws).toEqual([
      'the run: 1 acknowledged events were lost',
      '1 deliveries are dead',
      '3 attempts failed with tls_untrusted',
    ]);
    expect(reportOf({ ...run, allEnd: false, statuses: { queued: 1 } }).flaws).toContain(
      'some deliveries did not end',
    );
  });
});

/** Events of as many customers, received after so long, the last one in a retry; never where null. */
function runOf(receiptsMs: readonly (number | null)[]): RealisticRun {
  const ledger = new Ledger();
  for (const [customer, ms] of receiptsMs.entries()) {
    const entry = ledger.begin(`job-${customer}`, customer);
    Object.assign(entry, { acknowledged: true, answeredAt: entry.begunAt + 1 });
    const arrival = { deliveryId: `del_${customer}`, attempt: 1, at: entry.begunAt };
    const isRetried = ms !== null && ms > SPAN_MS;
    if (isRetried) ledger.receive(entry.jobId, { ...arrival, at: entry.begunAt + 10, accepted: false });
    if (ms !== null) ledger.receive(entry.jobId, { ...arrival, at: entry.begunAt + ms, accepted: true });
  }
  return {
    ledger,
    lagMs: 1,
    spanMs: SPAN_MS,
    walBytes: 2_000,
    cpu: [],
    connections: {
      before: { ...NO_CONNECTIONS, opened: 5, resumed: 1 },
      after: { open: 3, most: 9, opened: 15, resumed: 3 },
      samples: [3, 4, 5],
    },
    customers: receiptsMs.length,
    attempts: [
      { errorCode: null, count: 4 },
      { errorCode: 'http_503', count: 1 },
    ],
    statuses: { delivered: receiptsMs.length },
    allEnd: true,
  };
}
