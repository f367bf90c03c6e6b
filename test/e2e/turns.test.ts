import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLogger } from '../../src/logger.ts';
import { type Database, openDatabase } from '../../src/storage/postgres/database.ts';
import { eventually } from '../support/eventually.ts';
import { type OwnEndpoint, type Posthorn, startPosthorn } from '../support/processes/posthorn.ts';
import { gateAnswer } from '../support/receivers/gated-answer.ts';
import { type Receiver, startReceiver } from '../support/receivers/receiver.ts';

const SLOW = 90_000;
const PLACES = 40;
/** A tenth is kept from endpoints that have not answered yet. */
const PLACES_OF_UNPROVEN = 36;
const HANGING = 50;
/** Of those that come at once after a quiet time the first have workflows of their own. */
const MOST_OWN_RUNS = 3;

let posthorn: Posthorn;
let receiver: Receiver;
let database: Database;

beforeAll(async () => {
  receiver = await startReceiver();
  posthorn = await startPosthorn();
  database = openDatabase(posthorn.environment.DATABASE_URL ?? '', {
    logger: createLogger('silent'),
    maxConnections: 2,
  });
  await posthorn.startWorker({ POSTHORN_MAX_IN_FLIGHT: String(PLACES) });
});
afterAll(async () => {
  await posthorn.stop();
  await database.close();
  await receiver.close();
});

async function endpointAt(path: string): Promise<OwnEndpoint> {
  return await posthorn.endpoint({ url: `${receiver.url}${path}`, timeout_ms: 120_000 });
}

async function flood(endpoints: readonly OwnEndpoint[], count: number): Promise<void> {
  const events = endpoints.flatMap(({ customerId }) =>
    Array.from({ length: count }, (_, index) => ({
      event: 'job.completed',
      customer_id: customerId,
      data: { job_id: `j${index}` },
    })),
  );
  expect((await posthorn.call('POST', '/v1/events/batch', { events })).status).toBe(202);
}

async function countOf(endpoints: readonly OwnEndpoint[], condition: string): Promise<number> {
  const { rows } = await database.pool.query<{ count: number }>(
    `SELECT count(*)::integer AS count FROM deliveries WHERE endpoint_id = ANY($1) AND ${condition}`,
    [endpoints.map(({ id }) => id)],
  );
  return rows[0]?.count ?? 0;
}

async function untilDelivered(endpoints: readonly OwnEndpoint[], count: number): Promise<void> {
  const isThere = async () => (await countOf(endpoints, "status = 'delivered'")) === count;
  await eventually(isThere, { timeoutMs: SLOW, intervalMs: 100 });
}

function requestsAt(path: string): number {
  return receiver.requests.filter((request) => request.path === path).length;
}

describe('a worker whose places are few', () => {
  it(
    'has those of an endpoint that answers while more hang than there are places, and touches nothing of those',
    async () => {
      const healthy = await endpointAt('/healthy');
      await flood([healthy], 60);
      await untilDelivered([healthy], 60);
      const { answer, release } = gateAnswer();
      receiver.answerWith(({ path }) => (path === '/hanging' ? answer() : {}));
      const hanging = await Promise.all(
        Array.from({ length: HANGING }, async () => await endpointAt('/hanging')),
      );
      await flood(hanging, 4);
      await eventually(() => requestsAt('/hanging') >= PLACES_OF_UNPROVEN, { timeoutMs: SLOW });
      await flood([healthy], 100);
      await untilDelivered([healthy], 160);
      const [all, begun] = [HANGING * 4, requestsAt('/hanging')];
      expect(begun).toBeLessThanOrEqual(PLACES_OF_UNPROVEN + MOST_OWN_RUNS);
      const untouched = "status = 'queued' AND attempts_made = 0 AND owner IS NULL AND wave_at = due_at";
      expect(await countOf(hanging, untouched)).toBe(all - begun);
      release();
      await untilDelivered(hanging, all);
      expect(requestsAt('/hanging')).toBe(all);
    },
    SLOW,
  );

  it(
    'sends what one customer has before the backlog that another published earlier',
    async () => {
      const [busy, other] = [await endpointAt('/busy'), await endpointAt('/other')];
      const { answer, release } = gateAnswer();
      receiver.answerWith(({ path }) => (path === '/busy' ? answer() : {}));
      await flood([busy], 800);
      await receiver.waitFor(({ path }) => path === '/busy');
      await flood([other], 20);
      await untilDelivered([other], 20);
      expect(await countOf([busy], 'attempts_made = 0')).toBeGreaterThan(700);
      release();
      await untilDelivered([busy], 800);
      expect(requestsAt('/busy')).toBe(800);
    },
    SLOW,
  );
});
