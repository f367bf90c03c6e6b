import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../../support/eventually.ts';
import { createProcessGroup, type RunningProcess } from '../../support/processes/processes.ts';
import { type Receiver, startReceiver } from '../../support/receivers/receiver.ts';
import { newDataDirectory } from '../../support/runs/temporal.ts';
import { createDatabase, type TestDatabase } from '../../support/storage/database.ts';

const SLOW = 120_000;
const FLOOD = 200;

const processes = createProcessGroup();
const dataDir = newDataDirectory();
let database: TestDatabase;
let receiver: Receiver;
let node: RunningProcess;
let url: string;

beforeAll(async () => {
  receiver = await startReceiver(({ path }, requests) => ({
    status:
      path === '/once' && requests.filter((request) => request.path === '/once').length === 1 ? 503 : 204,
  }));
  database = await createDatabase();
  node = processes.startRole('all', {
    DATABASE_URL: database.url,
    POSTHORN_DATA_DIR: dataDir,
    POSTHORN_ALLOWED_DESTINATIONS: '127.0.0.0/8',
    POSTHORN_SHUTDOWN_DELAY_SECONDS: '0',
    POSTHORN_METRICS_PORT: '0',
    PORT: '0',
  });
  const [, port] = await node.waitForOutput(/"port":(\d+),"msg":"api ready"/);
  url = `http://127.0.0.1:${port}`;
  await node.waitForOutput(/"msg":"worker ready"/);
}, SLOW);
afterAll(async () => {
  await processes.stopAll();
  await receiver.close();
  await database.drop();
});

async function post(path: string, body: object): Promise<Response> {
  const key = readFileSync(join(dataDir, 'admin-key'), 'utf8').trim();
  const response = await fetch(url + path, {
    method: 'POST',
    headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(response.ok).toBe(true);
  return response;
}

async function flood(customer: string): Promise<void> {
  const event = {
    event: 'job.completed',
    customer_id: customer,
    data: { job_id: randomBytes(4).toString('hex') },
  };
  await post('/v1/events/batch', { events: Array.from({ length: FLOOD }, () => event) });
}

describe('posthorn all', () => {
  it(
    'loses nothing where the file of its Temporal is deleted and the server killed under load',
    async () => {
      await post('/v1/endpoints', { customer_id: 'acme', url: `${receiver.url}/well` });
      await post('/v1/endpoints', {
        customer_id: 'globex',
        url: `${receiver.url}/once`,
        retry: { strategy: 'fixed', initial_ms: 15_000, max_retries: 3, jitter: 0 },
      });
      await post('/v1/events', { event: 'job.completed', customer_id: 'globex', data: { job_id: 'waits' } });
      await receiver.waitFor(({ path }) => path === '/once');
      await flood('acme');
      for (const suffix of ['', '-wal', '-shm'])
        rmSync(join(dataDir, `temporal.db${suffix}`), { force: true });
      const [pid = ''] = readFileSync(join(dataDir, 'temporal.pid'), 'utf8').split(' ');
      process.kill(Number(pid), 'SIGKILL');
      await flood('acme');
      await eventually(
        () => {
          const at = (path: string) => receiver.requests.filter((request) => request.path === path);
          const ids = new Set(at('/well').map(({ headers }) => headers['webhook-id']));
          return ids.size === 2 * FLOOD && at('/once').length === 2;
        },
        { timeoutMs: 90_000 },
      );
      expect(await node.stop()).toBe('code 0');
    },
    SLOW,
  );
});
