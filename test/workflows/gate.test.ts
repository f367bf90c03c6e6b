import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { ChangeGateInput } from '../../activities/change-gate.ts';
import type { DrainGateResult, GateEnd } from '../../activities/drain-gate.ts';
import type { gate } from '../../workflows/gate.ts';
import { GATE_WORKFLOW, gateStateQuery, resumeSignal, wakeSignal } from '../../workflows/messages.ts';
import { eventually } from '../support/eventually.ts';
import { createTimeSkippingEnvironment } from '../support/runs/temporal.ts';
import { TEST_QUEUE, withWorker } from '../support/runs/time-skipping.ts';

const MINUTE = 60_000;
const OPENED: GateEnd = { kind: 'opened' };
const PAUSED: GateEnd = { kind: 'shut', why: 'paused' };

let environment: TestWorkflowEnvironment;

beforeAll(async () => {
  environment = await createTimeSkippingEnvironment();
});
afterAll(async () => await environment.teardown());

type GateHandle = WorkflowHandleWithFirstExecutionRunId<typeof gate>;
type Drain = GateEnd | (() => Promise<GateEnd>);

/** Stands in for Postgres: each drain ends as the test says, with one attempt made; the last end is repeated. */
class GateFake {
  readonly drainedAt: number[] = [];
  readonly changes: ChangeGateInput[] = [];
  readonly cares: number[] = [];
  readonly #drains: readonly Drain[];

  constructor(drains: readonly Drain[]) {
    this.#drains = drains;
  }

  async during<T>(work: () => Promise<T>): Promise<T> {
    const activities = {
      drainGate: async (): Promise<DrainGateResult> => {
        this.drainedAt.push(await environment.currentTimeMs());
        const drain = this.#drains[Math.min(this.drainedAt.length, this.#drains.length) - 1] ?? OPENED;
        return { ...(typeof drain === 'function' ? await drain() : drain), claimed: 1 };
      },
      changeGate: async (input: ChangeGateInput): Promise<void> => void this.changes.push(input),
      careForGate: async ({ forMs }: { forMs: number }): Promise<void> => void this.cares.push(forMs),
    };
    return await withWorker(environment, activities, work);
  }
}

async function start(attempts = 0): Promise<GateHandle> {
  return await environment.client.workflow.start<typeof gate>(GATE_WORKFLOW, {
    workflowId: `gate/${randomUUID()}`,
    taskQueue: TEST_QUEUE,
    args: [{ endpointId: 'ep_1', attempts }],
  });
}

async function untilState(handle: GateHandle, state: string) {
  return await eventually(async () => {
    const now = await handle.query(gateStateQuery);
    return now.state === state ? now : null;
  });
}

describe('gate', () => {
  const ends: readonly (readonly [string, readonly GateEnd[], string])[] = [
    ['opens', [{ kind: 'draining' }, OPENED], 'opened, 2 attempts made'],
    ['rests with nothing held', [{ kind: 'resting', nextDueInMs: null }], 'resting, 1 attempts made'],
    [
      'belongs to a disabled endpoint',
      [{ kind: 'shut', why: 'disabled' }],
      'the endpoint is disabled, 1 attempts made',
    ],
    [
      'belongs to a deleted endpoint',
      [{ kind: 'shut', why: 'deleted' }],
      'the endpoint is deleted, 1 attempts made',
    ],
  ];

  it.each(ends)('is over once it %s', async (_what, drains, result) => {
    const fake = new GateFake(drains);
    expect(await fake.during(async () => await (await start()).result())).toBe(result);
  });

  it('waits for the probe of an open breaker, and for the next retry', async () => {
    const fake = new GateFake([
      { kind: 'open', probeInMs: 10 * MINUTE },
      { kind: 'resting', nextDueInMs: 5 * MINUTE },
      OPENED,
    ]);
    await fake.during(async () => await (await start()).result());
    const [first = 0, second = 0, third = 0] = fake.drainedAt;
    expect(second - first).toBeGreaterThanOrEqual(10 * MINUTE);
    expect(third - second).toBeGreaterThanOrEqual(5 * MINUTE);
    expect(fake.cares).toEqual([10 * MINUTE, 5 * MINUTE]);
  });

  it('waits while it is paused, until somebody resumes it, and tells so', async () => {
    const fake = new GateFake([PAUSED, OPENED]);
    await fake.during(async () => {
      const handle = await start();
      expect(await untilState(handle, 'paused')).toEqual({
        endpoint_id: 'ep_1',
        state: 'paused',
        attempts_made: 1,
        until: null,
      });
      await handle.signal(resumeSignal, { by: 'ops' });
      await handle.result();
    });
    expect(fake.changes).toEqual([{ endpointId: 'ep_1', action: 'resume', by: 'ops', reason: null }]);
  });

  it('pauses by an update, whatever a person sends with it', async () => {
    const fake = new GateFake([{ kind: 'open', probeInMs: 60 * MINUTE }, PAUSED, OPENED]);
    await fake.during(async () => {
      const handle = await start();
      const { until } = await untilState(handle, 'breaker_open');
      expect(until).toMatch(/^\d{4}-.*Z$/);
      await handle.executeUpdate<void, [null]>('pause', { args: [null] });
      await untilState(handle, 'paused');
      await handle.signal(resumeSignal, { by: 7, reason: {} });
      await handle.result();
    });
    expect(fake.changes.map(({ action, by }) => [action, by])).toEqual([
      ['pause', 'Temporal'],
      ['resume', 'Temporal'],
    ]);
  });

  it('looks at once when it is woken while it sleeps', async () => {
    const fake = new GateFake([{ kind: 'open', probeInMs: 30 * MINUTE }, OPENED]);
    await fake.during(async () => {
      const handle = await start();
      await untilState(handle, 'breaker_open');
      await handle.signal(wakeSignal);
      await handle.result();
    });
    const [first = 0, second = 0] = fake.drainedAt;
    expect(second - first).toBeLessThan(MINUTE);
  });

  it('drains once more where it was woken during its last drain', async () => {
    const handles: GateHandle[] = [];
    const wakeThenOpen = async (): Promise<GateEnd> => {
      await (await eventually(() => handles[0])).signal(wakeSignal);
      return OPENED;
    };
    const fake = new GateFake([wakeThenOpen, OPENED]);
    await fake.during(async () => {
      const handle = await start();
      handles.push(handle);
      await handle.result();
    });
    expect(fake.drainedAt).toHaveLength(2);
  });

  it('begins a new history after many drains, and keeps its count', async () => {
    const drains = Array.from({ length: 205 }, (): GateEnd => ({ kind: 'draining' }));
    const fake = new GateFake([...drains, OPENED]);
    expect(await fake.during(async () => await (await start(10)).result())).toBe('opened, 216 attempts made');
  });
});
