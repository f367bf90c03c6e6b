import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { Webhook } from 'standardwebhooks';
import { createLogger } from '../../src/logger.ts';
import { verifyBody } from '../../src/signature/verify-body.ts';
import { verifyHeader } from '../../src/signature/verify-header.ts';
import { type Database, openDatabase } from '../../src/storage/postgres/database.ts';
import { eventually } from '../support/eventually.ts';
import { type OwnEndpoint, type Posthorn, startPosthorn } from '../support/processes/posthorn.ts';
import { type ReceivedRequest, type Receiver, startReceiver } from '../support/receivers/receiver.ts';

const COUNT = 1_000;
const BATCH = 25;
const SLOW = 60_000;

let posthorn: Posthorn;
let receiver: Receiver;
let database: Database;
let connection: Connection;
let client: Client;

beforeAll(async () => {
  receiver = await startReceiver();
  posthorn = await startPosthorn();
  await posthorn.startWorker();
  const { DATABASE_URL = '', TEMPORAL_ADDRESS = '', TEMPORAL_NAMESPACE = '' } = posthorn.environment;
  database = openDatabase(DATABASE_URL, { logger: createLogger('silent'), maxConnections: 2 });
  connection = Connection.lazy({ address: TEMPORAL_ADDRESS });
  client = new Client({ connection, namespace: TEMPORAL_NAMESPACE });
});
afterAll(async () => {
  await connection.close();
  await database.close();
  await posthorn.stop();
  await receiver.close();
});

/** Which of the two secrets verify a request, by which rule. */
interface Verdict {
  readonly standard: readonly [byOld: boolean, byNew: boolean];
  readonly body: readonly [byOld: boolean, byNew: boolean];
  readonly header: readonly [byOld: boolean, byNew: boolean];
}

const OLD_ONLY: Verdict = { standard: [true, false], body: [true, false], header: [true, false] };
const OVERLAP: Verdict = { standard: [true, true], body: [true, false], header: [true, false] };
const PROMOTED: Verdict = { standard: [true, true], body: [false, true], header: [false, true] };
const NEW_ONLY: Verdict = { standard: [false, true], body: [false, true], header: [false, true] };

function judge({ headers, body }: ReceivedRequest, secrets: readonly [string, string]): Verdict {
  const [old, next] = secrets;
  const standard = (secret: string): boolean => {
    try {
      new Webhook(secret).verify(body, headers as Record<string, string>);
      return true;
    } catch {
      return false;
    }
  };
  const inBody = (secret: string): boolean => verifyBody(body, secret);
  const inHeader = (secret: string): boolean =>
    verifyHeader(body, String(headers['x-webhook-signature']), secret);
  return {
    standard: [standard(old), standard(next)],
    body: [inBody(old), inBody(next)],
    header: [inHeader(old), inHeader(next)],
  };
}

async function act({ id }: OwnEndpoint, action: string): Promise<{ readonly secret: string }> {
  const { status, body } = await posthorn.call('POST', `/v1/endpoints/${id}/secret/${action}`);
  if (status !== 200) throw new Error(`${action} was answered with ${status}`);
  return body as { readonly secret: string };
}

async function endOverlap({ id }: OwnEndpoint): Promise<void> {
  const text =
    'UPDATE endpoint_secrets SET expires_at = clock_timestamp() WHERE endpoint_id = $1 AND expires_at IS NOT NULL';
  await database.pool.query(text, [id]);
}

/** Publishes events with the numbers from `start` on. */
async function publish({ customerId }: OwnEndpoint, start: number, count: number): Promise<void> {
  const events = Array.from({ length: count }, (_, index) => ({
    event: 'job.completed',
    customer_id: customerId,
    data: { number: start + index },
  }));
  expect((await posthorn.call('POST', '/v1/events/batch', { events })).status).toBe(202);
}

function requestsAt(path: string): readonly ReceivedRequest[] {
  return receiver.requests.filter((request) => request.path === path);
}

/** Requests by the number of their event; each came once. */
async function untilArrived(path: string, count: number): Promise<ReadonlyMap<number, ReceivedRequest>> {
  const isThere = () => requestsAt(path).length >= count;
  await eventually(isThere, { timeoutMs: SLOW, intervalMs: 50 });
  return new Map(requestsAt(path).map((request) => [numberOf(request), request]));
}

function numberOf({ body }: ReceivedRequest): number {
  return JSON.parse(body.toString()).data.number;
}

