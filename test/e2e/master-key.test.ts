import { type KeyObject, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { createLogger } from '../../src/logger.ts';
import { EndpointStore } from '../../src/storage/endpoints/endpoint-store.ts';
import { type Database, openDatabase } from '../../src/storage/postgres/database.ts';
import { MasterKeyRotation } from '../../src/storage/sealed/master-key-rotation.ts';
import { SecretBox } from '../../src/storage/sealed/secret-box.ts';
import { eventually } from '../support/eventually.ts';
import { type OwnEndpoint, type Posthorn, startPosthorn } from '../support/processes/posthorn.ts';
import type { RunningProcess } from '../support/processes/processes.ts';
import { type Receiver, startReceiver } from '../support/receivers/receiver.ts';
import { masterKeyText, newMasterKey } from '../support/storage/master-key.ts';
import { newEndpoint } from '../support/storage/storage.ts';

/** Of which one step of re-encrypting takes 250. */
const OTHERS = 600;
const former = newMasterKey();
const next = newMasterKey();

let posthorn: Posthorn;
let receiver: Receiver;
let database: Database;
/** All that was started, those that have ended too. */
const started: RunningProcess[] = [];

beforeAll(async () => {
  receiver = await startReceiver();
  posthorn = await startPosthorn({ environment: keys(former) });
  started.push(posthorn.api());
  database = openDatabase(posthorn.environment.DATABASE_URL ?? '', {
    logger: createLogger('silent'),
    maxConnections: 10,
  });
  const store = new EndpointStore(database, new SecretBox([former]));
  const others = Array.from({ length: OTHERS }, () => ({ ...newEndpoint(), customerId: 'others' }));
  await Promise.all(others.map(async (endpoint) => await store.create(endpoint)));
});
afterAll(async () => {
  await database.close();
  await posthorn.stop();
  await receiver.close();
});

function keys(...inOrder: readonly KeyObject[]) {
  return { POSTHORN_MASTER_KEY: masterKeyText(...inOrder) };
}

async function startWorker(...inOrder: readonly KeyObject[]): Promise<RunningProcess> {
  const worker = await posthorn.startWorker(keys(...inOrder));
  started.push(worker);
  return worker;
}

async function startApi(...inOrder: readonly KeyObject[]): Promise<void> {
  started.push(await posthorn.startApi(keys(...inOrder)));
}

/** Publishes one event after another, each once the one before has come, while APIs come and go. */
function startTraffic(endpoint: OwnEndpoint) {
  let isOn = true;
  const accepted: string[] = [];
  const publishOne = async (): Promise<string> => {
    const key = randomBytes(8).toString('hex');
    const event = { event: 'job.completed', customer_id: endpoint.customerId, data: { key } };
    await eventually(
      async () => {
        const { status } = await posthorn.call('POST', '/v1/events', event, { 'Idempotency-Key': key });
        return status === 202;
      },
      { timeoutMs: 40_000 },
    );
    return key;
  };
  const run = async (): Promise<void> => {
    while (isOn) {
      const key = await publishOne();
      await receiver.waitFor(({ body }) => body.includes(key), 40_000);
      accepted.push(key);
    }
  };
  const running = run();
  return {
    /** Until some more have come that were published from now on. */
    someMore: async () => {
      const enough = accepted.length + 5;
      await eventually(() => accepted.length >= enough, { timeoutMs: 40_000 });
    },
    stop: async () => {
      isOn = false;
      await running;
      return accepted;
    },
  };
}

async function keyIdsInUse(): Promise<readonly (string | null)[]> {
  const { sealed } = await new MasterKeyRotation(database, new SecretBox([next])).survey();
  return sealed.map(({ keyId }) => keyId).sort();
}

it('replaces the master key while deliveries go on and the API is killed in the middle, and loses none', async () => {
  const [formerId, nextId] = new SecretBox([former, next]).keyIds as readonly [string, string];
  const endpoint = await posthorn.endpoint({ url: receiver.url, headers: { Authorization: 'Bearer hush' } });
  let worker = await startWorker(former);
  const traffic = startTraffic(endpoint);
  const replaceWorker = async (...inOrder: readonly KeyObject[]): Promise<void> => {
    const replaced = worker;
    worker = await startWorker(...inOrder);
    await replaced.stop();
  };
  const replaceApi = async (...inOrder: readonly KeyObject[]): Promise<void> => {
    await posthorn.api().stop();
    await startApi(...inOrder);
  };
  await traffic.someMore();
  expect(await keyIdsInUse()).toEqual([formerId]);

  await replaceWorker(former, next);
  await replaceApi(former, next);
  await traffic.someMore();
  await replaceApi(next, former);
  const tooEarly = posthorn.command('keys', 'rotate-master');
  expect([await tooEarly.ended, tooEarly.output()]).toEqual([
    'code 5',
    expect.stringContaining(`worker ${worker.pid} `),
  ]);
  await replaceWorker(next, former);

  const { rows } = await database.pool.query('SELECT id FROM endpoints ORDER BY id OFFSET 300 LIMIT 1');
  const blocker = await database.pool.connect();
  await blocker.query('BEGIN');
  await blocker.query('SELECT FROM endpoints WHERE id = $1 FOR UPDATE', [rows[0].id]);
  const broken = posthorn.command('keys', 'rotate-master');
  await broken.waitForOutput(/^250 of 601 endpoints/m);
  posthorn.api().kill('SIGKILL');
  expect([await broken.ended, broken.output()]).toEqual([
    'code 6',
    expect.stringMatching(/Broken off: 25\d re-encrypted/),
  ]);
  await blocker.query('ROLLBACK');
  blocker.release();
  expect(await keyIdsInUse()).toEqual([formerId, nextId].sort());

  await startApi(next, former);
  await traffic.someMore();
  const whole = posthorn.command('keys', 'rotate-master');
  expect([await whole.ended, whole.output()]).toEqual([
    'code 0',
    expect.stringContaining('No other master key is needed'),
  ]);
  expect(await keyIdsInUse()).toEqual([nextId]);

  await replaceWorker(next);
  await replaceApi(next);
  await traffic.someMore();
  const accepted = await traffic.stop();
  const came = new Set(receiver.requests.map(({ body }) => JSON.parse(body.toString()).data.key));
  expect(accepted.filter((key) => !came.has(key))).toEqual([]);
  for (const { body, headers } of receiver.requests) {
    expect(new Webhook(endpoint.secret).verify(body, headers as Record<string, string>)).toBeDefined();
    expect(headers.authorization).toBe('Bearer hush');
  }
  const told = [...started, tooEarly, broken, whole].map((process) => process.output()).join('');
  expect(told).not.toContain('do not open');
  for (const secret of [masterKeyText(former), masterKeyText(next), endpoint.secret.slice(6), 'hush'])
    expect(told).not.toContain(secret);
}, 180_000);
