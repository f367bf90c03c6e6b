import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type WorkflowHandleWithFirstExecutionRunId, WorkflowNotFoundError } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { DrainResult } from '../../activities/drain.ts';
import { progressQuery, WAVE_WORKFLOW, type WaveInput, wakeSignal } from '../../workflows/messages.ts';
import type { wave } from '../../workflows/wave.ts';
import { eventually } from '../support/eventually.ts';
import { createTimeSkippingEnvironment } from '../support/runs/temporal.ts';
import { TEST_QUEUE, withWorker } from '../support/runs/time-skipping.ts';
import { OVER, ROLLING, WaveFake } from '../support/runs/wave-fake.ts';

const MINUTE = 60_000;

let environment: TestWorkflowEnvironment;

beforeAll(async () => {
  environment = await createTimeSkippingEnvironment();
});
afterAll(async () => await environment.teardown());

type WaveHandle = WorkflowHandleWithFirstExecutionRunId<typeof wave>;

async function start(input: Partial<WaveInput> = {}): Promise<WaveHandle> {
  return await environment.client.workflow.start<typeof wave>(WAVE_WORKFLOW, {
    workflowId: `wave/${randomUUID()}`,
    taskQueue: TEST_QUEUE,
    args: [{ lane: 0, attempts: 0, ...input }],
  });
}

/**
 * Unlike the server proper, the test server refuses a signal that meets the very end of a run; it is to be sent again.
 */
async function wakeOrStart(workflowId: string): Promise<boolean> {
  try {
    await environment.client.workflow.signalWithStart<typeof wave, []>(WAVE_WORKFLOW, {
      workflowId,
      taskQueue: TEST_QUEUE,
      args: [{ lane: 0, attempts: 0 }],
      signal: wakeSignal,
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    });
    return true;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}

function idleFor(nextDueInMs: number): DrainResult {
  return { kind: 'idle', claimed: 1, nextDueInMs };
}

describe('wave', () => {
  it('drains slice after slice while load is high, and says how many attempts it made', async () => {
    const fake = new WaveFake(environment, [ROLLING, ROLLING, ROLLING]);
    expect(await fake.during(async () => await (await start()).result())).toBe('31 attempts made');
    expect(fake.lanes).toEqual([0, 0, 0, 0]);
  });

  it('sleeps until the next delivery comes due that has no run of its own', async () => {
    const fake = new WaveFake(environment, [idleFor(10 * MINUTE), idleFor(0), OVER]);
    expect(await fake.during(async () => await (await start()).result())).toBe('3 attempts made');
    const [first = 0, second = 0, third = 0] = fake.drainedAt;
    expect(second - first).toBeGreaterThanOrEqual(10 * MINUTE);
    expect(third - second).toBeLessThan(MINUTE);
  });

  it('looks at once when it is woken while it sleeps, and tells what it waits for', async () => {
    const fake = new WaveFake(environment, [ROLLING, idleFor(3_600 * MINUTE)]);
    await fake.during(async () => {
      const handle = await start();
      const progress = await eventually(async () => {
        const now = await handle.query(progressQuery);
        return now.status === 'waiting' ? now : null;
      });
      expect(progress).toEqual({
        lane: 0,
        status: 'waiting',
        attempts_made: 11,
        waiting_until: expect.stringMatching(/^\d{4}-.*Z$/),
      });
      await handle.signal(wakeSignal);
      expect(await handle.result()).toBe('12 attempts made');
    });
    const [, second = 0, third = 0] = fake.drainedAt;
    expect(third - second).toBeLessThan(MINUTE);
  });

  it('drains once more where it was woken during a drain, at its last moment too', async () => {
    const handles: WaveHandle[] = [];
    const wakeThenOver = async (): Promise<DrainResult> => {
      const handle = await eventually(() => handles[0]);
      for (let wakes = 0; wakes < 3; wakes += 1) await handle.signal(wakeSignal);
      return OVER;
    };
    const fake = new WaveFake(environment, [wakeThenOver, wakeThenOver, OVER]);
    await fake.during(async () => {
      const handle = await start();
      handles.push(handle);
      expect(await handle.result()).toBe('3 attempts made');
    });
    expect(fake.lanes).toHaveLength(3);
  });

  it('hears every wake, even one that meets its end', async () => {
    const fake = new WaveFake(environment, []);
    await fake.during(async () => {
      const workflowId = `wave/${randomUUID()}`;
      for (let round = 0; round < 20; round += 1) {
        const before = fake.drainedAt.length;
        await eventually(async () => await wakeOrStart(workflowId));
        await eventually(() => fake.drainedAt.length > before);
      }
      await environment.client.workflow.getHandle(workflowId).result();
    });
  });

  it('ends on a further lane where no worker has a hand free, and drains on lane 0 as soon as one has', async () => {
    const fake = new WaveFake(environment, []);
    await withWorker(environment, {}, async () => {
      expect(await (await start({ lane: 1 })).result()).toBe('no worker has a hand free');
    });
    const handle = await start({ attempts: 5 });
    expect(await fake.during(async () => await handle.result())).toBe('6 attempts made');
  });

  it('goes on as a new run after many slices, with its count', async () => {
    const fake = new WaveFake(
      environment,
      Array.from({ length: 201 }, () => ROLLING),
    );
    await fake.during(async () => {
      const handle = await start({ attempts: 7 });
      expect(await handle.result()).toBe(`${7 + 201 * 10 + 1} attempts made`);
      const described = await environment.client.workflow.getHandle(handle.workflowId).describe();
      expect(described.runId).not.toBe(handle.firstExecutionRunId);
    });
    expect(fake.lanes).toHaveLength(202);
  });

  it('drains again where a drain broke off', async () => {
    let failures = 2;
    const breakOff = async (): Promise<DrainResult> => {
      failures -= 1;
      throw new Error('a fault of ours');
    };
    const fake = new WaveFake(environment, [breakOff, breakOff]);
    expect(await fake.during(async () => await (await start()).result())).toBe('1 attempts made');
    expect(failures).toBe(0);
  });
});
