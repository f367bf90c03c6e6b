import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createApiServer } from '../../../src/api/create-api-server.ts';
import { newId } from '../../../src/new-id.ts';
import { type ApiUnderTest, startApi } from '../../support/api/api.ts';
import { insertKey } from '../../support/api/api-key.ts';
import { type OpenStream, openStream } from '../../support/api/stream.ts';
import { eventually } from '../../support/eventually.ts';
import { forgetOutcomes } from '../../support/rows/clock.ts';
import { insertOutcome } from '../../support/storage/rows.ts';

const PATH = '/v1/deliveries/stream';

let api: ApiUnderTest;
const opened: OpenStream[] = [];
beforeAll(async () => {
  api = await startApi();
});
afterAll(async () => {
  for (const stream of opened) stream.close();
  await api.close();
});

describe('the stream of deliveries', () => {
  it('tells attempts and ends as they are committed', async () => {
    const stream = await open();
    expect(stream.headers.get('Content-Type')).toBe('text/event-stream');
    expect(stream.headers.get('X-Accel-Buffering')).toBe('no');
    const failed = await happen({ became: null, status_code: 503, error_code: 'http_503' });
    const delivered = await happen({});
    await eventually(() => idsOf(stream).length === 2);
    expect(stream.messages.map(({ event }) => event)).toEqual(['outcome', 'outcome']);
    expect(dataOf(stream)).toMatchObject([
      {
        delivery_id: failed,
        status: 'open',
        attempt: 1,
        status_code: 503,
        error_code: 'http_503',
        advice: expect.any(String),
      },
      { delivery_id: delivered, status: 'delivered', attempt: 1, status_code: 200, error_code: null },
    ]);
  });

  it.each([
    ['customer_id=acme', { customer_id: 'acme' }, { customer_id: 'globex' }],
    ['endpoint_id=ep_00000000000000000000000001', { endpoint_id: 'ep_00000000000000000000000001' }, {}],
    ['event=job.failed', { event: 'job.failed' }, {}],
    ['status=dead,open', { became: null }, {}],
    ['error_code=timeout', { became: 'dead', error_code: 'timeout' }, { became: 'dead' }],
  ])('tells of %s only what is asked for', async (query, wanted, other) => {
    const stream = await open({ query });
    const before = await happen(wanted);
    await happen(other);
    const after = await happen(wanted);
    await eventually(() => idsOf(stream).length === 2);
    expect(idsOf(stream)).toEqual([before, after]);
  });

  it('goes on after the last message that arrived, on whichever replica', async () => {
    const first = await open();
    await happen({});
    const { id: lastEventId } = await eventually(() => first.messages[0]);
    first.close();
    const meanwhile = [await happen({}), await happen({}), await happen({})];
    const replica = await createApiServer(api.dependencies);
    const { port } = await replica.listen('127.0.0.1', 0);
    const second = await openStream(`http://127.0.0.1:${port}${PATH}`, { key: api.adminKey, lastEventId });
    await eventually(() => idsOf(second).length === 3);
    meanwhile.push(await happen({}));
    await eventually(() => idsOf(second).length === 4);
    expect(idsOf(second)).toEqual(meanwhile);
    await replica.close();
    await second.ended;
  });

  it('misses nothing of a transaction that began before others and ends after them', async () => {
    const stream = await open();
    const slow = await api.database.pool.connect();
    const late = newId('del');
    await slow.query('BEGIN');
    await insertOutcome(slow as never, { delivery_id: late, endpoint_id: newId('ep') });
    const early = await happen({});
    await slow.query('COMMIT');
    slow.release();
    await eventually(() => idsOf(stream).length === 2);
    expect(new Set(idsOf(stream))).toEqual(new Set([late, early]));
  });

  it('begins with what is kept from a time on', async () => {
    const after = encodeURIComponent(new Date().toISOString());
    const id = await happen({});
    const stream = await open({ query: `after=${after}` });
    await eventually(() => idsOf(stream).length === 1);
    expect(idsOf(stream)).toEqual([id]);
  });

  it('says from when to when nothing can be told, where the last message is older than what is kept', async () => {
    const first = await open();
    await happen({});
    const { id: lastEventId } = await eventually(() => first.messages[0]);
    await forgetOutcomes(api.database.pool);
    const kept = await happen({});
    const stream = await open({ lastEventId });
    await eventually(() => stream.messages.length === 2);
    const [missed, outcome] = dataOf(stream);
    expect(stream.messages[0]?.event).toBe('missed');
    expect(Date.parse(String(missed?.before))).toBeGreaterThanOrEqual(Date.parse(String(missed?.after)));
    expect(outcome).toMatchObject({ delivery_id: kept });
  });

  it('takes no id that is none of its own', async () => {
    const { status } = await open({ lastEventId: 'yesterday' });
    expect(status).toBe(422);
  });

  it('has five streams for a key at most, until one is closed', async () => {
    const { key } = await insertKey(api.database);
    const streams = [];
    for (let count = 0; count < 5; count += 1) streams.push(await open({ key }));
    expect(streams.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect((await open({ key })).status).toBe(429);
    streams[0]?.close();
    await eventually(async () => (await open({ key })).status === 200);
  });

  it('tells customers of their own only', async () => {
    const { key } = await insertKey(api.database, { customerId: 'globex' });
    const stream = await open({ key });
    await happen({ customer_id: 'acme' });
    const own = await happen({ customer_id: 'globex' });
    await eventually(() => idsOf(stream).length === 1);
    expect(idsOf(stream)).toEqual([own]);
    expect((await open({ key, query: 'customer_id=acme' })).status).toBe(403);
  });
});

async function open({
  query = '',
  key = '',
  lastEventId,
}: {
  readonly query?: string;
  readonly key?: string;
  readonly lastEventId?: string | undefined;
} = {}): Promise<OpenStream> {
  for (const stream of opened.splice(0, key === '' ? opened.length : 0)) stream.close();
  const stream = await openStream(`${api.url}${PATH}?${query}`, { key: key || api.adminKey, lastEventId });
  opened.push(stream);
  return stream;
}

async function happen(row: object): Promise<string> {
  const delivery_id = newId('del');
  await insertOutcome(api.database.pool, { delivery_id, endpoint_id: newId('ep'), ...row });
  return delivery_id;
}

function dataOf({ messages }: OpenStream): readonly Readonly<Record<string, unknown>>[] {
  return messages.map(({ data }) => JSON.parse(data));
}

function idsOf(stream: OpenStream): readonly unknown[] {
  return dataOf(stream).flatMap((data) => ('delivery_id' in data ? [data.delivery_id] : []));
}
