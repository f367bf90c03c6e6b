import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readHostPaths } from '../../../src/config.ts';
import { findTemporalCli } from '../../../src/main/servers/download/find-server.ts';
import { eventually } from '../../support/eventually.ts';
import { type OwnEndpoint, type Posthorn, startPosthorn } from '../../support/processes/posthorn.ts';
import type { RunningProcess } from '../../support/processes/processes.ts';
import { type Receiver, startReceiver } from '../../support/receivers/receiver.ts';
import { createRainbow, type Rainbow } from '../../support/temporal/rainbow.ts';

const SLOW = 180_000;
const NONDETERMINISM = /nondetermin|TMPRL1100/i;

let posthorn: Posthorn;
let receiver: Receiver;
let rainbow: Rainbow;
const workers: RunningProcess[] = [];

beforeAll(async () => {
  receiver = await startReceiver(({ path }, requests) => ({
    status:
      path === '/once' && requests.filter((request) => request.path === '/once').length === 1 ? 503 : 204,
  }));
  posthorn = await startPosthorn();
  const { TEMPORAL_ADDRESS: address = '', TEMPORAL_NAMESPACE: namespace = '' } = posthorn.environment;
  const cli = await findTemporalCli(readHostPaths());
  rainbow = createRainbow(posthorn.processes, { cli, address, namespace, sharePercent: 20, watchSeconds: 1 });
});
afterAll(async () => {
  await posthorn.stop();
  await receiver.close();
});

async function startBuild(buildId: string): Promise<RunningProcess> {
  const worker = await posthorn.startWorker({ POSTHORN_BUILD_ID: buildId });
  workers.push(worker);
  return worker;
}

async function flood({ customerId }: OwnEndpoint, count: number): Promise<void> {
  const events = Array.from({ length: count }, (_, index) => ({
    event: 'job.completed',
    customer_id: customerId,
    data: { job_id: `j${index}` },
  }));
  expect((await posthorn.call('POST', '/v1/events/batch', { events })).status).toBe(202);
}

describe('rainbow.sh', () => {
  it(
    'moves deliveries in every state to another build and back, and loses none',
    async () => {
      const first = await startBuild('one');
      await rainbow.deploy('one');
      const well = await posthorn.endpoint({ url: `${receiver.url}/well` });
      const paused = await posthorn.endpoint({ url: `${receiver.url}/paused` });
      const failing = await posthorn.endpoint({
        url: `${receiver.url}/once`,
        retry: { strategy: 'fixed', initial_ms: 15_000, max_retries: 3, jitter: 0 },
      });
      await posthorn.call('POST', `/v1/endpoints/${paused.id}/pause`, {});
      const held = await paused.publish();
      const retrying = await failing.publish();
      await posthorn.untilStatus(retrying, 'retrying');
      await flood(well, 200);

      const second = await startBuild('two');
      await rainbow.deploy('two');
      await flood(well, 200);
      await eventually(async () => (await rainbow.openIn('one')) === 0, {
        timeoutMs: 60_000,
        intervalMs: 500,
      });
      expect(await first.stop()).toBe('code 0');
      await posthorn.untilStatus(retrying, 'delivered');

      await startBuild('one');
      await rainbow.deploy('one');
      await flood(well, 200);
      await posthorn.call('POST', `/v1/endpoints/${paused.id}/resume`, {});
      await posthorn.untilStatus(held, 'delivered');
      await receiver.waitForCount(600 + 1 + 2);
      expect(await second.stop()).toBe('code 0');
      expect(workers.filter((worker) => NONDETERMINISM.test(worker.output()))).toEqual([]);
    },
    SLOW,
  );
});
