import { during, type Fault, type FaultContext, pass, takeBusyWorker } from '../fault.ts';

const KILLS = 10;
const SHORT_KILLS = 2;
const SECONDS_A_KILL = 4;
/** What is not answered for so long before a kill is under way then, and nobody has taken it. */
const HANG_SECONDS = 0.8;
/** A lease has ended for so long when its worker goes on: by then another has made the attempt again. */
const OVERSLEPT_SECONDS = 1.5;

/** Workers killed one after another while requests are in flight. */
export const workerKill: Fault = {
  name: 'worker-kill',
  summary: 'a worker gets SIGKILL in the middle of its requests, ten times in a row',
  thinkMs: 1_500,
  async inject(context) {
    const kills = context.seconds < KILLS * SECONDS_A_KILL ? SHORT_KILLS : KILLS;
    for (let kill = 0; kill < kills; kill += 1) {
      await pass((context.seconds / kills) * (0.5 + context.random() / 2), context.signal);
      await killOne(context);
    }
  },
};

/** Some of its requests are answered by nobody, so that they would be missed. */
async function killOne(context: FaultContext): Promise<void> {
  await context.tellReceiver({ path: hanging(context), does: 'hang' });
  await pass(HANG_SECONDS, context.signal);
  const worker = takeBusyWorker(context);
  await during(context, { fault: 'worker killed', hits: [worker.name] }, async () => {
    worker.process.kill('SIGKILL');
    await worker.process.ended;
  });
  await context.tellReceiver({ path: hanging(context), does: 'take' });
  context.workers.push(await context.startWorker());
}

function hanging({ paths }: FaultContext): string {
  const [, path = ''] = paths;
  return path;
}

/** The API killed while it answers. */
export const apiKill: Fault = {
  name: 'api-kill',
  summary: 'the API gets SIGKILL in the middle of its requests, and comes back',
  async inject(context) {
    const { installation, seconds, signal, random } = context;
    const times = Math.max(1, Math.floor(seconds / 8));
    for (let time = 0; time < times; time += 1) {
      await pass((seconds / times) * (0.3 + random() / 2), signal);
      await during(context, { fault: 'API killed', hits: [] }, async () => {
        await installation.api.kill();
        await installation.api.startAgain();
      });
    }
  },
};

/**
 * A worker that is stopped until its leases have just ended, and goes on where it stood: it then tells of its old
 * attempts while others make new ones. Receivers think for so long that there are some of both; one had not answered
 * the old ones.
 */
export const workerStop: Fault = {
  name: 'worker-stop',
  summary:
    'a worker gets SIGSTOP for as long as its leases, then SIGCONT, while others make its attempts again',
  thinkMs: 2_500,
  settings: { retry: { strategy: 'fixed', initial_ms: 100, max_retries: 20, jitter: 0 } },
  async inject(context) {
    const { leaseSeconds, signal } = context;
    await pass(SECONDS_A_KILL, signal);
    await context.tellReceiver({ path: hanging(context), does: 'hang' });
    await pass(HANG_SECONDS, signal);
    const worker = takeBusyWorker(context);
    await during(context, { fault: 'worker stopped', hits: [worker.name] }, async () => {
      worker.process.kill('SIGSTOP');
      await context.tellReceiver({ path: hanging(context), does: 'take' });
      await pass(leaseSeconds + OVERSLEPT_SECONDS, signal).finally(() => worker.process.kill('SIGCONT'));
    });
    context.workers.push(worker);
    await pass(SECONDS_A_KILL, signal);
  },
};
