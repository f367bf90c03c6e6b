import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { WORKFLOW_BUNDLE } from '../support/runs/time-skipping.ts';

const DIRECTORY = 'test/histories';
const NAMES = readdirSync(DIRECTORY)
  .filter((file) => file.endsWith('.json'))
  .map((file) => basename(file, '.json'));

beforeAll(() => {
  Runtime.install({
    shutdownSignals: [],
    logger: new DefaultLogger('ERROR'),
    telemetryOptions: { logging: { filter: 'OFF', forward: {} } },
  });
});

function textOf(name: string): string {
  return readFileSync(join(DIRECTORY, `${name}.json`), 'utf8');
}

async function replay(text: string): Promise<void> {
  await Worker.runReplayHistory({ workflowBundle: WORKFLOW_BUNDLE }, JSON.parse(text));
}

describe('the workflows', () => {
  it.each(NAMES)('go on with a run that was recorded as %s', async (name) => {
    await replay(textOf(name));
  });

  it('are known by recorded runs of every way a delivery, a gate, a wave or a replay can go', () => {
    expect(NAMES).toEqual(
      expect.arrayContaining([
        'cancelled-by-signal',
        'cancelled-through-the-api',
        'cancelled-while-sending',
        'dead-after-four',
        'delivered-at-once',
        'gate-opened-and-recovered',
        'gate-paused-then-resumed',
        'gate-rested',
        'housekeeping',
        'parked-when-disabled',
        'replay-cancelled-by-signal',
        'replay-cancelled-through-the-api',
        'replay-completed',
        'replay-waited',
        'retried-then-delivered',
        'retried-when-dead',
        'retried-while-waiting',
        'still-waiting',
        'taken-over-before-due',
        'wave-rolled',
        'wave-slept-for-a-retry',
        'wave-woken',
      ]),
    );
  });
});

describe('Worker.runReplayHistory', () => {
  it('refuses a run in which the workflow did something else', async () => {
    const changed = textOf('delivered-at-once').replaceAll('"name": "attempt"', '"name": "send"');
    await expect(replay(changed)).rejects.toBeInstanceOf(DeterminismViolationError);
  });
});
