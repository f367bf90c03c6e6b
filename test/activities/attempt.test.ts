import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { MockActivityEnvironment } from '@temporalio/testing';
import { type AttemptDependencies, createAttempt } from '../../activities/attempt.ts';
import type { AttemptResult } from '../../activities/attempt-result.ts';
import type { AttemptOutcome } from '../../src/domain/attempt.ts';
import { createLogger } from '../../src/logger.ts';
import { newId } from '../../src/new-id.ts';
import type { OutgoingRequest } from '../../src/sending/send-and-record.ts';
import { answered, openStorage, type StorageUnderTest } from '../support/storage/storage.ts';

let storage: StorageUnderTest;
let customerId: string;
let endpointId: string;
let sent: OutgoingRequest[];

beforeAll(async () => {
  storage = await openStorage();
});

afterAll(async () => {
  await storage.close();
});

beforeEach(async () => {
  customerId = newId('evt');
  endpointId = await storage.endpoint({ customerId });
  sent = [];
});

async function published(test = false): Promise<string> {
  const [id = ''] = await storage.publish({ customerId, ...(test ? { test: { endpointId } } : {}) });
  return id;
}

/** Runs the activity against a receiver that answers so. */
async function attempt(
  input: { readonly deliveryId: string; readonly mark?: string },
  answer: number | (() => Promise<AttemptOutcome>) = 200,
  dependencies: Partial<AttemptDependencies> = {},
): Promise<AttemptResult> {
  const activity = createAttempt({
    ...storage,
    send: async (outgoing) => {
      sent.push(outgoing);
      return typeof answer === 'number' ? answered(answer) : await answer();
    },
    logger: createLogger('silent'),
    userAgent: 'Posthorn/test',
    headerPrefix: 'X-Webhook-',
    ...dependencies,
  });
  const environment = new MockActivityEnvironment();
  const result = await environment.run(activity, { mark: null, ...input });
  return result as AttemptResult;
}

describe('attempt', () => {
  it('claims, sends signed, records and says what came of it', async () => {
    const deliveryId = await published();
    expect(await attempt({ deliveryId })).toMatchObject({
      kind: 'delivered',
      attempt: 1,
      summary: '200 in 3 ms',
    });
    expect(sent).toHaveLength(1);
    expect(sent[0]?.headers).toMatchObject({ 'X-Webhook-Delivery': deliveryId, 'X-Webhook-Attempt': '1' });
    expect(await storage.attempts(deliveryId)).toMatchObject([{ number: 1, status_code: 200 }]);
  });

  it('waits for the next attempt after a failure, and sends nothing before', async () => {
    const deliveryId = await published();
    const failed = await attempt({ deliveryId }, 503);
    expect(failed).toMatchObject({ kind: 'wait', attempt: 1, summary: '503 in 3 ms' });
    expect(await attempt({ deliveryId })).toMatchObject({ kind: 'wait', attempt: 1, summary: 'http_503' });
    expect(sent).toHaveLength(1);
  });

  it('sends nothing once the delivery has ended', async () => {
    const deliveryId = await published();
    await attempt({ deliveryId });
    expect(await attempt({ deliveryId })).toMatchObject({ kind: 'delivered', attempt: 1 });
    expect(sent).toHaveLength(1);
  });

  it('sends nothing while somebody else is sending, and comes back after their lease', async () => {
    const deliveryId = await published();
    await storage.claims.claim({ deliveryId, mark: null, owner: 'other', runId: 'other' });
    const result = await attempt({ deliveryId });
    expect(result).toMatchObject({ kind: 'wait', summary: 'an attempt is under way elsewhere' });
    expect(result).toHaveProperty('waitMs', expect.closeTo(17_000, -4));
    expect(sent).toEqual([]);
  });

  it('sends by hand under a mark, once', async () => {
    const deliveryId = await published();
    await attempt({ deliveryId }, 503);
    const { mark } = await storage.actions.markRetry(deliveryId, 'mark');
    expect(await attempt({ deliveryId, mark })).toMatchObject({ kind: 'delivered', attempt: 2 });
    expect(await attempt({ deliveryId, mark })).toMatchObject({ kind: 'delivered', attempt: 2 });
    expect(sent).toHaveLength(2);
  });

  it('records again and again what it sent once', async () => {
    const deliveryId = await published();
    let failures = 2;
    const recorder: AttemptDependencies['recorder'] = Object.create(storage.recorder, {
      record: {
        value: async (record: Parameters<typeof storage.recorder.record>[0]) => {
          failures -= 1;
          if (failures >= 0) throw new Error('Connection terminated');
          return await storage.recorder.record(record);
        },
      },
    });
    expect(await attempt({ deliveryId }, 200, { recorder })).toMatchObject({ kind: 'delivered' });
    expect(sent).toHaveLength(1);
  });

  it('disables the endpoint that is gone', async () => {
    const [deliveryId, other] = [await published(), await published()];
    expect(await attempt({ deliveryId }, 410)).toMatchObject({ kind: 'dead', reason: 'endpoint_gone' });
    expect(await attempt({ deliveryId: other })).toMatchObject({ kind: 'parked', status: 'held' });
    expect(sent).toHaveLength(1);
  });

  it('sends a test although the endpoint is disabled', async () => {
    await storage.endpointSwitch.disable(endpointId, 'by_hand');
    const deliveryId = await published(true);
    const mark = storage.due.find((start) => start.deliveryId === deliveryId)?.mark ?? '';
    expect(await attempt({ deliveryId, mark }, 500)).toMatchObject({ kind: 'dead', reason: 'test_failed' });
    expect(sent).toHaveLength(1);
  });

  it('delivers although its cancellation came while it was being sent', async () => {
    const deliveryId = await published();
    const answer = async (): Promise<AttemptOutcome> => {
      await storage.actions.cancel(deliveryId);
      return answered(200);
    };
    expect(await attempt({ deliveryId }, answer)).toMatchObject({ kind: 'delivered' });
  });

  it('says so where the endpoint was deleted while it was being sent, and the answer is a failure', async () => {
    const deliveryId = await published();
    const answer = async (): Promise<AttemptOutcome> => {
      await storage.removal.remove(endpointId);
      return answered(503);
    };
    expect(await attempt({ deliveryId }, answer)).toEqual({ kind: 'cancelled', attempt: 1 });
  });

  it('finds nothing where retention removed the delivery', async () => {
    expect(await attempt({ deliveryId: 'del_none' })).toEqual({ kind: 'missing' });
  });
});
