import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { RunningProcess } from '../../../test/support/processes/processes.ts';
import { NEVER_BREAKS } from '../../stage/never-breaks.ts';
import { type AlertDrill, pause, publishInTurn, untilEnough } from './alert-drill.ts';
import type { AlertStage } from './alert-stage.ts';

const run = promisify(execFile);
const STOPPED_MS = 600;
const RUNNING_MS = 200;
const HANG = { timeout_ms: 20_000 };
/** Runs of their own that try again at once keep slots taken; no breaker takes their work from them. */
const HANG_ON = {
  ...HANG,
  retry: { strategy: 'fixed', initial_ms: 1_000, max_retries: 20 },
  breaker: NEVER_BREAKS,
};
const SMALL_WORKER = 20;
/** More than the alerts on calls that ended with their worker allow. */
const HANGING = 30;
/** Until the lease of such a call is over, and somebody has noticed. */
const EXPIRED_MS = 60_000;
const WAITING = 100;
/** Fewer than there are calls at a time. */
const SPARE_FILES = 10;
const SHORT_MS = 4_000;

/** A worker that gets the CPU a fourth of the time. */
export const starvedWorker: AlertDrill = {
  alerts: ['PosthornEventLoopLag'],
  async make(stage, over) {
    const worker = await stage.haveWorker();
    while (!over.aborted) {
      worker.kill('SIGSTOP');
      await sleep(STOPPED_MS);
      worker.kill('SIGCONT');
      await sleep(RUNNING_MS);
    }
  },
};

/** A worker with few places, and receivers that never answer. */
export const smallWorker: AlertDrill = {
  alerts: ['PosthornWorkerSaturated', 'TemporalSlotsExhausted'],
  async make(stage, over) {
    await stage.haveWorker(SMALL_WORKER);
    const hanging = await stage.createEndpoints('hang', { count: 3 * SMALL_WORKER, settings: HANG_ON });
    await publishInTurn(hanging, { stage, over });
  },
};

/** The only worker is killed, and events come in. */
export const killedWorker: AlertDrill = {
  alerts: ['PosthornNoWorker', 'PosthornOverdue'],
  async make(stage, over) {
    await killWorker(stage);
    const [well = ''] = await stage.createEndpoints('well', { count: 1 });
    for (let index = 0; index < WAITING; index += 1) await stage.publish(well);
    await untilEnough(over);
  },
};

/** Workers are killed while dozens of calls are under way. */
export const killedInTheMiddle: AlertDrill = {
  alerts: ['PosthornOutcomeUnknown', 'PosthornLeasesExpire'],
  async make(stage, over) {
    const calls = await stage.createEndpoints('call', { count: HANGING, settings: HANG });
    while (!over.aborted) {
      await stage.untilArrived('call', { count: HANGING, of: async () => await stage.publishAll(calls) });
      await killWorker(stage);
      await stage.haveWorker();
      await pause(EXPIRED_MS, over);
    }
  },
};

/** Postgres answers so late that first attempts begin a second after their events. */
export const slowPostgres: AlertDrill = {
  alerts: ['PosthornFirstAttemptSlowFast', 'PosthornFirstAttemptSlowSlow'],
  async make(stage, over) {
    await stage.haveWorker();
    const prompt = await stage.createEndpoints('prompt', { count: 10 });
    stage.link.become({ kind: 'slow', delayMs: 700 });
    await publishInTurn(prompt, { stage, over });
  },
  end: async ({ link }) => link.become({ kind: 'sound' }),
};

/** A worker that may open hardly any further file, and so no connection: its own fault, not the receivers'. */
export const noFilesLeft: AlertDrill = {
  alerts: ['PosthornInternalErrors'],
  async make(stage, over) {
    const settings = { timeout_ms: SHORT_MS };
    const customers = await stage.createEndpoints('files', { count: HANGING, settings });
    while (!over.aborted) {
      const worker = await stage.haveWorker();
      const usual = await softLimitOf(worker);
      await limitFiles(worker, limitLeaving(SPARE_FILES, worker));
      await stage.publishAll([...customers, ...customers]);
      await pause(SHORT_MS, over);
      // With its page of figures, which may be out of reach meanwhile.
      await limitFiles(worker, usual);
      await pause(SHORT_MS, over);
    }
    // What it could not open then it may lack for as long as it lives.
    await killWorker(stage);
  },
};

async function softLimitOf({ pid }: RunningProcess): Promise<number> {
  const { stdout } = await run('prlimit', [`--pid=${pid}`, '--nofile', '--output=SOFT', '--noheadings']);
  return Number(stdout);
}

/** Does nothing to one that has died of it. */
async function limitFiles({ pid }: RunningProcess, soft: number): Promise<void> {
  if (!existsSync(`/proc/${pid}`)) return;
  await run('prlimit', [`--pid=${pid}`, `--nofile=${soft}:`]);
}

/** The limit with which so many files can be opened beside those that are open. */
function limitLeaving(spare: number, { pid }: RunningProcess): number {
  const open = new Set(readdirSync(`/proc/${pid}/fd`).map(Number));
  let limit = 0;
  for (let left = spare; left > 0; limit += 1) if (!open.has(limit)) left -= 1;
  return limit;
}

async function killWorker(stage: AlertStage): Promise<void> {
  const worker = await stage.haveWorker();
  worker.kill('SIGKILL');
  await worker.ended;
}
