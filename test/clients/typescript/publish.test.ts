import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  JsonText,
  Posthorn,
  PosthornProblem,
  PosthornUnreachable,
} from '../../../clients/typescript/index.ts';
import { type ApiUnderTest, startApi } from '../../support/api/api.ts';
import { startUnreliableProxy, type UnreliableProxy } from '../../support/receivers/unreliable-proxy.ts';
import { countEvents } from '../../support/rows/counts.ts';

const EVENT = { event: 'job.completed', customer_id: 'acme', data: { job_id: 'job_7' } };

let api: ApiUnderTest;
let proxy: UnreliableProxy;
beforeAll(async () => {
  api = await startApi();
  proxy = await startUnreliableProxy(api.url, { seed: 7, percentUndisturbed: 30 });
});
afterAll(async () => {
  await proxy.close();
  await api.close();
});

describe('Posthorn.publish', () => {
  it('publishes an event', async () => {
    const accepted = await client().publish(EVENT, { idempotencyKey: 'job_7-completed' });
    expect(accepted).toMatchObject({ event: 'job.completed', customer_id: 'acme', deliveries: 0 });
    const again = await client().publish(EVENT, { idempotencyKey: 'job_7-completed' });
    expect(again.id).toBe(accepted.id);
  });

  it('makes one event of one call, whatever the network does', async () => {
    const before = await countEvents(api.database.pool);
    const posthorn = client({ url: proxy.url, maxRetries: 30, maxDelayMs: 1 });
    for (let n = 0; n < 50; n += 1) await posthorn.publish({ ...EVENT, data: { job_id: `job_${n}` } });
    expect((await countEvents(api.database.pool)) - before).toBe(50);
    expect(Object.values(proxy.happened).every((count) => count > 0)).toBe(true);
  });

  it('sends JSON as it is written', async () => {
    const text = '{"id":9223372036854775807,"rate":1.0,"note":"json-text-0"}';
    const { id } = await client().publish({ ...EVENT, data: new JsonText(text) });
    const response = await fetch(`${api.url}/v1/events/${id}`, {
      headers: { Authorization: `Bearer ${api.adminKey}` },
    });
    expect(await response.text()).toContain(`"data":${text}`);
  });

  it('throws what the API refuses, with every fault', async () => {
    const refused = client().publish({ event: 'no.such', data: {} });
    await expect(refused).rejects.toThrow(PosthornProblem);
    await expect(refused).rejects.toMatchObject({
      status: 422,
      errors: [{ pointer: '#/event', code: 'unknown_event_type' }, { pointer: '#/customer_id' }],
      requestId: expect.stringMatching(/./),
    });
    await expect(client({ key: 'phk_wrong' }).publish(EVENT)).rejects.toMatchObject({ code: 'key_unknown' });
  });

  it('gives up where nobody answers, after the retries it may', async () => {
    let tries = 0;
    const countingFetch = async (request: Request): Promise<Response> => {
      tries += 1;
      return await fetch(request);
    };
    const nowhere = client({ url: 'http://127.0.0.1:1', maxRetries: 2, maxDelayMs: 1, fetch: countingFetch });
    await expect(nowhere.publish(EVENT)).rejects.toThrow(PosthornUnreachable);
    expect(tries).toBe(3);
  });

  it('repeats no request that would be carried out twice', async () => {
    let tries = 0;
    const failing = async (): Promise<Response> => {
      tries += 1;
      throw new Error('the network is away');
    };
    const posthorn = client({ fetch: failing, maxDelayMs: 1 });
    const creation = posthorn.api.POST('/v1/api-keys', { body: { customer_id: 'acme', name: '' } });
    await expect(creation).rejects.toThrow(PosthornUnreachable);
    expect(tries).toBe(1);
  });
});

describe('Posthorn.publishBatch', () => {
  it('publishes more than a batch has, in order, once', async () => {
    const events = Array.from({ length: 1_500 }, (_, n) => ({
      ...EVENT,
      customer_id: 'many',
      data: { job_id: `job_${n}` },
      idempotency_key: `many-${n}`,
    }));
    const accepted = await client().publishBatch(events);
    expect(new Set(accepted.map(({ id }) => id)).size).toBe(1_500);
    expect(await client().publishBatch(events)).toEqual(accepted);
    const listed = client().list('/v1/events', { query: { customer_id: 'many' } });
    const ids: string[] = [];
    for await (const { id } of listed) ids.push(id);
    expect(ids.sort()).toEqual(accepted.map(({ id }) => id).sort());
  });
});

function client(options: Partial<ConstructorParameters<typeof Posthorn>[0]> = {}): Posthorn {
  return new Posthorn({ url: api.url, key: api.adminKey, ...options });
}
