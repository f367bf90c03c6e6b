import type { BenchContext, Benchmark, BenchReport, Row } from '../benchmark.ts';
import { type CallApi, createCaller } from '../load/call-api.ts';
import { fillHistory } from '../load/history/fill-history.ts';
import { openDesk, startBrowser } from '../load/support-desk.ts';
import { SCENE, SUPPORT_TASKS } from '../load/support-tasks.ts';
import { waitUntil } from '../load/wait-until.ts';
import { measureIn } from '../measure/measure-in.ts';

/** What somebody at support does who has nothing but a browser, among very many deliveries. */
export const tasks: Benchmark = {
  name: 'tasks',
  summary: 'eight tasks of support in the console, in a real browser, among very many deliveries',
  options: {
    events: { kind: 'number', summary: 'events kept', fallback: 200_000, least: 1, most: 100_000_000 },
    customers: { kind: 'number', summary: 'customers who have them', fallback: 200, least: 1, most: 10_000 },
  },
  run,
};

/** What a task may take, beside the time in which a person reads and thinks. */
const MOST_SECONDS = 30;
const SCENE_TIMEOUT_MS = 60_000;

async function run(context: BenchContext): Promise<BenchReport> {
  const [events, customers] = [context.number('events'), context.number('customers')];
  const environment = { POSTHORN_ECHO: 'true' };
  const conditions = { events, customers };
  return await measureIn(context, { conditions, rawConnections: 1, environment }, async (setting) => {
    await setting.installation.startWorker();
    const call = createCaller<Answer>(setting.installation);
    await setScene(call, { apiUrl: setting.installation.apiUrl, signal: context.signal });
    await fillHistory(setting.postgres, { ...context, events, owners: await owners(call, customers) });
    context.onProgress('sitting down at the browser');
    return await work(call);
  });
}

/** Does one task after the other, each in a window of its own that begins at the overview. */
async function work(call: Call): Promise<Pick<BenchReport, 'tables' | 'flaws'>> {
  const rows: Row[] = [];
  const flaws: string[] = [];
  const browser = await startBrowser();
  try {
    for (const { name, run: perform } of SUPPORT_TASKS) {
      const desk = await openDesk(browser, (await call('POST', '/v1/session/links')).url ?? '');
      const began = performance.now();
      await perform(desk).catch((error: unknown) => {
        const why = error instanceof Error ? error.message : String(error);
        flaws.push(`${name}: at ${desk.page.url()}: ${why}`);
      });
      const seconds = Number(((performance.now() - began) / 1_000).toFixed(2));
      if (seconds > MOST_SECONDS) flaws.push(`${name}: took ${seconds} s`);
      rows.push({ task: name, clicks: desk.clicks, fields_typed: desk.typed, seconds });
      await desk.page.close();
    }
  } finally {
    await browser.close();
  }
  return { tables: { tasks: rows }, flaws };
}

interface Answer {
  readonly id?: string;
  readonly url?: string;
  readonly items?: readonly unknown[];
}

type Call = CallApi<Answer>;

async function owners(call: Call, count: number) {
  const made = Array.from({ length: count }, async (_, place) => {
    const customer = `customer-${place}`;
    const url = `https://receiver.example/${customer}`;
    const { id = '' } = await call('POST', '/v1/endpoints', { body: { url, customer_id: customer } });
    return { customer, endpoint: id };
  });
  return await Promise.all(made);
}

/** Makes what the tasks are about by the API, so that it stands there with all of its attempts. */
async function setScene(
  call: Call,
  { apiUrl, signal }: { readonly apiUrl: string; readonly signal: AbortSignal },
): Promise<void> {
  const { held, dead, well } = SCENE;
  const echo = (customer: string): string => `${apiUrl}/v1/echo/${customer}`;
  const make = async (customer: string, settings: object) =>
    (
      await call('POST', '/v1/endpoints', {
        body: { url: echo(customer), customer_id: customer, ...settings },
      })
    ).id;
  const publish = async (customer: string, job: string) =>
    await call('POST', '/v1/events', {
      body: { event: 'job.completed', customer_id: customer, data: { job_id: job } },
    });
  const paused = await make(held.customer, {});
  await call('POST', `/v1/endpoints/${paused}/pause`, { body: { reason: 'migration' } });
  await publish(held.customer, held.job);
  await make(well.customer, {});
  await publish(well.customer, well.job);
  const down = await make(dead.customer, {
    url: `${echo(dead.customer)}?status=503`,
    retry: { max_retries: 0 },
    breaker: { consecutive_failures: 1_000, minimum_attempts: 10_000 },
  });
  for (const job of ['D-1', 'D-2', 'D-3']) await publish(dead.customer, job);
  await waitForItems(call, { path: `/v1/dead-letters?customer_id=${dead.customer}`, count: 3, signal });
  await waitForItems(call, {
    path: `/v1/deliveries?customer_id=${well.customer}&status=delivered`,
    count: 1,
    signal,
  });
  await call('PATCH', `/v1/endpoints/${down}`, { body: { url: echo(dead.customer) } });
}

interface Awaited {
  readonly path: string;
  readonly count: number;
  readonly signal: AbortSignal;
}

async function waitForItems(call: Call, { path, count, signal }: Awaited): Promise<void> {
  const met = async () => (await call('GET', path)).items?.length === count;
  if (!(await waitUntil(met, { timeoutMs: SCENE_TIMEOUT_MS, signal, intervalMs: 100 })))
    throw new Error(`${path} never had ${count} items`);
}
