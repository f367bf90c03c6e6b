import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createApiServer } from '../../../../src/api/create-api-server.ts';
import { RequestCounter } from '../../../../src/storage/access/request-counter.ts';
import { type ApiUnderTest, startApi } from '../../../support/api/api.ts';
import { insertKey } from '../../../support/api/api-key.ts';
import { eventually } from '../../../support/eventually.ts';
import { hasWindow, insertOldWindow, windowNow } from '../../../support/rows/keys.ts';
import { countRows } from '../../../support/rows/tables.ts';

const environment = { POSTHORN_RATE_LIMIT_PER_KEY: '5', POSTHORN_RATE_LIMIT_PER_CUSTOMER: '8' };

let api: ApiUnderTest;
beforeAll(async () => {
  api = await startApi({ environment });
});
afterAll(async () => await api.close());

describe('RateLimiter', () => {
  it('counts each key down, refuses beyond, and says when to come again', async () => {
    const answers = await inOneWindow(async () => {
      const { key } = await insertKey(api.database, { customerId: `one-${crypto.randomUUID()}` });
      return await times(6, () => ask(key));
    });
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 429]);
    expect(answers[0]?.headers.get('ratelimit-policy')).toBe('"key";q=5;w=60, "customer";q=8;w=60');
    expect(answers[0]?.headers.get('ratelimit')).toMatch(/^"key";r=4;t=\d+, "customer";r=7;t=\d+$/);
    const last = answers[5];
    expect(last?.headers.get('ratelimit')).toMatch(/^"key";r=0;t=\d+$/);
    expect(last?.headers.get('retry-after')).toMatch(/^([1-9]|[1-5]\d|60)$/);
    expect(last?.headers.get('content-type')).toContain('application/problem+json');
    expect(await last?.json()).toMatchObject({ status: 429, code: 'rate_limited' });
  });

  it('counts all keys of a customer together, and not what a key was refused', async () => {
    const answers = await inOneWindow(async () => {
      const customerId = `two-${crypto.randomUUID()}`;
      const [first, second] = [
        await insertKey(api.database, { customerId }),
        await insertKey(api.database, { customerId }),
      ];
      return [...(await times(7, () => ask(first.key))), ...(await times(4, () => ask(second.key)))];
    });
    const statuses = answers.map(({ status }) => status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 429, 200, 200, 200, 429]);
    expect(answers.at(-1)?.headers.get('ratelimit')).toMatch(/^"key";r=1;t=\d+, "customer";r=0;t=\d+$/);
  });

  it('leaves the operator alone, and strangers uncounted', async () => {
    for (const answer of await times(10, () => ask(api.adminKey))) {
      expect([answer.status, answer.headers.get('ratelimit')]).toEqual([200, null]);
    }
    const { key } = await insertKey(api.database, { customerId: null });
    expect((await times(10, () => ask(key))).every(({ status }) => status === 200)).toBe(true);
    expect((await ask('phk_unknown')).headers.get('ratelimit')).toBeNull();
  });

  it('is not there unless it is configured', async () => {
    const own = await startApi();
    const { key } = await insertKey(own.database);
    const headers = { Authorization: `Bearer ${key}` };
    const answer = await fetch(`${own.url}/v1/events`, { headers });
    expect(answer.headers.get('ratelimit')).toBeNull();
    expect(await countRows(own.database.pool, 'rate_limit_windows')).toBe(0);
    await own.close();
  });

  it('tells the customer at 80 and 100 percent, once a window, however many replicas notice', async () => {
    const replica = await replicaOf(api);
    const customerId = await inOneWindow(async () => {
      const name = `three-${crypto.randomUUID()}`;
      const { key } = await insertKey(api.database, { customerId: name });
      await Promise.all([...Array(6)].flatMap(() => [ask(key), ask(key, replica.url)]));
      return name;
    });
    await replica.close();
    const list = `/v1/events?customer_id=${customerId}`;
    await eventually(async () => (await api.operator('GET', list)).body.items.length === 2);
    const events = await Promise.all(
      (await api.operator('GET', list)).body.items.map(async ({ id }) => {
        return (await api.operator('GET', `/v1/events/${id}`)).body;
      }),
    );
    expect(events.map(({ event, data }) => [event, toPercent(data)]).sort()).toEqual([
      ['api.rate_limit', 100],
      ['api.rate_limit', 80],
    ]);
    expect(events[0]?.data).toMatchObject({
      customer_id: customerId,
      limit: 5,
      used: expect.any(Number),
      window_seconds: 60,
      resets_at: expect.stringMatching(/:00\.000Z$/),
    });
  });
});

describe('RequestCounter', () => {
  it('gives every request a number of its own, over all replicas', async () => {
    const counters = [new RequestCounter(api.database), new RequestCounter(api.database)];
    const used = await inOneWindow(async () => {
      const subject = `key:${crypto.randomUUID()}`;
      const counted = await Promise.all(
        Array.from({ length: 100 }, async (_, index) => await counters[index % 2]?.count(subject)),
      );
      return counted.map((one) => one?.used ?? 0);
    });
    expect(used.sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
  });

  it('forgets windows that are long over', async () => {
    const { pool } = api.database;
    await insertOldWindow(pool, 'old');
    await new RequestCounter(api.database).forgetOld();
    expect(await hasWindow(pool, 'old')).toBe(false);
  });
});

async function ask(key: string, url = api.url): Promise<Response> {
  return await fetch(`${url}/v1/event-types`, { headers: { Authorization: `Bearer ${key}` } });
}

async function times<T>(count: number, act: () => Promise<T>): Promise<readonly T[]> {
  const results: T[] = [];
  while (results.length < count) results.push(await act());
  return results;
}

/** Acts again where a window ended meanwhile; the act uses keys of its own each time. */
async function inOneWindow<T>(act: () => Promise<T>): Promise<T> {
  for (;;) {
    const before = await windowNow(api.database.pool);
    const result = await act();
    if ((await windowNow(api.database.pool)) === before) return result;
  }
}

function toPercent(data: unknown): unknown {
  return (data as { readonly threshold_percent?: unknown }).threshold_percent;
}

async function replicaOf({ dependencies }: ApiUnderTest) {
  const server = await createApiServer(dependencies);
  const { port } = await server.listen('127.0.0.1', 0);
  return { url: `http://127.0.0.1:${port}`, close: async () => await server.close() };
}
