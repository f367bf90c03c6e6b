import type { BenchContext, Benchmark, BenchReport } from '../benchmark.ts';
import { type LoadResult, lossesIn, runLoad } from '../load/load.ts';
import { EVENT_BYTES } from '../load/publisher.ts';
import { type MeasuredSetting, measureIn, warmUp } from '../measure/measure-in.ts';

/** Many events a call against one event a call. */
export const bulk: Benchmark = {
  name: 'bulk',
  summary: 'many events a call to /v1/events/batch, against one event a call in the same run',
  options: {
    events: { kind: 'number', summary: 'events each way', fallback: 20_000, least: 1, most: 10_000_000 },
    'per-call': { kind: 'number', summary: 'events a call', fallback: 100, least: 2, most: 1_000 },
    callers: { kind: 'number', summary: 'such calls at a time', fallback: 8, least: 1, most: 128 },
    publishers: {
      kind: 'number',
      summary: 'single publishers at a time',
      fallback: 100,
      least: 1,
      most: 128,
    },
  },
  run,
};

const WARM_UP_EVENTS = 500;

async function run(context: BenchContext): Promise<BenchReport> {
  const { signal, onProgress } = context;
  const [events, eventsPerCall] = [context.number('events'), context.number('per-call')];
  const [callers, publishers] = [context.number('callers'), context.number('publishers')];
  const conditions = { events, per_call: eventsPerCall, callers, publishers, event_bytes: EVENT_BYTES };
  return await measureIn(context, { conditions, rawConnections: publishers }, async (setting) => {
    await setting.installation.startWorker();
    await setting.createEndpoint(0);
    await warmUp(setting, { ...context, events: Math.min(WARM_UP_EVENTS, events), sideBySide: publishers });
    onProgress(`publishing ${events} events, one a call`);
    const single = await runLoad(setting, { name: 'single', events, publishers, signal });
    onProgress(`publishing ${events} events, ${eventsPerCall} a call`);
    const many = await runLoad(setting, { name: 'bulk', events, publishers: callers, eventsPerCall, signal });
    return reportOf(setting, { single, bulk: many });
  });
}

function reportOf(
  { rawPerSecond }: MeasuredSetting,
  loads: Readonly<Record<'single' | 'bulk', LoadResult>>,
): Omit<BenchReport, 'conditions'> {
  const rows = Object.entries(loads).map(([publish, load]) => ({
    publish,
    accepted_per_second: load.acceptedPerSecond,
    of_single: load.acceptedPerSecond / loads.single.acceptedPerSecond,
    delivered_per_second: load.deliveredPerSecond,
    delivered_of_single: load.deliveredPerSecond / loads.single.deliveredPerSecond,
    of_raw: load.deliveredPerSecond / rawPerSecond,
    lost: load.counts.lost,
    duplicates: load.counts.duplicates,
  }));
  return {
    tables: { bulk: rows, cpu_by_process_single: loads.single.cpu, cpu_by_process_bulk: loads.bulk.cpu },
    flaws: Object.entries(loads).flatMap(([publish, load]) => lossesIn(load.counts, publish)),
  };
}