describe('a secret rotated in the middle of 1,000 deliveries', () => {
  it('leaves every one of the overlap good for receivers that know the old one only, or the new one only', async () => {
    const path = '/many';
    const endpoint = await posthorn.endpoint({ url: receiver.url + path });
    let published = 0;
    let rotatedAt = 0;
    const rotate = async (): Promise<string> => {
      await untilArrived(path, COUNT / 4);
      const { secret } = await act(endpoint, 'rotate');
      rotatedAt = published;
      return secret;
    };
    const publishAll = async (): Promise<void> => {
      for (; published < COUNT; published += BATCH) {
        if (published === COUNT / 2) await rotating;
        await publish(endpoint, published, BATCH);
      }
    };
    const rotating = rotate();
    await publishAll();
    const secrets = [endpoint.secret, await rotating] as const;
    const arrived = await untilArrived(path, COUNT);
    expect(arrived.size).toBe(COUNT);
    expect(rotatedAt).toBeGreaterThan(0);

    const verdicts = [...arrived].map(([number, request]) => [number, judge(request, secrets)] as const);
    const inOverlap = verdicts.filter(([, { standard }]) => standard[1]);
    expect(inOverlap.length).toBeGreaterThanOrEqual(COUNT / 2);
    expect(inOverlap.length).toBeLessThan(COUNT);
    for (const [number, verdict] of verdicts) {
      const isAfter = number >= rotatedAt + BATCH;
      expect([number, verdict]).toEqual([number, isAfter || verdict.standard[1] ? OVERLAP : OLD_ONLY]);
    }

    await act(endpoint, 'promote');
    await publish(endpoint, COUNT, BATCH);
    const promoted = await untilArrived(path, COUNT + BATCH);
    await endOverlap(endpoint);
    await publish(endpoint, COUNT + BATCH, BATCH);
    const ended = await untilArrived(path, COUNT + 2 * BATCH);
    for (let index = 0; index < BATCH; index += 1) {
      const during = promoted.get(COUNT + index);
      const after = ended.get(COUNT + BATCH + index);
      if (during === undefined || after === undefined) throw new Error(`number ${index} did not come`);
      expect(judge(during, secrets)).toEqual(PROMOTED);
      expect(judge(after, secrets)).toEqual(NEW_ONLY);
    }
  });
});

describe('a secret rotated in mid-retry', () => {
  it('has the retry signed with both in the overlap, and with the new one only afterwards', async () => {
    const path = '/retried';
    const retry = { strategy: 'schedule', delays_ms: [100, 100], jitter: 0 };
    const endpoint = await posthorn.endpoint({ url: receiver.url + path, retry });
    let next = '';
    receiver.answerWith(async (request) => {
      if (request.path !== path) return {};
      const attempt = request.headers['x-webhook-attempt'];
      if (attempt === '1') next = (await act(endpoint, 'rotate')).secret;
      if (attempt === '2') await endOverlap(endpoint);
      return { status: attempt === '3' ? 204 : 503 };
    });
    const eventId = await endpoint.publish();
    const { id } = await posthorn.untilStatus(eventId, 'delivered');
    const verdicts = requestsAt(path).map((request) => judge(request, [endpoint.secret, next]));
    expect(verdicts).toEqual([OLD_ONLY, OVERLAP, NEW_ONLY]);
    receiver.answerWith({});

    const delivery = JSON.stringify(await posthorn.deliveryOf(eventId));
    const told = `${await historyOf(id)}${posthorn.api().output()}${delivery}`;
    for (const secret of [endpoint.secret, next]) expect(told).not.toContain(secret.slice('whsec_'.length));
  });

  it('has a test of the endpoint signed with both, too', async () => {
    const path = '/tested';
    const endpoint = await posthorn.endpoint({ url: receiver.url + path });
    const { secret } = await act(endpoint, 'rotate');
    expect((await posthorn.call('POST', `/v1/endpoints/${endpoint.id}/test`)).status).toBe(200);
    const [request] = requestsAt(path);
    if (request === undefined) throw new Error('no test came');
    expect(judge(request, [endpoint.secret, secret])).toEqual(OVERLAP);
  });
});

/** Everything that Temporal keeps of a delivery's run, payloads as text. */
async function historyOf(deliveryId: string): Promise<string> {
  const history = await client.workflow.getHandle(deliveryId).fetchHistory();
  return JSON.stringify(history, (_key, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
  );
}
