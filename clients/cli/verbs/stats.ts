import { Option } from 'commander';
import type { components } from '../../typescript/schema.ts';
import type { AddCommands } from '../call.ts';
import type { Column } from '../output/output.ts';
import { present } from '../present.ts';

type Stats = components['schemas']['Stats'];

interface StatsOptions {
  readonly range: '1h' | '24h' | '7d';
  readonly customer?: string;
  readonly endpoint?: string;
}

const COLUMNS: readonly Column<Stats>[] = [
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

/** `posthorn stats`: success rates, latencies and errors. */
export const addStats: AddCommands = (program, handle) => {
  const stats = program
    .command('stats')
    .description('success rates, latencies and errors')
    .addOption(new Option('--range <range>', 'of the last').choices(['1h', '24h', '7d']).default('24h'))
    .option('--customer <id>', 'of this customer')
    .option('--endpoint <id>', 'of this endpoint');
  handle<StatsOptions>(stats, async ({ session, options: { range, customer, endpoint } }) => {
    const { api } = session.posthorn;
    const query = { window: range, ...(customer !== undefined && { customer_id: customer }) };
    const answer =
      endpoint === undefined
        ? await api.GET('/v1/stats', { params: { query } })
        : await api.GET('/v1/endpoints/{id}/stats', {
            params: { path: { id: endpoint }, query: { window: range } },
          });
    session.show(present<Stats>(answer as { data?: Stats }), COLUMNS);
  });
};

function percent(rate: number | null): string | null {
  return rate === null ? null : `${(rate * 100).toFixed(2)} %`;
}
