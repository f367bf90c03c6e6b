import type { BenchContext, Benchmark, BenchReport, Row } from '../benchmark.ts';
import { type CallApi, createCaller } from '../load/call-api.ts';
import { fillHistory } from '../load/history/fill-history.ts';
import { distributionOf } from '../measure/distribution.ts';
import { measureIn } from '../measure/measure-in.ts';

/** What support does about the event of one job among very many. */
export const finding: Benchmark = {
  name: 'finding',
  summary: 'one event of many found by its job, explained and sent again, a call each',
  options: {
    events: { kind: 'number', summary: 'events kept', fallback: 1_000_000, least: 1, most: 100_000_000 },
    jobs: { kind: 'number', summary: 'jobs looked for', fallback: 100, least: 1, most: 10_000 },
  },
  run,
};

const CUSTOMER = 'support';

async function run(context: BenchContext): Promise<BenchReport> {
  const [events, jobs] = [context.number('events'), context.number('jobs')];
  return await measureIn(context, { conditions: { events, jobs }, rawConnections: 1 }, async (setting) => {
    const call = createCaller<Answer>(setting.installation);
    const url = 'https://receiver.example/';
    const { id: endpoint } = await call('POST', '/v1/endpoints', { body: { url, customer_id: CUSTOMER } });
    await call('POST', `/v1/endpoints/${endpoint}/pause`, { body: {} });
    const wanted: string[] = [];
    for (let job = 0; job < jobs; job += 1) wanted.push(await publish(call, `J-${job}`));
    const owners = [{ customer: CUSTOMER, endpoint }];
    await fillHistory(setting.postgres, { ...context, events, owners });
    const times = { found: [] as number[], explained: [] as number[], sent_again: [] as number[] };
    const flaws: string[] = [];
    for (const [job, id] of wanted.entries()) {
      const found = await timed(call, times.found, ['GET', `/v1/events?data[job_id]=J-${job}`]);
      if (found.items?.map((event) => event.id).join() !== id) flaws.push(`J-${job} was not found`);
      const told = await timed(call, times.explained, ['GET', `/v1/events/${id}/explain`]);
      if (told.endpoints?.[0]?.rule !== 'paused') flaws.push(`J-${job} was not explained`);
      await timed(call, times.sent_again, [
        'POST',
        `/v1/events/${id}/send`,
        { body: { endpoint_id: endpoint } },
      ]);
    }
    return { tables: { answer_in_ms: Object.entries(times).map(toRow) }, flaws };
  });
}

interface Answer {
  readonly id: string;
  readonly items?: readonly { readonly id: string }[];
  readonly endpoints?: readonly { readonly rule: string | null }[];
}

type Call = CallApi<Answer>;

async function publish(call: Call, job: string): Promise<string> {
  const event = { event: 'job.completed', customer_id: CUSTOMER, data: { job_id: job } };
  return (await call('POST', '/v1/events', { body: event })).id;
}

async function timed(call: Call, times: number[], request: Parameters<Call>): Promise<Answer> {
  const began = performance.now();
  const answer = await call(...request);
  times.push(performance.now() - began);
  return answer;
}

function toRow([step, times]: readonly [string, readonly number[]]): Row {
  return { step, first: times[0] ?? null, ...distributionOf(times) };
}
