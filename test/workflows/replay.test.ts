import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WorkflowFailedError, type WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client';
import { CancelledFailure } from '@temporalio/common';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { CancelReplayInput } from '../../activities/cancel-replay.ts';
import type { ReplayActivityInput, ReplaySlice, SliceEnd } from '../../activities/replay.ts';
import { cancelSignal, progressQuery, REPLAY_WORKFLOW } from '../../workflows/messages.ts';
import type { replay } from '../../workflows/replay.ts';
import { eventually } from '../support/eventually.ts';
import { createTimeSkippingEnvironment } from '../support/runs/temporal.ts';
import { TEST_QUEUE, withWorker } from '../support/runs/time-skipping.ts';

const MINUTE = 60_000;
const TOTAL = 30;
const ROLLING: SliceEnd = { kind: 'rolling' };
const COMPLETED: SliceEnd = { kind: 'over', status: 'completed' };
const CANCELLED: SliceEnd = { kind: 'over', status: 'cancelled' };

let environment: TestWorkflowEnvironment;

beforeAll(async () => {
  environment = await createTimeSkippingEnvironment();
});
afterAll(async () => await environment.teardown());

type ReplayHandle = WorkflowHandleWithFirstExecutionRunId<typeof replay>;

/** Stands in for Postgres: each slice ends as the test says and delivers ten; the last end is repeated. */
class ReplayFake {
  readonly slices: ReplayActivityInput[] = [];
  readonly startedAt: number[] = [];
  readonly cancels: CancelReplayInput[] = [];
  readonly #ends: readonly SliceEnd[];
  #isCancelled = false;

  constructor(ends: readonly SliceEnd[]) {
    this.#ends = ends;
  }

  async during<T>(work: () => Promise<T>): Promise<T> {
    const activities = {
      replay: async (input: ReplayActivityInput): Promise<ReplaySlice> => {
        this.slices.push(input);
        this.startedAt.push(await environment.currentTimeMs());
        const planned = this.#ends[Math.min(this.slices.length, this.#ends.length) - 1] ?? COMPLETED;
        const end = this.#isCancelled ? CANCELLED : planned;
        const delivered = Math.min(10 * this.slices.length, TOTAL);
        const left = { dead: 0, cancelled: 0, passedOver: 0, remaining: TOTAL - delivered };
        return { ...end, counts: { total: TOTAL, released: delivered, delivered, ...left } };
      },
      cancelReplay: async (input: CancelReplayInput): Promise<boolean> => {
        this.cancels.push(input);
        this.#isCancelled = true;
        if (input.closeRun) await environment.client.workflow.getHandle(input.replayId).cancel();
        return true;
      },
    };
    return await withWorker(environment, activities, work);
  }
}

async function start(): Promise<ReplayHandle> {
  const replayId = `rpl_${randomUUID()}`;
  return await environment.client.workflow.start<typeof replay>(REPLAY_WORKFLOW, {
    workflowId: replayId,
    taskQueue: TEST_QUEUE,
    args: [{ replayId, kind: 'missed', total: TOTAL, customerId: null, endpointId: 'ep_1' }],
  });
}

async function untilWaiting(handle: ReplayHandle) {
  return await eventually(async () => {
    const progress = await handle.query(progressQuery);
    return progress.status === 'waiting' ? progress : null;
  });
}

async function expectCancelled(handle: ReplayHandle): Promise<void> {
  const failure = await handle.result().catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(WorkflowFailedError);
  expect((failure as WorkflowFailedError).cause).toBeInstanceOf(CancelledFailure);
}

describe('replay', () => {
  it('has deliveries released slice after slice, and says what came of them', async () => {
    const fake = new ReplayFake([ROLLING, ROLLING, COMPLETED]);
    const result = await fake.during(async () => await (await start()).result());
    expect(result).toBe('completed: 30 delivered, 0 dead');
    expect(fake.slices.map(({ waits }) => waits)).toEqual([0, 0, 0]);
  });

  it('waits by timers for what has not ended, and tells how far it is', async () => {
    const waiting: SliceEnd = { kind: 'waiting', waitMs: 10 * MINUTE };
    const fake = new ReplayFake([waiting, waiting, waiting, waiting, COMPLETED]);
    await fake.during(async () => {
      const handle = await start();
      expect(await untilWaiting(handle)).toMatchObject({
        replay_id: handle.workflowId,
        status: 'waiting',
        total: TOTAL,
        released: expect.any(Number),
        remaining: expect.any(Number),
      });
      await handle.result();
    });
    const [first = 0, second = 0] = fake.startedAt;
    expect(second - first).toBeGreaterThanOrEqual(10 * MINUTE);
    expect(fake.slices.map(({ waits }) => waits)).toEqual([0, 1, 1, 1, 2]);
  });

  it('cancels in Postgres when it is signalled, takes back what was released, and closes as cancelled', async () => {
    const fake = new ReplayFake([{ kind: 'waiting', waitMs: 60 * MINUTE }]);
    await fake.during(async () => {
      const handle = await start();
      await untilWaiting(handle);
      await handle.signal(cancelSignal);
      await expectCancelled(handle);
    });
    expect(fake.cancels.map(({ closeRun }) => closeRun)).toEqual([true, false]);
    expect(fake.slices).toHaveLength(2);
  });

  it('does the same when its cancellation is requested', async () => {
    const fake = new ReplayFake([{ kind: 'waiting', waitMs: 60 * MINUTE }]);
    await fake.during(async () => {
      const handle = await start();
      await untilWaiting(handle);
      await handle.cancel();
      await expectCancelled(handle);
    });
    expect(fake.cancels.map(({ closeRun }) => closeRun)).toEqual([false]);
    expect(fake.slices).toHaveLength(2);
  });

  it('closes as cancelled where Postgres knew first', async () => {
    const fake = new ReplayFake([ROLLING, CANCELLED]);
    await fake.during(async () => await expectCancelled(await start()));
    expect(fake.cancels[0]).toMatchObject({ closeRun: true });
  });

  it('ends where the replay was removed meanwhile', async () => {
    const fake = new ReplayFake([{ kind: 'over', status: null }]);
    expect(await fake.during(async () => await (await start()).result())).toBe('removed by retention');
  });

  it('goes on as a new run after many slices', async () => {
    const fake = new ReplayFake([...Array.from({ length: 201 }, () => ROLLING), COMPLETED]);
    await fake.during(async () => {
      const handle = await start();
      await handle.result();
      const described = await environment.client.workflow.getHandle(handle.workflowId).describe();
      expect(described.runId).not.toBe(handle.firstExecutionRunId);
    });
    expect(fake.slices).toHaveLength(202);
  });
});
