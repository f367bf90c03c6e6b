import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PRODUCTION_TIMING } from '../../../src/domain/timing.ts';
import { createLogger } from '../../../src/logger.ts';
import { type Database, openDatabase } from '../../../src/storage/postgres/database.ts';
import { eventually } from '../../support/eventually.ts';
import { type OwnEndpoint, type Posthorn, startPosthorn } from '../../support/processes/posthorn.ts';
import { type Receiver, startReceiver } from '../../support/receivers/receiver.ts';

const SLOW = 180_000;
/** Fast enough that deliveries go by waves. */
const PACE_MS = 25;
const PUBLISHES = 300;
/** What it had claimed is sent again only once its lease has ended. */
const MOST_WITH_THE_DEAD = 60;

let posthorn: Posthorn;
let receiver: Receiver;
let database: Database;
let endpoint: OwnEndpoint;

beforeAll(async () => {
  receiver = await startReceiver();
  posthorn = await startPosthorn();
  database = openDatabase(posthorn.environment.DATABASE_URL ?? '', {
    logger: createLogger('silent'),
    maxConnections: 1,
  });
  endpoint = await posthorn.endpoint({ url: `${receiver.url}/hook` });
});
afterAll(async () => {
  await posthorn.stop();
  await database.close();
  await receiver.close();
});

async function isRolling(): Promise<boolean> {
  return (await database.pool.query('SELECT FROM waves WHERE is_rolling')).rowCount !== 0;
}

/** Publishes at an even pace, and calls `atMiddle` once in between. */
async function publishEvenly(atMiddle: () => void): Promise<void> {
  const publishes: Promise<string>[] = [];
  for (let index = 0; index < PUBLISHES; index += 1) {
    if (index === PUBLISHES / 2) atMiddle();
    publishes.push(endpoint.publish());
    await sleep(PACE_MS);
  }
  await Promise.all(publishes);
}

describe('a worker that drains', () => {
  it.each(['SIGKILL', 'SIGSTOP'] as const)(
    'is stood in for before Temporal notices that it got %s',
    async (signal) => {
      const drains = await posthorn.startWorker();
      await publishEvenly(() => {});
      await eventually(isRolling);
      const standsIn = await posthorn.startWorker();
      const before = receiver.requests.length;
      await publishEvenly(() => drains.kill(signal));
      await receiver.waitForCount(before + PUBLISHES - MOST_WITH_THE_DEAD);
      const arrivals = receiver.requests.slice(before).map(({ arrivedAt }) => arrivedAt);
      const gaps = arrivals.slice(1).map((at, index) => at - (arrivals[index] ?? at));
      expect(Math.max(...gaps)).toBeLessThan(PRODUCTION_TIMING.drainSilenceMs);
      process.stderr.write(`longest silence after ${signal}: ${Math.max(...gaps)} ms\n`);
      for (const worker of [drains, standsIn]) worker.kill('SIGKILL');
    },
    SLOW,
  );
});
