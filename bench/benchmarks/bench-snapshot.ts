import { Client } from 'pg';
import type { BenchContext, Benchmark, BenchReport, Row } from '../benchmark.ts';
import { lossesIn } from '../load/load.ts';
import { runOpenLoop } from '../load/open-loop.ts';
import { EVENT_BYTES } from '../load/publisher.ts';
import { waitForReceipts } from '../load/settled.ts';
import { distributionOf } from '../measure/distribution.ts';
import { answerMs, type LedgerEntry, receiptMs } from '../measure/ledger.ts';
import { type MeasuredSetting, measureIn, warmUp } from '../measure/measure-in.ts';

/** What somebody costs who reads the database in one long transaction, as a dump or a report does. */
export const snapshot: Benchmark = {
  name: 'snapshot',
  summary:
    'latency before, while and after another session holds a REPEATABLE READ snapshot, under load all the time',
  options: {
    rate: { kind: 'number', summary: 'events a second', fallback: 300, least: 1, most: 10_000 },
    'before-s': { kind: 'number', summary: 'seconds before it', fallback: 30, least: 1, most: 3_600 },
    'held-s': { kind: 'number', summary: 'seconds that it is held', fallback: 120, least: 1, most: 86_400 },
    'after-s': { kind: 'number', summary: 'seconds after it', fallback: 60, least: 1, most: 3_600 },
    'window-s': { kind: 'number', summary: 'seconds of each line', fallback: 30, least: 1, most: 3_600 },
    endpoints: { kind: 'number', summary: 'endpoints', fallback: 100, least: 1, most: 1_000 },
    customers: { kind: 'number', summary: 'customers that share them', fallback: 20, least: 1, most: 1_000 },
  },
  run,
};

const WARM_UP_EVENTS = 500;
const WARM_UP_SIDE_BY_SIDE = 20;

async function run(context: BenchContext): Promise<BenchReport> {
  const { number } = context;
  const [rate, endpoints, customers] = [number('rate'), number('endpoints'), number('customers')];
  const conditions = { rate, endpoints, customers, event_bytes: EVENT_BYTES };
  return await measureIn(context, { conditions, rawConnections: 1, customers }, async (setting) => {
    await setting.installation.startWorker();
    for (let endpoint = 0; endpoint < endpoints; endpoint += 1) await setting.createEndpoint(endpoint);
    await warmUp(setting, { ...context, events: WARM_UP_EVENTS, sideBySide: WARM_UP_SIDE_BY_SIDE });
    const rows: Row[] = [];
    const flaws: string[] = [];
    const phases: readonly Phase[] = [
      { name: 'before', seconds: number('before-s') },
      { name: 'held', seconds: number('held-s') },
      { name: 'after', seconds: number('after-s') },
    ];
    for (const phase of phases) {
      context.onProgress(`${phase.name}: ${rate} a second for ${phase.seconds} s`);
      const reader = phase.name === 'held' ? await holdSnapshot(setting.installation.databaseUrl) : null;
      try {
        const found = await publishPhase(phase, { context, setting });
        rows.push(...found.rows);
        flaws.push(...found.flaws);
      } finally {
        await reader?.end();
      }
    }
    return { tables: { publish_to_receipt_in_ms: rows }, flaws };
  });
}

interface Phase {
  readonly name: 'before' | 'held' | 'after';
  readonly seconds: number;
}

/** A session that has read something in a transaction which it does not end. */
async function holdSnapshot(connectionString: string): Promise<Client> {
  const client = new Client({ connectionString });
  await client.connect();
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  await client.query('SELECT count(*) FROM pg_class');
  return client;
}

async function publishPhase(
  { name, seconds }: Phase,
  { context, setting }: { readonly context: BenchContext; readonly setting: MeasuredSetting },
): Promise<{ readonly rows: readonly Row[]; readonly flaws: readonly string[] }> {
  const { number, signal } = context;
  const [rate, windowMs] = [number('rate'), number('window-s') * 1_000];
  const ledger = setting.openLedger();
  const began = performance.now();
  const count = Math.round(rate * seconds);
  await runOpenLoop({ ratePerSecond: rate, count, signal }, async (index) => {
    await setting.publisher.publish(ledger.begin(`${name}-${index}`, index % number('endpoints')));
  });
  await waitForReceipts(ledger, signal);
  const windowOf = ({ begunAt }: LedgerEntry): number => Math.floor((begunAt - began) / windowMs);
  const windows = Array.from({ length: Math.ceil((seconds * 1_000) / windowMs) }, (_, window) =>
    ledger.entries.filter((entry) => windowOf(entry) === window),
  );
  return {
    rows: windows.map((entries, window) => rowOf(`${name}, from ${(window * windowMs) / 1_000} s`, entries)),
    flaws: lossesIn(ledger.counts(), name),
  };
}

function rowOf(when: string, entries: readonly LedgerEntry[]): Row {
  const received = distributionOf(entries.flatMap(receiptMs));
  return {
    when,
    events: entries.length,
    p50: received?.p50 ?? null,
    p99: received?.p99 ?? null,
    max: received?.max ?? null,
    publish_p99: distributionOf(entries.flatMap(answerMs))?.p99 ?? null,
  };
}
