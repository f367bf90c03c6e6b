import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  addToOutbox,
  drainOutbox,
  JsonText,
  OUTBOX_TABLE,
  type OutboxStore,
  Posthorn,
  PosthornUnreachable,
  postgresOutbox,
} from '../../../clients/typescript/index.ts';
import { type ApiUnderTest, startApi } from '../../support/api/api.ts';
import { startUnreliableProxy } from '../../support/receivers/unreliable-proxy.ts';
import { countEventsOf } from '../../support/rows/counts.ts';
import { listRefusals } from '../../support/rows/outbox.ts';

const EVENTS = 1_000;

let api: ApiUnderTest;
beforeAll(async () => {
  api = await startApi();
  await api.database.pool.query(OUTBOX_TABLE);
});
afterAll(async () => await api.close());

describe('drainOutbox', () => {
  it('ends with exactly what was put in, whatever the network does and wherever the producer dies', async () => {
    const { pool } = api.database;
    for (let n = 0; n < EVENTS; n += 1) await addToOutbox(pool, eventOf('acme', `job_${n}`));
    const proxy = await startUnreliableProxy(api.url, { seed: 11, percentUndisturbed: 25 });
    let starts = 0;
    let deaths = 0;
    for (let isDone = false; !isDone; starts += 1) {
      // A producer that starts anew has nothing but its outbox.
      const store = diesNowAndThen(postgresOutbox(pool), starts, () => (deaths += 1));
      const posthorn = new Posthorn({ url: proxy.url, key: api.adminKey, maxRetries: 1, maxDelayMs: 1 });
      isDone = await drainOutbox(posthorn, store, { batchSize: 20 }).then(
        () => true,
        () => false,
      );
    }
    await proxy.close();
    expect(starts).toBeGreaterThan(5);
    expect(deaths).toBeGreaterThan(0);
    expect(proxy.happened.cut).toBeGreaterThan(0);
    expect(await countEventsOf(pool, 'acme')).toBe(EVENTS);
    expect(await countWaiting()).toBe(0);
  });

  it('sets aside what is refused as it is, and publishes the others', async () => {
    const { pool } = api.database;
    await addToOutbox(pool, eventOf('set-aside', 'job_1'));
    await addToOutbox(pool, { ...eventOf('set-aside', 'job_2'), event: 'no.such' });
    await addToOutbox(pool, {
      ...eventOf('set-aside', ''),
      data: new JsonText('{"id":9223372036854775807}'),
    });
    const posthorn = new Posthorn({ url: api.url, key: api.adminKey });
    expect(await drainOutbox(posthorn, postgresOutbox(pool))).toEqual({ published: 2, refused: 1 });
    expect(await listRefusals(pool)).toEqual([expect.stringMatching(/^unknown_event_type: /)]);
    const listed = await api.operator('GET', '/v1/events?customer_id=set-aside');
    const texts = await Promise.all(listed.body.items.map(({ id }) => textOf(id)));
    expect(texts.some((text) => text.includes('"data":{"id":9223372036854775807}'))).toBe(true);
  });

  it('sets nothing aside for a key that may not publish, or while Posthorn is away', async () => {
    await addToOutbox(api.database.pool, eventOf('later', 'job_1'));
    const store = postgresOutbox(api.database.pool);
    const stranger = new Posthorn({ url: api.url, key: 'phk_wrong' });
    await expect(drainOutbox(stranger, store)).rejects.toMatchObject({ status: 401 });
    const nowhere = new Posthorn({ url: 'http://127.0.0.1:1', key: 'x', maxRetries: 0 });
    await expect(drainOutbox(nowhere, store)).rejects.toThrow(PosthornUnreachable);
    expect(await countWaiting()).toBe(1);
  });
});

/** A store whose producer dies after the API has committed and before the outbox knows, at every third start. */
function diesNowAndThen(store: OutboxStore, start: number, onDeath: () => void): OutboxStore {
  return {
    ...store,
    async published(ids) {
      if (start % 3 !== 0) return await store.published(ids);
      onDeath();
      throw new Error('the producer died');
    },
  };
}

function eventOf(customer: string, job: string) {
  return { event: 'job.completed', customer_id: customer, data: { job_id: job } };
}

async function countWaiting(): Promise<number> {
  return (await postgresOutbox(api.database.pool).next(EVENTS)).length;
}

async function textOf(id: string): Promise<string> {
  const headers = { Authorization: `Bearer ${api.adminKey}` };
  return await (await fetch(`${api.url}/v1/events/${id}`, { headers })).text();
}
