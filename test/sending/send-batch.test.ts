import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createAttempt } from '../../activities/attempt.ts';
import { showAttempt } from '../../src/api/deliveries/attempt-view.ts';
import { createLogger } from '../../src/logger.ts';
import { createDrainSender, type DrainSender } from '../../src/sending/drain-sender.ts';
import type { OutgoingRequest } from '../../src/sending/send-and-record.ts';
import { generateSecret } from '../../src/signature/secret.ts';
import { verifyWebhook } from '../../src/signature/verify-webhook.ts';
import { type AttemptRecord, AttemptRecorder } from '../../src/storage/claims/attempt-recorder.ts';
import { AttemptStore } from '../../src/storage/history/attempt-store.ts';
import { answerTo } from '../support/storage/answer-to.ts';
import { type BatchStage, onlyCall, setBatchStage } from '../support/storage/batch-stage.ts';
import { answered, openStorage, type StorageUnderTest } from '../support/storage/storage.ts';

const DATA = ['{"n":1.50}', '{"text":"\\u00e9\\u0000"}', '{}'];
const secret = generateSecret();
const batch = { maxEvents: 3, maxWaitMs: 60_000, maxBytes: 100_000 };

let storage: StorageUnderTest;
let gate: BatchStage;
let ids: readonly string[];
const sent: OutgoingRequest[] = [];
const heard: AttemptRecord[] = [];
let statusCode = 503;
let sendClaimed: DrainSender;

const sending = () => ({
  ...storage,
  recorder: new AttemptRecorder(storage.database, { onRecorded: (records) => heard.push(...records) }),
  send: async (request: OutgoingRequest) => {
    sent.push(request);
    return answered(statusCode);
  },
  logger: createLogger('silent'),
  userAgent: 'Posthorn/test',
  headerPrefix: 'X-Webhook-',
});

beforeAll(async () => {
  storage = await openStorage();
  sendClaimed = createDrainSender({
    ...sending(),
    startRun: async () => {},
    returnToWaves: async () => {},
    onLeft: () => {},
  });
  gate = await setBatchStage(storage, { batch, secret });
  ids = await gate.publish(DATA);
});
afterAll(async () => await storage.close());

interface BatchBody {
  readonly event: string;
  readonly delivery_id: string;
  readonly attempt: number;
  readonly data: { readonly count: number; readonly events: readonly { readonly delivery_id: string }[] };
}

function lastSent(): { readonly request: OutgoingRequest; readonly body: BatchBody } {
  const request = sent.at(-1);
  if (request === undefined) throw new Error('nothing was sent');
  const { headers, body } = request;
  verifyWebhook({ rawBody: body, headers, secret });
  return { request, body: JSON.parse(body.toString()) };
}

async function shownAttempts(id: string) {
  const store = new AttemptStore(storage.database);
  const numbers = (await store.listOf(id, { fetchLimit: 100 })).map(({ number }) => number).reverse();
  const alone = async (number: number) => await store.listOf(id, { fetchLimit: 1, beforeNumber: number + 1 });
  const attempts = (await Promise.all(numbers.map(alone))).flat();
  const parent = { eventId: 'evt_1', eventCustomerId: 'acme', occurredAt: 0 };
  const delivery = { id, event: 'job.completed', dataText: '{}', ...parent };
  const caller = { kind: 'operator', keyId: null, scopes: [], address: null } as const;
  return attempts.map((attempt) => showAttempt(attempt, { delivery, caller }));
}

describe('a batch', () => {
  it('goes in one call that is signed like any other, with the data as it was published', async () => {
    const call = onlyCall(await gate.take());
    expect(await answerTo(sendClaimed, call)).toBe(false);
    expect(sent).toHaveLength(1);
    const { request, body } = lastSent();
    const id = call[0].batch?.id;
    expect(body).toMatchObject({ event: 'batch', delivery_id: id, attempt: 1, data: { count: 3 } });
    expect(body.data.events.map((entry) => entry.delivery_id)).toEqual(ids);
    for (const text of DATA) expect(request.body.toString()).toContain(`"data":${text}}`);
    expect(request.headers).toMatchObject({
      'webhook-id': id,
      'X-Webhook-Event': 'batch',
      'X-Webhook-Delivery': id,
      'X-Webhook-Attempt': '1',
    });
    expect(request.headers).not.toHaveProperty('X-Webhook-Event-Id');
  });

  it('counts once for its endpoint', () => {
    expect(heard).toHaveLength(1);
  });

  it('shows each of its deliveries the whole request and the answer', async () => {
    for (const id of ids) {
      const [attempt] = await shownAttempts(id);
      expect(attempt?.batch_id).toBe(lastSent().body.delivery_id);
      expect(attempt?.request?.body).toBe(lastSent().request.body.toString());
      expect(attempt?.response?.body).toBe(Buffer.from([0, 0xff, 0x41]).toString());
    }
  });

  it('is retried with the same items under the same id, and delivers all of them', async () => {
    const first = lastSent().body;
    await gate.setDeliveries('due_at = now()');
    statusCode = 200;
    expect(await answerTo(sendClaimed, onlyCall(await gate.take()))).toBe(true);
    const { body } = lastSent();
    expect(body).toMatchObject({ delivery_id: first.delivery_id, attempt: 2, data: first.data });
    for (const id of ids) expect(await storage.delivery(id)).toMatchObject({ status: 'delivered' });
  });

  it('that is sent again by hand for one delivery has only that, and an id of its own', async () => {
    const [id = ''] = ids;
    const first = lastSent().body;
    const { mark } = await storage.actions.markRetry(id, 'mark');
    const attempt = createAttempt({ ...sending(), claims: storage.claims });
    await new MockActivityEnvironment().run(attempt, { deliveryId: id, mark });
    const { body } = lastSent();
    expect(body).toMatchObject({ event: 'batch', attempt: 1, data: { count: 1 } });
    expect(body.data.events).toEqual([first.data.events[0]]);
    expect(body.delivery_id).not.toBe(first.delivery_id);
    const shown = await shownAttempts(id);
    expect(shown.map(({ number, batch_id }) => ({ number, batch_id }))).toEqual([
      { number: 1, batch_id: first.delivery_id },
      { number: 2, batch_id: first.delivery_id },
      { number: 3, batch_id: body.delivery_id },
    ]);
    expect(shown.at(-1)?.request?.body).toBe(lastSent().request.body.toString());
  });
});
