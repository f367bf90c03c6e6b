import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WorkflowFailedError, type WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { AttemptResult } from '../../activities/attempt-result.ts';
import { newId } from '../../src/new-id.ts';
import type { deliver } from '../../workflows/deliver.ts';
import { cancelSignal, DELIVER_WORKFLOW, progressQuery, retrySignal } from '../../workflows/messages.ts';
import { eventually } from '../support/eventually.ts';
import { DeliverFake } from '../support/runs/deliver-fake.ts';
import { createTimeSkippingEnvironment } from '../support/runs/temporal.ts';
import { TEST_QUEUE, withWorker } from '../support/runs/time-skipping.ts';
import { deliveryStart } from '../support/storage/delivery-start.ts';

let environment: TestWorkflowEnvironment;

beforeAll(async () => {
  environment = await createTimeSkippingEnvironment();
});
afterAll(async () => await environment.teardown());

type DeliverHandle = WorkflowHandleWithFirstExecutionRunId<typeof deliver>;

async function start(dueInMs = 0): Promise<DeliverHandle> {
  const workflowId = newId('del');
  const args: Parameters<typeof deliver> = [{ ...deliveryStart(workflowId), dueInMs }];
  return await environment.client.workflow.start<typeof deliver>(DELIVER_WORKFLOW, {
    workflowId,
    taskQueue: TEST_QUEUE,
    args,
  });
}

async function failureOf(handle: DeliverHandle): Promise<unknown> {
  return await handle.result().then(
    () => null,
    (error: unknown) => (error instanceof WorkflowFailedError ? error.cause : error),
  );
}

function distances(times: readonly number[]): number[] {
  return times.slice(1).map((time, index) => Math.round((time - (times[index] ?? 0)) / 1000));
}

describe('deliver', () => {
  it('makes four attempts 10 s, 1 min and 6 min apart against an endpoint that stays at 503, then fails', async () => {
    const fake = new DeliverFake(environment, [503, 503, 503, 503]);
    const failure = await withWorker(
      environment,
      fake.activities(),
      async () => await failureOf(await start()),
    );
    expect(distances(fake.attemptTimes)).toEqual([10, 60, 360]);
    expect(failure).toBeInstanceOf(ApplicationFailure);
    expect(failure).toMatchObject({ type: 'DeliveryDead', message: expect.stringContaining('503') });
  });

  it('completes with the number of the attempt that delivered', async () => {
    const fake = new DeliverFake(environment, [500]);
    const result = await withWorker(
      environment,
      fake.activities(),
      async () => await (await start()).result(),
    );
    expect(result).toBe('delivered by attempt 2: 200 in 1 ms');
  });

  it('does not begin before the delivery is due', async () => {
    const fake = new DeliverFake(environment, []);
    const begun = await environment.currentTimeMs();
    await withWorker(environment, fake.activities(), async () => await (await start(120_000)).result());
    expect((fake.attemptTimes[0] ?? 0) - begun).toBeGreaterThanOrEqual(120_000);
  });

  it('sends at once on a retry signal while it waits, and not again when the timer would have rung', async () => {
    const fake = new DeliverFake(environment, [503]);
    await withWorker(environment, fake.activities(), async () => {
      const handle = await start();
      await eventually(async () => (await handle.query(progressQuery)).status === 'waiting');
      await handle.signal(retrySignal, { mark: 'm1' });
      expect(await handle.result()).toBe('delivered by attempt 2: 200 in 1 ms');
    });
    expect(fake.marks).toEqual([null, 'm1']);
  });

  it('waits for the turn of a manual attempt, tells so, and can be cancelled meanwhile', async () => {
    const fake = new DeliverFake(environment, [503]);
    const activities = fake.activities();
    const turns: AttemptResult[] = [
      { kind: 'turn', why: 'rate', waitMs: 720_000 },
      { kind: 'turn', why: 'concurrency', waitMs: 500 },
    ];
    const attempt: typeof activities.attempt = async (input) =>
      (input.mark === null ? undefined : turns.shift()) ?? (await activities.attempt(input));
    await withWorker(environment, { ...activities, attempt }, async () => {
      const handle = await start();
      await eventually(async () => (await handle.query(progressQuery)).status === 'waiting');
      const asked = await environment.currentTimeMs();
      await handle.signal(retrySignal, { mark: 'm1' });
      expect(await handle.result()).toBe('delivered by attempt 2: 200 in 1 ms');
      expect((fake.attemptTimes[1] ?? 0) - asked).toBeGreaterThanOrEqual(720_000);
    });
    expect(fake.marks).toEqual([null, 'm1']);
    turns.push({ kind: 'turn', why: 'order', waitMs: 3_600_000 });
    await withWorker(environment, { ...activities, attempt }, async () => {
      const handle = await start();
      await handle.signal(retrySignal, { mark: 'm2' });
      await eventually(async () => turns.length === 0);
      await handle.cancel();
      expect(await failureOf(handle)).toBeInstanceOf(CancelledFailure);
    });
  });

  it.each([[], [null], [{}], [{ mark: 'a\0b' }]])(
    'marks a retry that came without a mark of ours, as from the Temporal UI: %j',
    async (...messages) => {
      const fake = new DeliverFake(environment, [503]);
      await withWorker(environment, fake.activities(), async () => {
        const handle = await start();
        await eventually(async () => (await handle.query(progressQuery)).status === 'waiting');
        await handle.signal(retrySignal, ...messages);
        await handle.result();
      });
      expect(fake.marks).toEqual([null, expect.stringMatching(/^[0-9a-f-]{36}$/)]);
    },
  );

  it('closes as Cancelled on a cancel signal', async () => {
    const fake = new DeliverFake(environment, [503]);
    const failure = await withWorker(environment, fake.activities(), async () => {
      const handle = await start();
      await eventually(async () => (await handle.query(progressQuery)).status === 'waiting');
      await handle.signal(cancelSignal);
      return await failureOf(handle);
    });
    expect(failure).toBeInstanceOf(CancelledFailure);
    expect(fake.status).toBe('cancelled');
  });

  it('writes a cancellation that the server asked for to Postgres', async () => {
    const fake = new DeliverFake(environment, [503]);
    const failure = await withWorker(environment, fake.activities(), async () => {
      const handle = await start();
      await eventually(async () => (await handle.query(progressQuery)).status === 'waiting');
      await handle.cancel();
      return await failureOf(handle);
    });
    expect(failure).toBeInstanceOf(CancelledFailure);
    expect(fake.cancellations).toBe(1);
  });

  it.each([200, 410])(
    'says what came of the attempt that a cancellation came too late for: %i',
    async (answer) => {
      const fake = new DeliverFake(environment, [answer]);
      const activities = fake.activities();
      const attempt: typeof activities.attempt = async (input) => {
        await environment.client.workflow.getHandle(input.deliveryId).cancel();
        return await activities.attempt(input);
      };
      const end = await withWorker(environment, { ...activities, attempt }, async () => {
        const handle = await start();
        await handle.result().catch(() => {});
        return (await handle.describe()).status.name;
      });
      expect(end).toBe(answer === 200 ? 'COMPLETED' : 'FAILED');
      expect(fake.cancellations).toBe(0);
    },
  );
});
