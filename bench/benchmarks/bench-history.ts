import { readFileSync } from 'node:fs';
import type { BenchContext, Benchmark, BenchReport } from '../benchmark.ts';
import { createCaller } from '../load/call-api.ts';
import { fillFigures } from '../load/history/fill-figures.ts';
import { fillHistory, type Owner } from '../load/history/fill-history.ts';
import { fillRecords } from '../load/history/fill-records.ts';
import { publishNamed, readValues } from '../load/history/read-values.ts';
import { type ApiDocument, type Read, readsOf } from '../load/history/reads.ts';
import { lossesIn } from '../load/load.ts';
import { runOpenLoop } from '../load/open-loop.ts';
import { waitForEntries } from '../load/settled.ts';
import { distributionOf } from '../measure/distribution.ts';
import { answerMs, type Ledger, receiptMs } from '../measure/ledger.ts';
import { type MeasuredSetting, measureIn, warmUp } from '../measure/measure-in.ts';
import { bytesKept } from '../measure/postgres-bytes.ts';
import { flawsOf, neverTogether, type ReadTimes, slowestFirst, timeReads } from '../measure/read-times.ts';

/** What it takes to look into a history that has grown, while events go on. */
export const history: Benchmark = {
  name: 'history',
  summary:
    'every list, count and figure with every filter and pair of filters, of a history filled in, under load',
  options: {
    events: { kind: 'number', summary: 'events kept', fallback: 200_000, least: 100, most: 100_000_000 },
    rate: { kind: 'number', summary: 'events a second meanwhile', fallback: 300, least: 1, most: 10_000 },
    repeats: { kind: 'number', summary: 'how often each is asked', fallback: 20, least: 1, most: 1_000 },
    endpoints: { kind: 'number', summary: 'endpoints', fallback: 100, least: 1, most: 1_000 },
    customers: { kind: 'number', summary: 'customers that share them', fallback: 20, least: 1, most: 1_000 },
  },
  run,
};

const DOCUMENT_FILE = 'clients/openapi.json';
const WARM_UP_EVENTS = 200;
const WARM_UP_SIDE_BY_SIDE = 10;
/** Of the events that are kept there are so many to an entry of the audit log, and to a replay. */
const EVENTS_AN_ENTRY = 100;
const EVENTS_A_REPLAY = 10_000;
const REPEATS_A_LINE = 5;
const FEWEST_ENTRIES = 1_000;
const FEWEST_REPLAYS = 100;

async function run(context: BenchContext): Promise<BenchReport> {
  const { number } = context;
  const [events, rate, repeats] = [number('events'), number('rate'), number('repeats')];
  const [endpoints, customers] = [number('endpoints'), number('customers')];
  const conditions = { events, rate, repeats, endpoints, customers };
  return await measureIn(context, { conditions, rawConnections: 1, customers }, async (setting) => {
    for (let endpoint = 0; endpoint < endpoints; endpoint += 1) await setting.createEndpoint(endpoint);
    const before = await bytesKept(setting.postgres);
    const reads = await prepare(context, setting);
    const bytes = (await bytesKept(setting.postgres)) - before;
    await setting.installation.startWorker();
    await warmUp(setting, { ...context, events: WARM_UP_EVENTS, sideBySide: WARM_UP_SIDE_BY_SIDE });
    const { tables, flaws } = await measure(context, { setting, reads });
    const kept = [{ events, questions: reads.length, bytes_an_event: bytes / events }];
    return { tables: { history: kept, ...tables }, flaws };
  });
}

