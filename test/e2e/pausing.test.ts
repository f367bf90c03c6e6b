import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Client, Connection, WorkflowNotFoundError } from '@temporalio/client';
import { eventually } from '../support/eventually.ts';
import { borrowPosthorn } from '../support/processes/borrowed-posthorn.ts';
import type { OwnEndpoint, Posthorn } from '../support/processes/posthorn.ts';
import type { RunningProcess } from '../support/processes/processes.ts';
import { type Receiver, startReceiver } from '../support/receivers/receiver.ts';

const SLOW = 60_000;
const COUNT = 500;

let posthorn: Posthorn;
let receiver: Receiver;
let worker: RunningProcess;
let connection: Connection;
let client: Client;

beforeAll(async () => {
  receiver = await startReceiver();
  posthorn = await borrowPosthorn();
  worker = posthorn.worker();
  const { TEMPORAL_ADDRESS = '', TEMPORAL_NAMESPACE = '' } = posthorn.environment;
  connection = Connection.lazy({ address: TEMPORAL_ADDRESS });
  client = new Client({ connection, namespace: TEMPORAL_NAMESPACE });
});
afterAll(async () => {
  await connection.close();
  await posthorn.stop();
  await receiver.close();
});

async function act(endpoint: OwnEndpoint, action: string): Promise<unknown> {
  const { status, body } = await posthorn.call('POST', `/v1/endpoints/${endpoint.id}/${action}`);
  expect(status).toBe(200);
  return body;
}

async function flood({ customerId }: OwnEndpoint): Promise<readonly string[]> {
  const jobs = Array.from({ length: COUNT }, (_, index) => `j${index}`);
  const events = jobs.map((job_id) => ({
    event: 'job.completed',
    customer_id: customerId,
    data: { job_id },
  }));
  expect((await posthorn.call('POST', '/v1/events/batch', { events })).status).toBe(202);
  return jobs;
}

async function heldFor({ id }: OwnEndpoint): Promise<unknown> {
  const { body } = await posthorn.call('GET', `/v1/endpoints/${id}/stats`);
  return body;
}

function jobsAt(path: string): readonly unknown[] {
  const requests = receiver.requests.filter((request) => request.path === path);
  return requests.map(({ body }) => JSON.parse(body.toString()).data.job_id);
}

it.each([
  ['/any', false],
  ['/ordered', true],
])('what a paused endpoint holds at %s costs nothing and goes when it is resumed', async (path, ordered) => {
  const endpoint = await posthorn.endpoint({ url: receiver.url + path, ordered });
  expect(await act(endpoint, 'pause')).toMatchObject({ status: 'paused', paused: { by: 'operator' } });
  const jobs = await flood(endpoint);
  expect(await heldFor(endpoint)).toMatchObject({ held: COUNT, waiting: 0, attempts: { total: 0 } });
  const gate = client.workflow.getHandle(`gate/${endpoint.id}`);
  expect(await eventually(async () => await gate.query('state'))).toMatchObject({ endpoint_id: endpoint.id });
  const { body } = await posthorn.call('GET', `/v1/deliveries?endpoint_id=${endpoint.id}&limit=1`);
  const { items } = body as { readonly items: readonly { readonly id: string }[] };
  await expect(client.workflow.getHandle(items[0]?.id ?? '').describe()).rejects.toBeInstanceOf(
    WorkflowNotFoundError,
  );
  expect(jobsAt(path)).toEqual([]);

  expect(await act(endpoint, 'resume')).toMatchObject({ status: 'enabled', paused: null });
  await eventually(async () => jobsAt(path).length >= COUNT, { timeoutMs: SLOW, intervalMs: 100 });
  if (ordered) expect(jobsAt(path)).toEqual(jobs);
  else expect([...jobsAt(path)].sort()).toEqual([...jobs].sort());
});

it('a pause signalled from Temporal holds like one of the API, and is shown there', async () => {
  const endpoint = await posthorn.endpoint({ url: `${receiver.url}/signalled` });
  const workflowId = `gate/${endpoint.id}`;
  await client.workflow.signalWithStart('gate', {
    workflowId,
    taskQueue: 'posthorn',
    args: [{ endpointId: endpoint.id, attempts: 0 }],
    signal: 'pause',
    signalArgs: [{ by: 'ops', reason: 'They are moving.' }],
  });
  const read = async () => (await posthorn.call('GET', `/v1/endpoints/${endpoint.id}`)).body;
  const isPaused = async () => ((await read()) as { readonly status: string }).status === 'paused';
  await eventually(isPaused);
  expect(await read()).toMatchObject({ paused: { by: 'ops', reason: 'They are moving.' } });
  const eventId = await endpoint.publish();
  expect(await posthorn.untilStatus(eventId, 'held')).toMatchObject({ attempts_made: 0 });
  await client.workflow.getHandle(workflowId).signal('resume', { by: 'ops' });
  await posthorn.untilStatus(eventId, 'delivered');
});

it('a pause and its end hold when everything is killed once they are answered', async () => {
  const open = async (path: string) => {
    const endpoint = await posthorn.endpoint({
      url: receiver.url + path,
      ordered: path.endsWith('/ordered'),
    });
    return { path, endpoint };
  };
  const killed = [await open('/killed'), await open('/killed/ordered')];
  const read = async ({ id }: OwnEndpoint) => (await posthorn.call('GET', `/v1/endpoints/${id}`)).body;
  for (const { endpoint } of killed) await act(endpoint, 'pause');
  await killEverything();
  await posthorn.startApi();
  const jobs = await Promise.all(killed.map(async ({ endpoint }) => await flood(endpoint)));
  worker = await posthorn.startWorker();
  for (const { path, endpoint } of killed) {
    expect(await read(endpoint)).toMatchObject({ status: 'paused' });
    expect(jobsAt(path)).toEqual([]);
  }

  for (const { endpoint } of killed) await act(endpoint, 'resume');
  await killEverything();
  await posthorn.startApi();
  worker = await posthorn.startWorker();
  for (const { endpoint } of killed)
    expect(await read(endpoint)).toMatchObject({ status: 'enabled', paused: null });
  const arrivedAt = (path: string) => new Set(jobsAt(path));
  await eventually(() => killed.every(({ path }) => arrivedAt(path).size >= COUNT), {
    timeoutMs: SLOW,
    intervalMs: 100,
  });
  expect([...arrivedAt('/killed/ordered')]).toEqual(jobs[1]);
});

async function killEverything(): Promise<void> {
  const all = [posthorn.api(), worker];
  for (const process of all) process.kill('SIGKILL');
  await Promise.all(all.map(async ({ ended }) => await ended));
}
