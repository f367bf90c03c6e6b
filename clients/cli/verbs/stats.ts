import { setTimeout as sleep } from 'node:timers/promises';
import { type Command, Option } from 'commander';
import type { components } from '../../typescript/schema.ts';
import type { AddCommands, Handle } from '../call.ts';
import { wholeFrom } from '../input/values.ts';
import type { Column } from '../output/output.ts';
import { present } from '../present.ts';
import type { Session } from '../session.ts';
import { addStatsSeries, RANGES, type Range } from './stats-series.ts';

type Schemas = components['schemas'];
type Top = Schemas['StatsTop']['items'][number];
type Capped = Schemas['CappedCount'];

const SUBJECTS = { endpoint: 'endpoint', error: 'error_code', customer: 'customer', event: 'event' } as const;
const COUNTED = ['attempts', 'failed', 'delivered', 'dead'] as const;

const WATCH_EVERY_MS = 2_000;

interface SummaryOptions {
  readonly range: Range;
  readonly customer?: string;
  readonly endpoint?: string;
}

interface NowOptions {
  readonly customer?: string;
  readonly watch?: boolean;
}

interface TopOptions {
  readonly range: Range;
  readonly customer?: string;
  readonly by: keyof typeof SUBJECTS;
  readonly of: (typeof COUNTED)[number];
  readonly limit: number;
}

const SUMMARY_COLUMNS: readonly Column<Schemas['Stats']>[] = [
  ['attempts', (one) => one.attempts.total],
  ['succeeded', (one) => one.attempts.succeeded],
  ['failed', (one) => one.attempts.failed],
  ['success rate', (one) => percent(one.success_rate.attempts)],
  ['deliveries', (one) => one.deliveries.total],
  ['delivered', (one) => percent(one.success_rate.deliveries)],
  ['p50 ms', (one) => one.latency_ms.p50],
  ['p95 ms', (one) => one.latency_ms.p95],
  ['p99 ms', (one) => one.latency_ms.p99],
  [
    'errors',
    (one) => one.by_error_code.map(({ error_code, count }) => `${count} ${error_code}`).join(', ') || null,
  ],
];

const NOW_COLUMNS: readonly Column<Schemas['StatsNow']>[] = [
  ['waiting', (one) => capped(one.waiting)],
  ['sending', (one) => capped(one.sending)],
  ['scheduled', (one) => capped(one.scheduled)],
  ['held', (one) => capped(one.held)],
  ['held by', (one) => countsOf(one.held_by)],
  ['dead', (one) => capped(one.dead)],
  ['oldest due', (one) => one.oldest_due_at],
  ['endpoints', (one) => countsOf(one.endpoints)],
  ['workers', (one) => one.workers],
];

const TOP_COLUMNS: readonly Column<Top>[] = [
  ['of', (one) => one.subject],
  ['attempts', (one) => one.attempts],
  ['failed', (one) => one.failed],
  ['delivered', (one) => one.delivered],
  ['dead', (one) => one.dead],
  ['last', (one) => one.last_at],
  ['', (one) => one.url ?? one.advice],
];

/** `posthorn stats`: success rates, latencies and errors; at this moment, over time, and whose they are. */
export const addStats: AddCommands = (program, handle) => {
  const stats = program
    .command('stats')
    .description('success rates, latencies and errors: the summary, where nothing else is named');
  addSummary(stats, handle);
  addNow(stats, handle);
  addStatsSeries(stats, handle);
  addTop(stats, handle);
};

function addSummary(stats: Command, handle: Handle): void {
  const summary = stats
    .command('summary', { isDefault: true })
    .description('rates, latencies and errors of a span')
    .addOption(new Option('--range <range>', 'of the last').choices(RANGES).default('24h'))
    .option('--customer <id>', 'of this customer')
    .option('--endpoint <id>', 'of this endpoint')
    .addOption(new Option('--by <subject>', 'whose failures, as stats top').choices(Object.keys(SUBJECTS)));
  handle<SummaryOptions & { readonly by?: TopOptions['by'] }>(summary, async ({ session, options }) => {
    const { range, customer, endpoint, by } = options;
    if (by !== undefined) return await showTop(session, { ...options, by, of: 'failed', limit: 10 });
    const { api } = session.posthorn;
    const query = { window: range, ...(customer !== undefined && { customer_id: customer }) };
    const answer =
      endpoint === undefined
        ? await api.GET('/v1/stats', { params: { query } })
        : await api.GET('/v1/endpoints/{id}/stats', {
            params: { path: { id: endpoint }, query: { window: range } },
          });
    session.show(present<Schemas['Stats']>(answer as { data?: Schemas['Stats'] }), SUMMARY_COLUMNS);
  });
}

function addNow(stats: Command, handle: Handle): void {
  const now = stats
    .command('now')
    .description('what waits, is held, is sent and is dead at this moment')
    .option('--customer <id>', 'of this customer')
    .option('--watch', 'again every two seconds, until Ctrl-C');
  handle<NowOptions>(now, async ({ session, options: { customer, watch } }) => {
    const query = customer === undefined ? {} : { customer_id: customer };
    for (;;) {
      const answer = await session.posthorn.api.GET('/v1/stats/now', { params: { query } });
      session.show(present(answer), NOW_COLUMNS);
      if (watch !== true) return;
      await sleep(WATCH_EVERY_MS, undefined, { signal: session.io.signal });
    }
  });
}

function addTop(stats: Command, handle: Handle): void {
  const top = stats
    .command('top')
    .description('the endpoints, errors, customers or event types with the largest counts')
    .addOption(new Option('--range <range>', 'of the last').choices(RANGES).default('24h'))
    .addOption(new Option('--by <subject>', 'whose').choices(Object.keys(SUBJECTS)).default('endpoint'))
    .addOption(new Option('--of <count>', 'ordered by').choices(COUNTED).default('failed'))
    .option('--customer <id>', 'of this customer')
    .option('--limit <n>', 'so many at most', wholeFrom(1), 10);
  handle<TopOptions>(top, async ({ session, options }) => await showTop(session, options));
}

async function showTop(session: Session, { range, customer, by, of, limit }: TopOptions): Promise<void> {
  const query = {
    window: range,
    by: SUBJECTS[by],
    of,
    limit,
    ...(customer !== undefined && { customer_id: customer }),
  };
  const { items } = present(await session.posthorn.api.GET('/v1/stats/top', { params: { query } }));
  if (session.output.isJson) session.output.write(`${session.lastText}\n`);
  else session.output.table(items, TOP_COLUMNS);
}

function capped({ count, capped: hasMore }: Capped): string {
  return hasMore ? `more than ${count}` : String(count);
}

function countsOf(counts: Readonly<Record<string, number>>): string | null {
  const present = Object.entries(counts).filter(([, count]) => count > 0);
  return present.map(([name, count]) => `${count} ${name}`).join(', ') || null;
}

function percent(rate: number | null): string | null {
  return rate === null ? null : `${(rate * 100).toFixed(2)} %`;
}
