import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ApiBody, type ApiCall, type ApiUnderTest, startApi } from '../../support/api/api.ts';
import { insertAttempt, insertDelivery } from '../../support/storage/rows.ts';

const ATTEMPTS = 149;
const MAX_ANSWER_BYTES = 1_048_576;
const DATA = { text: 'x'.repeat(250_000) };

let api: ApiUnderTest;
let acme: ApiCall;
let delivery: string;
beforeAll(async () => {
  api = await startApi();
  acme = await api.customer('acme');
  const endpoint = await acme('POST', '/v1/endpoints', { url: 'https://example.com/hook' });
  const { pool } = api.database;
  const of = { endpoint_id: endpoint.body.id };
  delivery = await insertDelivery(pool, { ...of, data: JSON.stringify(DATA), attempts_made: ATTEMPTS });
  for (let number = 1; number <= ATTEMPTS; number += 1) {
    await insertAttempt(pool, {
      ...of,
      delivery_id: delivery,
      number,
      signed_at: new Date(),
      signature: `sha256=${'a'.repeat(64)}`,
      request_url: 'https://example.com/hook',
      request_headers: '{}',
      response_headers: JSON.stringify([['x-large', 'h'.repeat(30_000)]]),
      response_body: Buffer.alloc(65_536, 'r'),
    });
  }
});
afterAll(async () => await api.close());

describe('a delivery with many attempts of a large event', () => {
  it('shows the last ones within 1 MiB, the newest of them with its bodies', async () => {
    const { body } = await acme('GET', `/v1/deliveries/${delivery}`);
    expect(bytesOf(body)).toBeLessThan(MAX_ANSWER_BYTES);
    expect(body.attempts.at(-1)).toMatchObject({ number: ATTEMPTS, request: { body: expect.any(String) } });
    expect(body.attempts.at(-2)).toMatchObject({ request: { body: null }, bodies_omitted: true });
    expect(body.attempts.length).toBeLessThanOrEqual(20);
    const numbers = body.attempts.map(({ number }) => number);
    expect(numbers).toEqual([...numbers].sort((one, other) => Number(one) - Number(other)));
  });

  it('lists all of them page by page, each page within 1 MiB', async () => {
    const numbers: unknown[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const path = `/v1/deliveries/${delivery}/attempts?limit=100${cursor === '' ? '' : `&cursor=${cursor}`}`;
      const { body }: { body: ApiBody } = await acme('GET', path);
      expect(bytesOf(body)).toBeLessThan(MAX_ANSWER_BYTES);
      numbers.push(...body.items.map((item) => item.number));
      cursor = body.next_cursor;
    }
    expect(numbers).toEqual(Array.from({ length: ATTEMPTS }, (_, index) => ATTEMPTS - index));
  });

  it('shows each of them alone with its bodies', async () => {
    const { body } = await acme('GET', `/v1/deliveries/${delivery}/attempts/7`);
    expect(body).toMatchObject({ number: 7 });
    expect(body.bodies_omitted).toBeUndefined();
    expect(JSON.parse(body.request.body)).toMatchObject({ attempt: 7, data: DATA });
  });

  it.each(['0', '150', '-1', '1.0', 'x', '9999999999'])('has no attempt %s', async (number) => {
    const answer = await acme('GET', `/v1/deliveries/${delivery}/attempts/${number}`);
    expect([answer.status, answer.body.code]).toEqual([404, 'not_found']);
  });
});

function bytesOf(body: ApiBody): number {
  return Buffer.byteLength(JSON.stringify(body));
}
