import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Client, Connection, WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import {
  ApplicationFailure,
  CancelledFailure,
  defaultPayloadConverter,
  type Payload,
} from '@temporalio/common';
import { readHostPaths } from '../../src/config.ts';
import { findTemporalCli } from '../../src/main/servers/download/find-server.ts';
import { eventually } from '../support/eventually.ts';
import { type DeliveryView, type Posthorn, startPosthorn } from '../support/processes/posthorn.ts';
import { type Receiver, startReceiver } from '../support/receivers/receiver.ts';
import { takeNamespace, temporalAddress } from '../support/runs/temporal.ts';

const QUICK = { strategy: 'schedule', delays_ms: [100, 100, 100], jitter: 0 };
const SLOW = { strategy: 'schedule', delays_ms: [600_000], jitter: 0 };
const BRIEF = { strategy: 'schedule', delays_ms: [1_500], jitter: 0 };
const UI_URL = 'http://temporal-ui.example';

let namespace: string;
let posthorn: Posthorn;
let receiver: Receiver;
let client: Client;

beforeAll(async () => {
  namespace = takeNamespace();
  receiver = await startReceiver();
  posthorn = await startPosthorn({ namespace, environment: { TEMPORAL_UI_URL: UI_URL } });
  await posthorn.startWorker();
  client = new Client({ namespace, connection: await Connection.connect({ address: temporalAddress() }) });
});
afterAll(async () => {
  await client.connection.close();
  await posthorn.stop();
  await receiver.close();
});
afterEach(() => receiver.answerWith({}));

/** One delivery of an endpoint and a customer of its own, and its first run. */
interface Subject {
  readonly eventId: string;
  readonly endpointId: string;
  readonly delivery: DeliveryView;
  readonly handle: WorkflowHandle;
}

async function deliverTo(
  customer: string,
  { retry, status }: { readonly retry: object; readonly status: string },
): Promise<Subject> {
  const { id: endpointId } = await posthorn.endpoint({
    url: `${receiver.url}/${customer}`,
    customer_id: customer,
    retry,
  });
  const event = { event: 'job.completed', customer_id: customer, data: {} };
  const { body } = await posthorn.call('POST', '/v1/events', event);
  const eventId = String((body as { id: unknown }).id);
  const delivery = await posthorn.untilStatus(eventId, status);
  const handle = client.workflow.getHandle(delivery.id, delivery.run_id ?? undefined);
  return { eventId, endpointId, delivery, handle };
}

async function makeWaiting(customer: string, retry: object = SLOW): Promise<Subject> {
  receiver.answerWith(({ path, headers }) =>
    path === `/${customer}` && headers['x-webhook-attempt'] === '1' ? { status: 503 } : {},
  );
  const subject = await deliverTo(customer, { retry, status: 'retrying' });
  await eventually(async () => (await progressOf(subject.handle)).status === 'waiting');
  return subject;
}

async function progressOf(handle: WorkflowHandle): Promise<{ status: string }> {
  return await handle.query<{ status: string }>('progress');
}

async function failureOf(handle: WorkflowHandle): Promise<unknown> {
  return await handle.result().then(
    (result: unknown) => result,
    (error: unknown) => (error instanceof WorkflowFailedError ? error.cause : error),
  );
}

async function statusOf(handle: WorkflowHandle): Promise<string> {
  return (await handle.describe()).status.name;
}

/** Summaries of the activities and timers in a history, in order. */
async function summariesOf(handle: WorkflowHandle): Promise<unknown[]> {
  const { events } = await handle.fetchHistory();
  return (events ?? [])
    .filter((event) => event.activityTaskScheduledEventAttributes ?? event.timerStartedEventAttributes)
    .map((event) => event.userMetadata?.summary)
    .map((summary) => (summary ? defaultPayloadConverter.fromPayload(summary as Payload) : null));
}

async function untilListed(query: string, workflowId: string): Promise<void> {
  await eventually(async () => {
    for await (const execution of client.workflow.list({ query })) {
      if (execution.workflowId === workflowId) return true;
    }
    return false;
  });
}

