import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { createTemporalClient } from '../../src/temporal/connection.ts';
import { EncryptingCodec } from '../../src/temporal/payload-codec.ts';
import { eventually } from '../support/eventually.ts';
import { type Posthorn, startPosthorn } from '../support/processes/posthorn.ts';
import type { RunningProcess } from '../support/processes/processes.ts';
import { type Receiver, startReceiver } from '../support/receivers/receiver.ts';
import { takeNamespace, temporalAddress } from '../support/runs/temporal.ts';
import { createDatabase } from '../support/storage/database.ts';

const KEY = randomBytes(32);
const NEW_KEY = randomBytes(32);
const QUICK = { strategy: 'schedule', delays_ms: [200], jitter: 0 };
/** Long enough to act while a run waits, short enough to wait for. */
const BRIEF = { strategy: 'schedule', delays_ms: [3_000], jitter: 0 };
const NEVER_OPEN = { consecutive_failures: 1_000, minimum_attempts: 10_000 };

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** One database and namespace, over which Posthorn is started again with other keys. */
interface Stage {
  readonly receiver: Receiver;
  /** Sees what Temporal stores. */
  readonly raw: Client;
  readonly namespace: string;
  start(
    ...keys: readonly (Buffer | 'none')[]
  ): Promise<Omit<Posthorn, 'worker'> & { readonly worker: RunningProcess }>;
}

async function openStage(): Promise<Stage> {
  const receiver = await startReceiver();
  const database = await createDatabase();
  const namespace = takeNamespace();
  const connection = await Connection.connect({ address: temporalAddress() });
  closers.push(receiver.close, database.drop, async () => await connection.close());
  const secrets = {
    POSTHORN_ADMIN_KEY: randomBytes(16).toString('hex'),
    POSTHORN_MASTER_KEY: randomBytes(32).toString('base64'),
  };
  return {
    receiver,
    raw: new Client({ connection, namespace }),
    namespace,
    start: async (...keys) => {
      const list = keys.map((key) => (key === 'none' ? key : key.toString('base64'))).join(',');
      const environment = { ...secrets, POSTHORN_TEMPORAL_CODEC_KEY: list };
      const posthorn = await startPosthorn({ databaseUrl: database.url, namespace, environment });
      closers.push(posthorn.stop);
      return { ...posthorn, worker: await posthorn.startWorker() };
    },
  };
}

describe('with a codec', () => {
  it('Temporal learns nothing of deliveries beyond ids and search attributes, and all goes as without', async () => {
    const { receiver, raw, namespace, start } = await openStage();
    const posthorn = await start(KEY);
    receiver.answerWith(({ path }, all) => {
      const count = all.filter((request) => request.path === path).length;
      return { status: path === '/dead' || count === 1 ? 503 : 204 };
    });
    const settings = { retry: QUICK, breaker: NEVER_OPEN };
    const retried = await posthorn.endpoint({ url: `${receiver.url}/retried`, ...settings });
    const dying = await posthorn.endpoint({ url: `${receiver.url}/dead`, ...settings });
    const retriedEvent = await retried.publish();
    const dyingEvent = await dying.publish();
    const delivered = await posthorn.untilStatus(retriedEvent, 'delivered');
    const dead = await posthorn.untilStatus(dyingEvent, 'dead');
    const secrets = [retried, dying].flatMap(({ customerId, id }) => [customerId, id]);
    const told = [
      ...secrets,
      retriedEvent,
      dyingEvent,
      delivered.id,
      dead.id,
      '127.0.0.1',
      'after 503',
      'Dead after',
    ];

    for (const { id } of [delivered, dead]) expect(revealed(await storedOf(raw, id), told)).toEqual([]);
    const { events } = await raw.workflow.getHandle(dead.id).fetchHistory();
    expect(events?.at(-1)?.workflowExecutionFailedEventAttributes?.failure).toMatchObject({
      message: 'Encoded failure',
      stackTrace: '',
      applicationFailureInfo: { type: 'DeliveryDead' },
    });
    const codec = new EncryptingCodec({ keys: [KEY], namespace });
    const reading = createTemporalClient({ address: temporalAddress(), namespace, codec });
    closers.push(async () => await reading.connection.close());
    const read = reading.workflow.getHandle(dead.id);
    await expect(read.result()).rejects.toMatchObject({
      cause: { message: expect.stringMatching(/^Dead after 2 attempts/) },
    });
    const summary = await (await read.describe()).staticSummary();
    expect(summary).toBe(`job.completed → 127.0.0.1:${receiver.port}`);
    expect(await read.query('progress')).toMatchObject({ attempts_made: 2 });

    receiver.answerWith({ status: 204 });
    await posthorn.call('POST', `/v1/deliveries/${dead.id}/retry`);
    await posthorn.untilStatus(dyingEvent, 'delivered');
    expect(revealed(await storedOf(raw, dead.id), told)).toEqual([]);
  });

  it('a gate pauses and resumes by signals that are encrypted, and by those that are not', async () => {
    const { receiver, raw, namespace, start } = await openStage();
    const posthorn = await start(KEY);
    const endpoint = await posthorn.endpoint({ url: `${receiver.url}/gate` });
    const statusOf = async () => {
      const { body } = await posthorn.call('GET', `/v1/endpoints/${endpoint.id}`);
      return (body as { readonly status: string }).status;
    };
    await posthorn.call('POST', `/v1/endpoints/${endpoint.id}/pause`, { reason: 'They are moving.' });
    const eventId = await endpoint.publish();
    await posthorn.untilStatus(eventId, 'held');
    const gateId = `gate/${endpoint.id}`;
    const codec = new EncryptingCodec({ keys: [KEY], namespace });
    const reading = createTemporalClient({ address: temporalAddress(), namespace, codec });
    closers.push(async () => await reading.connection.close());
    await eventually(
      async () =>
        (await reading.workflow.getHandle(gateId).query<{ state: string }>('state')).state === 'paused',
    );
    await reading.workflow.getHandle(gateId).signal('resume', { by: 'somebody' });
    await posthorn.untilStatus(eventId, 'delivered');
    expect(revealed(await storedOf(raw, gateId), [endpoint.id, 'They are', 'somebody'])).toEqual([]);

    await raw.workflow.signalWithStart('gate', {
      workflowId: gateId,
      taskQueue: 'posthorn',
      args: [{ endpointId: endpoint.id, attempts: 0 }],
      signal: 'pause',
      signalArgs: [{ by: 'ops', reason: null }],
    });
    await eventually(async () => (await statusOf()) === 'paused');
    await posthorn.call('POST', `/v1/endpoints/${endpoint.id}/resume`);
    expect(await statusOf()).toBe('enabled');
  });
});

