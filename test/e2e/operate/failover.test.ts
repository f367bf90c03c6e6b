import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Link, startLink } from '../../../bench/stage/link.ts';
import { eventually } from '../../support/eventually.ts';
import { startPairOfTest } from '../../support/postgres/pair-of-test.ts';
import { failOver, type Pair, portOf } from '../../support/postgres/standby.ts';
import { type Posthorn, startPosthorn } from '../../support/processes/posthorn.ts';
import { type Receiver, startReceiver } from '../../support/receivers/receiver.ts';
import { countKnownEvents } from '../../support/rows/counts.ts';

const SLOW = 180_000;
const PUBLISHES = 300;
const PACE_MS = 15;

let pair: Pair;
let link: Link;
let posthorn: Posthorn;
let receiver: Receiver;

beforeAll(async () => {
  pair = await startPairOfTest();
  link = await startLink(portOf(pair.primary.url));
  receiver = await startReceiver();
  const url = new URL(pair.primary.url);
  url.port = String(link.port);
  posthorn = await startPosthorn({ databaseUrl: url.href, environment: { POSTHORN_TIMING: 'test' } });
  await posthorn.startWorker();
}, SLOW);
afterAll(async () => {
  await posthorn.stop();
  await link.close();
  await receiver.close();
  await pair.standby.stop();
});

describe('a Postgres whose commits wait for a standby', () => {
  it(
    'loses nothing that was acknowledged where its primary dies under load',
    async () => {
      const { customerId } = await posthorn.endpoint({ url: `${receiver.url}/hook`, timeout_ms: 5_000 });
      const acknowledged: string[] = [];
      const publish = async (): Promise<void> => {
        const event = { event: 'job.completed', customer_id: customerId, data: { job_id: 'j1' } };
        const { status, body } = await posthorn.call('POST', '/v1/events', event);
        if (status === 202) acknowledged.push((body as { id: string }).id);
      };
      const publishes: Promise<void>[] = [];
      let failing: Promise<void> = Promise.resolve();
      for (let index = 0; index < PUBLISHES; index += 1) {
        if (index === PUBLISHES / 2) failing = failOver(pair, link);
        publishes.push(publish().catch(() => undefined));
        await sleep(PACE_MS);
      }
      await failing;
      await Promise.all(publishes);
      await eventually(async () => {
        await publish();
        return acknowledged.length > PUBLISHES / 2 - 20;
      });
      await eventually(
        () => {
          const received = new Set(receiver.requests.map(({ headers }) => headers['x-webhook-event-id']));
          return acknowledged.every((id) => received.has(id));
        },
        { timeoutMs: 90_000 },
      );
      expect(await countKnownEvents(pair.standby.url, acknowledged)).toBe(acknowledged.length);
    },
    SLOW,
  );
});
