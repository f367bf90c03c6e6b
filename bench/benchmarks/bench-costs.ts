import type { BenchContext, Benchmark, BenchReport, Row } from '../benchmark.ts';
import { lossesIn, runLoad } from '../load/load.ts';
import { EVENT_BYTES } from '../load/publisher.ts';
import { measureIn, warmUp } from '../measure/measure-in.ts';
import { bytesKept } from '../measure/postgres-bytes.ts';
import { startCounting, statementCosts } from '../measure/statement-costs.ts';
import { LOAD_OPTIONS } from './bench-throughput.ts';

/** The load of `throughput`, or a steady one, once, to see where the time goes. */
export const costs: Benchmark = {
  name: 'costs',
  summary: 'what a delivery costs each process, and each statement of Postgres (not the embedded one)',
  options: {
    events: { kind: 'number', summary: 'events', fallback: 20_000, least: 1, most: 10_000_000 },
    ...LOAD_OPTIONS,
    rate: {
      kind: 'number',
      summary: 'events a second, instead of as many as answers come',
      fallback: 300,
      least: 1,
      most: 10_000,
    },
  },
  run,
};

const WARM_UP_EVENTS = 500;

async function run(given: BenchContext): Promise<BenchReport> {
  const context = { ...given, stage: { ...given.stage, countsStatements: true } };
  const [events, publishers] = [context.number('events'), context.number('publishers')];
  const [endpoints, customers] = [context.number('endpoints'), context.number('customers')];
  const conditions = { events, publishers, endpoints, customers, event_bytes: EVENT_BYTES };
  return await measureIn(context, { conditions, rawConnections: publishers, customers }, async (setting) => {
    const { postgres } = setting;
    await startCounting(postgres);
    await setting.installation.startWorker();
    for (let endpoint = 0; endpoint < endpoints; endpoint += 1) await setting.createEndpoint(endpoint);
    await warmUp(setting, { ...context, events: WARM_UP_EVENTS, sideBySide: publishers });
    await startCounting(postgres);
    const before = await bytesKept(postgres);
    context.onProgress(`publishing ${events} events`);
    const endpointOf = (index: number): number => index % endpoints;
    const { signal } = context;
    const pace = context.given('rate') ? { ratePerSecond: context.number('rate') } : {};
    const load = await runLoad(setting, { name: 'costs', events, publishers, endpointOf, signal, ...pace });
    const statements = await statementCosts(postgres, load.counts.received);
    const kept: Row = {
      delivered_per_second: load.deliveredPerSecond,
      kept_bytes_per_delivery: ((await bytesKept(postgres)) - before) / load.counts.received,
    };
    return {
      tables: { deliveries: [kept], cpu_by_process: load.cpu, statements },
      flaws: lossesIn(load.counts, 'the run'),
    };
  });
}
