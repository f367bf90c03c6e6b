import type { BenchContext, Benchmark, BenchReport, Row } from '../benchmark.ts';
import { distributionOf } from '../measure/distribution.ts';
import { type MeasuredSetting, measureIn } from '../measure/measure-in.ts';

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
const ROWS_PER_STATEMENT = 50_000;

async function run(context: BenchContext): Promise<BenchReport> {
  const [events, jobs] = [context.number('events'), context.number('jobs')];
  return await measureIn(context, { conditions: { events, jobs }, rawConnections: 1 }, async (setting) => {
    const call = callerOf(setting);
    const url = 'https://receiver.example/';
    const { id: endpoint } = await call('POST', '/v1/endpoints', { url, customer_id: CUSTOMER });
    await call('POST', `/v1/endpoints/${endpoint}/pause`, {});
    const wanted: string[] = [];
    for (let job = 0; job < jobs; job += 1) wanted.push(await publish(call, `J-${job}`));
    await fill(setting, { events, endpoint, context });
    const times = { found: [] as number[], explained: [] as number[], sent_again: [] as number[] };
    const flaws: string[] = [];
    for (const [job, id] of wanted.entries()) {
      const found = await timed(call, times.found, ['GET', `/v1/events?data[job_id]=J-${job}`]);
      if (found.items?.map((event) => event.id).join() !== id) flaws.push(`J-${job} was not found`);
      const told = await timed(call, times.explained, ['GET', `/v1/events/${id}/explain`]);
      if (told.endpoints?.[0]?.rule !== 'paused') flaws.push(`J-${job} was not explained`);
      await timed(call, times.sent_again, ['POST', `/v1/events/${id}/send`, { endpoint_id: endpoint }]);
    }
    return { tables: { answer_in_ms: Object.entries(times).map(toRow) }, flaws };
  });
}

interface Answer {
  readonly id: string;
  readonly items?: readonly { readonly id: string }[];
  readonly endpoints?: readonly { readonly rule: string | null }[];
}

type Call = (method: string, path: string, body?: object) => Promise<Answer>;

function callerOf({ installation: { apiUrl, adminKey } }: MeasuredSetting): Call {
  const headers = { Authorization: `Bearer ${adminKey}`, 'Content-Type': 'application/json' };
  return async (method, path, body) => {
    const text = body === undefined ? null : JSON.stringify(body);
    const response = await fetch(`${apiUrl}${path}`, { method, headers, body: text });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as Answer;
  };
}

async function publish(call: Call, job: string): Promise<string> {
  const event = { event: 'job.completed', customer_id: CUSTOMER, data: { job_id: job } };
  return (await call('POST', '/v1/events', event)).id;
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

/** Delivered events, each found by a job of its own, as if they had been published. */
async function fill(
  { postgres }: MeasuredSetting,
  { events, endpoint, context }: FillOptions,
): Promise<void> {
  context.onProgress(`filling in ${events} events`);
  for (let from = 0; from < events && !context.signal.aborted; from += ROWS_PER_STATEMENT) {
    const to = Math.min(from + ROWS_PER_STATEMENT, events);
    await postgres.query(FILL_SQL, [endpoint, from + 1, to, CUSTOMER]);
  }
  await postgres.query('ANALYZE');
}

interface FillOptions {
  readonly events: number;
  readonly endpoint: string;
  readonly context: BenchContext;
}

const FILL_SQL = `
  WITH made AS (
    SELECT 'evt_' || to_char(i, 'FM00000000000000000000000000') AS id,
      'del_' || to_char(i, 'FM00000000000000000000000000') AS delivery_id, decode(md5(i::text), 'hex') AS key,
      json_build_object('job_id', 'K-' || i)::text AS data
    FROM generate_series($2::integer, $3::integer) AS i),
  new_events AS (
    INSERT INTO events (id, event, customer_id, data, deliveries, customer_deliveries, delivery_ids, search_keys, created_at)
    SELECT id, 'job.completed', $4, data, 1, 1, ARRAY[delivery_id], ARRAY[key], now() FROM made),
  new_keys AS (INSERT INTO search_keys (key, event_id, customer_id) SELECT key, id, $4 FROM made)
  INSERT INTO ended_deliveries (id, event_id, endpoint_id, customer_id, event, status, attempts_made, created_at, finished_at)
  SELECT delivery_id, id, $1, $4, 'job.completed', 'delivered', 1, now(), now() FROM made`;