/** Fills everything in that is read, and says what to ask. */
async function prepare(
  { number, signal, onProgress }: BenchContext,
  { installation, postgres, receiver }: MeasuredSetting,
): Promise<readonly Read[]> {
  const { rows: owners } = await postgres.query<Owner & { customer: string }>(
    'SELECT id AS endpoint, customer_id AS customer, events[1] AS event FROM endpoints ORDER BY id',
  );
  const events = number('events');
  await fillHistory(postgres, { events, owners, isVaried: true, signal, onProgress });
  onProgress('counting it');
  await fillFigures(postgres);
  const auditEntries = Math.max(FEWEST_ENTRIES, Math.round(events / EVENTS_AN_ENTRY));
  const replays = Math.max(FEWEST_REPLAYS, Math.round(events / EVENTS_A_REPLAY));
  await fillRecords(postgres, { owners, auditEntries, replays });
  const call = createCaller<unknown>(installation);
  const [{ customer } = { customer: '' }] = owners;
  const named = { customer_id: customer, url: receiver.url(owners.length), events: ['job.completed'] };
  await call('POST', '/v1/endpoints', { body: named });
  await publishNamed(call, customer);
  const document = JSON.parse(readFileSync(DOCUMENT_FILE, 'utf8')) as ApiDocument;
  return readsOf(document, await readValues(postgres, owners));
}

interface Measuring {
  readonly setting: MeasuredSetting;
  readonly reads: readonly Read[];
}

async function measure(
  { number, signal, onProgress }: BenchContext,
  { setting, reads }: Measuring,
): Promise<Omit<BenchReport, 'conditions'>> {
  const repeats = number('repeats');
  const ledger = setting.openLedger();
  const isOver = new AbortController();
  const ask = async (): Promise<readonly ReadTimes[]> => {
    const { apiUrl, adminKey } = setting.installation;
    const asking = { apiUrl, adminKey, signal };
    try {
      onProgress(`asking ${reads.length} questions, once before it counts`);
      // What is asked for the first time is compiled and planned first, which nobody sees who asks again.
      await timeReads(reads, { ...asking, repeats: 1, onRepeat: () => {} });
      return await timeReads(reads, {
        ...asking,
        repeats,
        onRepeat(repeat) {
          if (repeat % REPEATS_A_LINE === 1) onProgress(`asking them for time ${repeat} of ${repeats}`);
        },
      });
    } finally {
      isOver.abort();
    }
  };
  const publishing = publishUntil(isOver.signal, { setting, ledger, number, signal });
  const [times] = await Promise.all([ask(), publishing]);
  await waitForEntries(ledger.entries, signal);
  return reportOf(times, ledger);
}

interface Publishing extends Pick<BenchContext, 'number' | 'signal'> {
  readonly setting: MeasuredSetting;
  readonly ledger: Ledger;
}

/** Publishes at the rate to all endpoints in turn, until it is told that it is over. */
async function publishUntil(
  isOver: AbortSignal,
  { setting, ledger, number, signal }: Publishing,
): Promise<void> {
  const loop = {
    ratePerSecond: number('rate'),
    count: Number.POSITIVE_INFINITY,
    signal: AbortSignal.any([signal, isOver]),
  };
  try {
    await runOpenLoop(loop, async (index) => {
      await setting.publisher.publish(ledger.begin(`history-${index}`, index % number('endpoints')));
    });
  } catch (error) {
    if (!isOver.aborted) throw error;
  }
}

function reportOf(times: readonly ReadTimes[], ledger: Ledger): Omit<BenchReport, 'conditions'> {
  const published = distributionOf(ledger.entries.flatMap(answerMs));
  const received = distributionOf(ledger.entries.flatMap(receiptMs));
  return {
    tables: {
      answers_in_ms_the_slowest_first: slowestFirst(times),
      never_taken_together: neverTogether(times),
      events_meanwhile_in_ms: [
        {
          events: ledger.entries.length,
          publish_p50: published?.p50 ?? null,
          publish_p99: published?.p99 ?? null,
          receipt_p50: received?.p50 ?? null,
          receipt_p99: received?.p99 ?? null,
        },
      ],
    },
    flaws: [...flawsOf(times), ...lossesIn(ledger.counts(), 'meanwhile')],
  };
}
