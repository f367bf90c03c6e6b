import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Link, startLink } from '../../../bench/stage/link.ts';
import { eventually } from '../../support/eventually.ts';
import { startPairOfTest } from '../../support/postgres/pair-of-test.ts';
import { failOver, type Pair, portOf } from '../../support/postgres/standby.ts';
import { type OwnEndpoint, type Posthorn, startPosthorn } from '../../support/processes/posthorn.ts';
import { type Receiver, startReceiver } from '../../support/receivers/receiver.ts';
import { countKnownEvents } from '../../support/rows/counts.ts';

const SLOW = 180_000;
const PUBLISHES = 20;

let pair: Pair;
let replication: Link;
let link: Link;
let posthorn: Posthorn;
let receiver: Receiver;

beforeAll(async () => {
  pair = await startPairOfTest({
    asynchronousBy: async (port) => {
      replication = await startLink(port);
      return replication.port;
    },
  });
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
  await replication.close();
  await receiver.close();
  await pair.standby.stop();
});

async function publish({ publish: one }: OwnEndpoint): Promise<readonly string[]> {
  return await Promise.all(Array.from({ length: PUBLISHES }, async () => await one()));
}

/** How often each of these events was received, by its delivery. */
function receivedOf(ids: readonly string[]): readonly (readonly unknown[])[] {
  return ids.map((id) =>
    receiver.requests
      .filter(({ headers }) => headers['x-webhook-event-id'] === id)
      .map(({ headers }) => headers['webhook-id']),
  );
}

describe('a Postgres whose commits do not wait for its standby', () => {
  it(
    'loses what the standby had not received, sends again what it had not heard the end of, and nothing else',
    async () => {
      const endpoint = await posthorn.endpoint({ url: `${receiver.url}/hook`, timeout_ms: 10_000 });
      const early = await publish(endpoint);
      await receiver.waitForCount(PUBLISHES);
      await eventually(async () => (await countKnownEvents(pair.standby.url, early)) === PUBLISHES);
      receiver.answerWith({ delayMs: 3_000 });
      const open = await publish(endpoint);
      await eventually(async () => (await countKnownEvents(pair.standby.url, open)) === PUBLISHES);
      replication.become({ kind: 'silent' });
      receiver.answerWith({});
      const late = await publish(endpoint);
      for (const id of [...open, ...late]) await posthorn.untilStatus(id, 'delivered');

      await failOver(pair, link);
      const after = await eventually(async () => await publish(endpoint).catch(() => null), {
        timeoutMs: 60_000,
      });
      for (const id of after) await posthorn.untilStatus(id, 'delivered', 90_000);
      for (const id of open) await posthorn.untilStatus(id, 'delivered', 90_000);

      expect(await countKnownEvents(pair.standby.url, late)).toBe(0);
      expect(await countKnownEvents(pair.standby.url, [...early, ...open, ...after])).toBe(3 * PUBLISHES);
      expect(receivedOf(early).every((deliveries) => deliveries.length === 1)).toBe(true);
      for (const deliveries of receivedOf(open)) {
        expect(deliveries.length).toBe(2);
        expect(new Set(deliveries).size).toBe(1);
      }
    },
    SLOW,
  );
});
