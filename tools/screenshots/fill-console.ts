import type { Dev } from './start-dev.ts';

/** Things that pages show. */
export interface Filled {
  readonly endpoint: string;
  readonly delivery: string;
  readonly event: string;
  readonly replay: string;
}

const POLL_MS = 250;
const MOST_POLLS = 240;

/** Publishes to receivers that are well, slow, down, paused and gone, so that every page has something to show. */
export async function fillConsole(dev: Dev): Promise<Filled> {
  const echo = `${dev.url}/v1/echo`;
  const well = await make(dev, { url: `${echo}/billing`, customer_id: 'acme', description: 'Billing' });
  await make(dev, {
    url: `${echo}/reports?delay_ms=180`,
    customer_id: 'globex',
    events: ['job.completed', 'job.failed'],
  });
  const down = await make(dev, {
    url: `${echo}/erp?status=503`,
    customer_id: 'initech',
    description: 'ERP import',
    retry: { max_retries: 1, strategy: 'fixed', initial_ms: 500 },
    breaker: { consecutive_failures: 1_000, minimum_attempts: 10_000 },
  });
  await make(dev, {
    url: 'http://127.0.0.1:9/hooks',
    customer_id: 'umbrella',
    retry: { max_retries: 3, initial_ms: 60_000 },
  });
  const paused = await make(dev, { url: `${echo}/archive`, customer_id: 'hooli' });
  await dev.call('POST', `/v1/endpoints/${paused}/pause`, { reason: 'Database migration until 18:00' });
  for (const customer of ['acme', 'globex', 'initech', 'umbrella', 'hooli']) {
    for (let job = 1; job <= 8; job += 1) await publish(dev, { customer, job });
  }
  await dev.call('POST', `/v1/endpoints/${well}/secret/rotate`, {});
  await dev.call('POST', '/v1/api-keys', {
    customer_id: 'acme',
    name: 'billing service',
    scopes: ['publish', 'view'],
  });
  await dev.call('POST', '/v1/portal-sessions', { customer_id: 'acme', name: 'Acme webhooks' });
  const delivery = await until(dev, `/v1/dead-letters?endpoint_id=${down}&limit=8`);
  const replay = await dev.call('POST', '/v1/dead-letters/retry', { filter: { endpoint_id: down } });
  await until(dev, `/v1/dead-letters?endpoint_id=${down}&limit=8`);
  const { items } = await dev.call('GET', '/v1/events?customer_id=acme');
  return { endpoint: well, delivery, event: idOf(items), replay: String(replay.replay_id) };
}

async function make(dev: Dev, settings: object): Promise<string> {
  return String((await dev.call('POST', '/v1/endpoints', settings)).id);
}

async function publish(
  dev: Dev,
  { customer, job }: { readonly customer: string; readonly job: number },
): Promise<void> {
  const data = {
    job_id: `job_${job}`,
    status: 'completed',
    rows: 48_213 * job,
    result_url: `https://data.example.com/${job}.parquet`,
  };
  await dev.call('POST', '/v1/events', { event: 'job.completed', customer_id: customer, data });
}

/** The id of the first item of a list, once the list has eight. */
async function until(dev: Dev, path: string): Promise<string> {
  for (let poll = 0; poll < MOST_POLLS; poll += 1) {
    const { items } = await dev.call('GET', path);
    if (Array.isArray(items) && items.length === 8) return idOf(items);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw new Error(`${path} never had eight items`);
}

function idOf(items: unknown): string {
  const [first] = items as readonly { readonly id: string }[];
  return first?.id ?? '';
}