describe('a run of deliver', () => {
  it('is found by its endpoint, its customer, its type of event and its status', async () => {
    const { delivery, endpointId } = await deliverTo('found', { retry: QUICK, status: 'delivered' });
    await untilListed(
      `EndpointId = '${endpointId}' AND CustomerId = 'found' AND EventType = 'job.completed' AND ` +
        `DeliveryStatus = 'delivered'`,
      delivery.id,
    );
    await untilListed(`ExecutionStatus = 'Completed' AND CustomerId = 'found'`, delivery.id);
  });

  it('tells in its summaries what it does, why it waits, and how it ended', async () => {
    receiver.answerWith(({ headers }) => (headers['x-webhook-attempt'] === '1' ? { status: 503 } : {}));
    const { handle } = await deliverTo('summaries', { retry: BRIEF, status: 'delivered' });
    expect(await handle.result()).toMatch(/^delivered by attempt 2: 204 in \d+ ms$/);
    expect(await summariesOf(handle)).toEqual([
      'attempt 1',
      expect.stringMatching(/^after 503 in \d+ ms: waiting \d+ s$/),
      'attempt 2',
    ]);
    const description = await handle.describe();
    expect(await description.staticSummary()).toBe(`job.completed → 127.0.0.1:${receiver.port}`);
    expect(description.status.name).toBe('COMPLETED');
  });

  it('is Failed with the reason when its delivery is dead', async () => {
    receiver.answerWith({ status: 503 });
    const { handle, delivery } = await deliverTo('dead', { retry: QUICK, status: 'dead' });
    const failure = await failureOf(handle);
    expect(failure).toBeInstanceOf(ApplicationFailure);
    expect(failure).toMatchObject({
      type: 'DeliveryDead',
      message: expect.stringMatching(/^Dead after 4 attempts \(retries_exhausted\): 503 in \d+ ms$/),
    });
    expect(await statusOf(handle)).toBe('FAILED');
    await untilListed(`ExecutionStatus = 'Failed' AND DeliveryStatus = 'dead'`, delivery.id);
  });

  it('is what the API links to', async () => {
    const { delivery, handle } = await makeWaiting('linked');
    const { runId } = await handle.describe();
    const { body } = await posthorn.call('GET', `/v1/deliveries/${delivery.id}`);
    expect(body).toMatchObject({
      workflow_id: delivery.id,
      run_id: runId,
      temporal_url: `${UI_URL}/namespaces/${namespace}/workflows/${delivery.id}/${runId}`,
    });
  });

  it('says what it waits for, and describes the messages it takes', async () => {
    const { handle } = await makeWaiting('described');
    const metadata = await handle.query<unknown>('__temporal_workflow_metadata');
    expect(metadata).toMatchObject({
      currentDetails: expect.stringMatching(/^Attempt 1: 503 in \d+ ms\. Next attempt at \d{4}-.*Z\.$/),
      definition: {
        signalDefinitions: expect.arrayContaining([
          expect.objectContaining({ name: 'retry', description: expect.stringContaining('at once') }),
          expect.objectContaining({ name: 'cancel', description: expect.stringContaining('for good') }),
        ]),
      },
    });
  });
});

describe('the retry signal', () => {
  it.each([
    ['an empty object', 'object', [{}]],
    ['no argument', 'none', []],
    ['null', 'null', [null]],
  ])('with %s has a waiting run send at once', async (_what, customer, args) => {
    const { handle, eventId } = await makeWaiting(customer);
    await handle.signal('retry', ...args);
    const { attempts } = await posthorn.untilStatus(eventId, 'delivered');
    expect(attempts).toMatchObject([
      { number: 1, trigger: 'automatic', status_code: 503 },
      { number: 2, trigger: 'manual', status_code: 204 },
    ]);
    expect(await handle.result()).toMatch(/^delivered by attempt 2/);
    expect(await summariesOf(handle)).toContain('attempt 2 (manual)');
  });

  it('of the temporal program does the same', async () => {
    const { delivery, eventId } = await makeWaiting('program');
    const temporal = await findTemporalCli(readHostPaths());
    const server = ['--address', temporalAddress(), '--namespace', namespace];
    await promisify(execFile)(temporal, [
      ...['workflow', 'signal', ...server],
      ...['--workflow-id', delivery.id, '--name', 'retry'],
    ]);
    const { attempts } = await posthorn.untilStatus(eventId, 'delivered');
    expect(attempts?.at(-1)).toMatchObject({ number: 2, trigger: 'manual' });
  });

  it('whose attempt fails leaves the automatic retry to its time', async () => {
    const { handle, eventId, delivery } = await makeWaiting('failing');
    receiver.answerWith({ status: 500 });
    await handle.signal('retry', {});
    await receiver.waitFor(
      ({ path, headers }) => path === '/failing' && headers['x-webhook-attempt'] === '2',
    );
    const after = await posthorn.untilStatus(eventId, 'retrying');
    expect(after.next_attempt_at).toBe(delivery.next_attempt_at);
    await eventually(async () => (await progressOf(handle)).status === 'waiting');
  });
});

describe('a cancelled delivery', () => {
  it('closes its run as Cancelled when the API is asked', async () => {
    const { handle, delivery } = await makeWaiting('api');
    await posthorn.call('POST', `/v1/deliveries/${delivery.id}/cancel`);
    expect(await failureOf(handle)).toBeInstanceOf(CancelledFailure);
    await untilListed(`ExecutionStatus = 'Canceled' AND DeliveryStatus = 'cancelled'`, delivery.id);
  });

  it('is cancelled in Postgres, and its run Cancelled, by a cancel signal', async () => {
    const { handle, eventId } = await makeWaiting('signalled');
    await handle.signal('cancel');
    const { id } = await posthorn.untilStatus(eventId, 'cancelled');
    expect(await failureOf(handle)).toBeInstanceOf(CancelledFailure);
    expect(await statusOf(handle)).toBe('CANCELLED');
    await untilListed(`ExecutionStatus = 'Canceled' AND DeliveryStatus = 'cancelled'`, id);
  });

  it('is cancelled in Postgres by Request Cancellation of the Temporal UI', async () => {
    const { handle, eventId } = await makeWaiting('requested');
    await handle.cancel();
    await posthorn.untilStatus(eventId, 'cancelled');
    expect(await failureOf(handle)).toBeInstanceOf(CancelledFailure);
  });
});

describe('a terminated run', () => {
  it('is followed by another one that delivers', async () => {
    const { handle, eventId, delivery } = await makeWaiting('terminated', BRIEF);
    await handle.terminate('by hand');
    const delivered = await posthorn.untilStatus(eventId, 'delivered', 40_000);
    expect(delivered.attempts).toMatchObject([{ number: 1 }, { number: 2, trigger: 'automatic' }]);
    expect(delivered.run_id).not.toBe(delivery.run_id);
    expect(await statusOf(handle)).toBe('TERMINATED');
  });
});