describe('a run that sleeps while the codec', () => {
  it('is turned on finishes, and is encrypted from then on', async () => {
    const stage = await openStage();
    const { raw, start } = stage;
    const { id, eventId } = await leaveRetrying(stage, []);
    expect(revealed(await storedOf(raw, id), [eventId])).toEqual([eventId]);

    const encrypting = await start(KEY);
    await encrypting.untilStatus(eventId, 'delivered');
    expect(await raw.workflow.getHandle(id).result().then(String, String)).not.toContain('delivered by');
  });

  it('is turned off finishes, and is not encrypted from then on', async () => {
    const stage = await openStage();
    const { raw, start } = stage;
    const { id, eventId } = await leaveRetrying(stage, [KEY]);

    const decrypting = await start('none', KEY);
    await decrypting.untilStatus(eventId, 'delivered');
    expect(await raw.workflow.getHandle(id).result()).toMatch(/^delivered by attempt 2/);
  });

  it('loses its key waits for it, and is not lost', async () => {
    const stage = await openStage();
    const { receiver, raw, start } = stage;
    const { id, eventId } = await leaveRetrying(stage, [KEY]);

    for (const [keys, told] of [
      [[], /Unknown encoding: binary\/encrypted/],
      [[NEW_KEY], /cannot decrypt a payload of the key \S+: POSTHORN_TEMPORAL_CODEC_KEY has/],
    ] as const) {
      const without = await start(...keys);
      await without.worker.waitForOutput(told);
      expect((await raw.workflow.getHandle(id).describe()).status.name).toBe('RUNNING');
      await without.processes.stopAll();
    }
    const rotated = await start(NEW_KEY, KEY);
    await rotated.untilStatus(eventId, 'delivered');
    expect(receiver.requests).toHaveLength(2);
  }, 120_000);
});

/**
 * Publishes with these keys, and stops everything once the first attempt has failed: the run of the delivery sleeps.
 */
async function leaveRetrying(
  { receiver, start }: Stage,
  keys: readonly Buffer[],
): Promise<{ readonly id: string; readonly eventId: string }> {
  receiver.answerWith((_, all) => ({ status: all.length === 1 ? 503 : 204 }));
  const posthorn = await start(...keys);
  const { publish } = await posthorn.endpoint({ url: receiver.url, retry: BRIEF });
  const eventId = await publish();
  const { id } = await posthorn.untilStatus(eventId, 'retrying');
  await posthorn.processes.stopAll();
  return { id, eventId };
}

/** All texts and bytes that the server has of a run, without its id and its search attributes. */
async function storedOf({ workflow }: Client, workflowId: string): Promise<string> {
  const handle = workflow.getHandle(workflowId);
  const { events } = await handle.fetchHistory();
  const { raw } = await handle.describe();
  const texts: string[] = [];
  collect({ events, config: raw.executionConfig, memo: raw.workflowExecutionInfo?.memo }, texts);
  return texts.join('\n');
}

function collect(value: unknown, texts: string[]): void {
  if (value instanceof Uint8Array) texts.push(Buffer.from(value).toString('latin1'));
  else if (typeof value === 'string') texts.push(value);
  else if (typeof value === 'object' && value !== null)
    for (const [name, member] of Object.entries(value))
      if (name !== 'searchAttributes' && name !== 'workflowId') collect(member, texts);
}

function revealed(stored: string, told: readonly string[]): readonly string[] {
  return told.filter((text) => stored.includes(text));
}
