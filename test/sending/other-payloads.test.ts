import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bodyOfAttempt } from '../../src/api/deliveries/attempt-body.ts';
import { PAYLOADS, type Payload, type WireChoices } from '../../src/domain/wire-choices.ts';
import { createLogger } from '../../src/logger.ts';
import { type OutgoingRequest, sendAndRecord } from '../../src/sending/send-and-record.ts';
import { generateSecret } from '../../src/signature/secret.ts';
import { verifyStandardWebhooks } from '../../src/signature/verify-standard-webhooks.ts';
import { AttemptRecorder } from '../../src/storage/claims/attempt-recorder.ts';
import type { Outgoing } from '../../src/storage/claims/claim.ts';
import { AttemptStore } from '../../src/storage/history/attempt-store.ts';
import { DeliveryStore } from '../../src/storage/history/delivery-store.ts';
import { onlyCall, setBatchStage } from '../support/storage/batch-stage.ts';
import { answered, openStorage, request, type StorageUnderTest } from '../support/storage/storage.ts';

const DATA = ['{"n":1.50}', '{"text":"\\u00e9"}'] as const;
const secret = generateSecret();
const batch = { maxEvents: 2, maxWaitMs: 60_000, maxBytes: 100_000 };

let storage: StorageUnderTest;

beforeAll(async () => {
  storage = await openStorage();
});
afterAll(async () => await storage.close());

function wireOf(payload: Payload, part: Partial<WireChoices> = {}): WireChoices {
  return { payload, webhookId: 'delivery', signatures: ['standard'], ...part };
}

/** Sends a call by the production sender to a receiver that answers 200. */
async function send(call: Outgoing): Promise<OutgoingRequest> {
  const sent: OutgoingRequest[] = [];
  const means = {
    ...storage,
    recorder: new AttemptRecorder(storage.database),
    network: { note: () => ({ isSuspected: false, isExcused: false }) },
    send: async (outgoing: OutgoingRequest) => {
      sent.push(outgoing);
      return answered(200);
    },
    logger: createLogger('silent'),
    userAgent: 'Posthorn/test',
    headerPrefix: 'X-Webhook-',
    timing: { recordPauseMs: 1 },
  };
  await sendAndRecord(call, means, () => 'run');
  const [only] = sent;
  if (only === undefined) throw new Error('nothing was sent');
  return only;
}

async function sendAlone(wire: WireChoices) {
  await storage.endpoint({ customerId: wire.payload + wire.webhookId, wire, secret });
  const [id = ''] = await storage.publish({ customerId: wire.payload + wire.webhookId, dataText: DATA[0] });
  const claim = await storage.claims.claim(request(id));
  if (claim === null) throw new Error('nothing was claimed');
  return { id, claim, sent: await send([claim]) };
}

async function shownBodyOf(id: string): Promise<string | null> {
  const delivery = await new DeliveryStore(storage.database).read(id);
  const [attempt] = await new AttemptStore(storage.database).listOf(id, { fetchLimit: 1 });
  if (delivery === null || attempt === undefined) throw new Error('nothing was recorded');
  return bodyOfAttempt(attempt, delivery);
}

const parsed = ({ body }: OutgoingRequest) => JSON.parse(body.toString());

describe('signRequest', () => {
  it('sends the data alone', async () => {
    const { sent, claim } = await sendAlone(wireOf('data'));
    expect(sent.body.toString()).toBe(DATA[0]);
    expect(sent.headers).toMatchObject({
      'Content-Type': 'application/json; charset=utf-8',
      'X-Webhook-Event': 'job.completed',
      'X-Webhook-Event-Id': claim.eventId,
    });
  });

  it('sends what Standard Webhooks recommends, with the time of the event', async () => {
    const { sent, claim } = await sendAlone(wireOf('standard'));
    const timestamp = new Date(claim.occurredAt).toISOString();
    expect(sent.body.toString()).toBe(
      `{"type":"job.completed","timestamp":"${timestamp}","data":${DATA[0]}}`,
    );
  });

  it('sends structured CloudEvents', async () => {
    const { sent, claim } = await sendAlone(wireOf('cloudevents'));
    expect(sent.headers['Content-Type']).toBe('application/cloudevents+json');
    expect(sent.body.toString()).toContain(`"data":${DATA[0]}}`);
    expect(parsed(sent)).toEqual({
      specversion: '1.0',
      id: claim.eventId,
      source: '/customers/cloudeventsdelivery',
      type: 'job.completed',
      time: new Date(claim.occurredAt).toISOString(),
      datacontenttype: 'application/json',
      data: { n: 1.5 },
    });
  });

  it('names the event in webhook-id where it is asked to', async () => {
    const { sent, claim } = await sendAlone(wireOf('standard', { webhookId: 'event' }));
    expect(sent.headers['webhook-id']).toBe(claim.eventId);
    expect(verifyStandardWebhooks(sent.headers, sent.body, { secret })).toBe(true);
  });

  it.each(PAYLOADS)('shows the body of %s as it was sent, alone and in a batch', async (payload) => {
    const { id, sent } = await sendAlone(wireOf(payload, { webhookId: 'event' }));
    expect(await shownBodyOf(id)).toBe(sent.body.toString());
    const gate = await setBatchStage(storage, { batch, secret, wire: wireOf(payload) });
    const [first = ''] = await gate.publish(DATA);
    const call = await send(onlyCall(await gate.take()));
    expect(await shownBodyOf(first)).toBe(call.body.toString());
    expect(verifyStandardWebhooks(call.headers, call.body, { secret })).toBe(true);
  });

  it('sends batches of the data as an array, of CloudEvents as such, else as one of the type batch', async () => {
    const calls = await Promise.all(
      PAYLOADS.map(async (payload) => {
        const gate = await setBatchStage(storage, { batch, secret, wire: wireOf(payload) });
        await gate.publish(DATA);
        return await send(onlyCall(await gate.take()));
      }),
    );
    const [, data, standard, cloudevents] = calls;
    expect(data?.body.toString()).toBe(`[${DATA[0]},${DATA[1]}]`);
    expect(standard === undefined || parsed(standard)).toMatchObject({ type: 'batch', data: { count: 2 } });
    expect(cloudevents?.headers['Content-Type']).toBe('application/cloudevents-batch+json');
    expect(cloudevents === undefined || parsed(cloudevents)).toMatchObject([
      { specversion: '1.0', data: { n: 1.5 } },
      { specversion: '1.0', data: { text: 'é' } },
    ]);
  });
});
