import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLogger } from '../../../src/logger.ts';
import { type Database, openDatabase } from '../../../src/storage/postgres/database.ts';
import { eventually } from '../../support/eventually.ts';
import { type Figure, readFigures, sumOf } from '../../support/metrics/figures.ts';
import { type Posthorn, startPosthorn } from '../../support/processes/posthorn.ts';
import { type Receiver, startReceiver } from '../../support/receivers/receiver.ts';

const FLOOD = 150;

let posthorn: Posthorn;
let receiver: Receiver;
let database: Database;
let ports: { readonly api: string; readonly worker: string };

beforeAll(async () => {
  receiver = await startReceiver(({ path }) => ({ status: path.includes('broken') ? 503 : 204 }));
  posthorn = await startPosthorn({ environment: { POSTHORN_METRICS_PORT: '0' } });
  const worker = await posthorn.startWorker();
  const told = /"metrics_port":(\d+)/;
  ports = {
    api: (await posthorn.api().waitForOutput(told))[1] ?? '',
    worker: (await worker.waitForOutput(told))[1] ?? '',
  };
  database = openDatabase(posthorn.environment.DATABASE_URL ?? '', {
    logger: createLogger('silent'),
    maxConnections: 1,
  });
});
afterAll(async () => {
  await posthorn.stop();
  await database.close();
  await receiver.close();
});

async function statusOf(port: string, path: string): Promise<number> {
  return (await fetch(`http://127.0.0.1:${port}${path}`)).status;
}

async function countRows(sql: string): Promise<number> {
  const { rows } = await database.pool.query<{ count: number }>(sql);
  return rows[0]?.count ?? Number.NaN;
}

describe('the figures of an API and a worker', () => {
  it('agree with what Postgres has, after successes, failures and a cancellation', async () => {
    const well = await posthorn.endpoint({ url: `${receiver.url}/well` });
    const broken = await posthorn.endpoint({
      url: `${receiver.url}/broken`,
      retry: { strategy: 'fixed', initial_ms: 100, max_retries: 2, jitter: 0 },
    });
    const slow = await posthorn.endpoint({
      url: `${receiver.url}/broken/slowly`,
      retry: { strategy: 'fixed', initial_ms: 3_600_000, max_retries: 3 },
    });
    const events = Array.from({ length: FLOOD }, (_, index) => ({
      event: 'job.completed',
      customer_id: well.customerId,
      data: { job_id: `j${index}` },
    }));
    await posthorn.call('POST', '/v1/events/batch', { events });
    await posthorn.untilStatus(await broken.publish(), 'dead');
    const { id } = await posthorn.untilStatus(await slow.publish(), 'retrying');
    expect((await posthorn.call('POST', `/v1/deliveries/${id}/cancel`)).status).toBe(202);
    await receiver.waitForCount(FLOOD + 4);
    await eventually(async () => (await countRows(SQL.open)) === 0);

    const attempts = await countRows(SQL.attempts);
    expect(attempts).toBe(FLOOD + 4);
    const worker = await eventually(async () => {
      const figures = await readFigures(ports.worker);
      return sumOf(figures, 'posthorn_delivery_attempts_total') === attempts ? figures : null;
    });
    expect(sumOf(worker, 'posthorn_delivery_attempts_total', { class: '5xx' })).toBe(4);
    expect(sumOf(worker, 'posthorn_delivery_attempt_errors_total', { error_code: 'http_503' })).toBe(4);
    expect(endsOf(worker, 'delivered')).toBe(FLOOD);
    expect(endsOf(worker, 'dead')).toBe(1);
    expect(sumOf(worker, 'posthorn_first_attempt_delay_seconds_count')).toBe(FLOOD + 2);
    expect(sumOf(worker, 'posthorn_requests_in_flight')).toBe(0);
    expect(sumOf(worker, 'posthorn_records_pending')).toBe(0);

    const api = await readFigures(ports.api);
    expect(endsOf(api, 'cancelled')).toBe(1);
    expect(sumOf(api, 'posthorn_events_published_total', { result: 'accepted' })).toBe(FLOOD + 2);
    expect(sumOf(api, 'posthorn_deliveries_created_total')).toBe(await countRows(SQL.deliveries));
    expect(sumOf(api, 'http_server_request_duration_seconds_count', { http_route: '/v1/events/batch' })).toBe(
      1,
    );
  });

  it('count what is open within ten seconds, the same in every API', async () => {
    await eventually(async () => {
      const figures = await readFigures(ports.api);
      return sumOf(figures, 'posthorn_deliveries', { status: 'dead' }) === 1 && figures;
    });
    const figures = await readFigures(ports.api);
    expect(sumOf(figures, 'posthorn_endpoints')).toBe(3);
    expect(sumOf(figures, 'posthorn_state_age_seconds')).toBeLessThan(20);
    expect(sumOf(figures, 'posthorn_database_up')).toBe(1);
  });

  it('come with those of Temporal’s SDK, in the worker', async () => {
    const figures = await readFigures(ports.worker);
    expect(sumOf(figures, 'temporal_request_total')).toBeGreaterThan(0);
    expect(sumOf(figures, 'temporal_worker_task_slots_available')).toBeGreaterThan(0);
    expect(figures.some(({ name }) => name === 'temporal_request_latency_seconds_count')).toBe(true);
  });

  it('say at the same port whether a process lives and can work', async () => {
    for (const port of Object.values(ports)) {
      expect(await statusOf(port, '/live')).toBe(200);
      expect(await statusOf(port, '/ready')).toBe(200);
    }
  });

  it('are out of reach of deliveries', async () => {
    const url = `http://127.0.0.1:${ports.api}/metrics`;
    const answer = await posthorn.call('POST', '/v1/endpoints', { customer_id: 'acme', url });
    expect(answer.status).toBe(422);
    expect(JSON.stringify(answer.body)).toContain('destination');
  });
});

const SQL = {
  open: "SELECT count(*)::integer AS count FROM deliveries WHERE status NOT IN ('delivered', 'dead', 'cancelled')",
  attempts: 'SELECT count(*)::integer AS count FROM attempts',
  deliveries: 'SELECT count(*)::integer AS count FROM deliveries',
};

function endsOf(figures: readonly Figure[], status: string): number {
  return sumOf(figures, 'posthorn_deliveries_finished_total', { status });
}
