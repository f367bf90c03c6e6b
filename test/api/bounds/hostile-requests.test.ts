import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ApiUnderTest, startApi } from '../../support/api/api.ts';
import { hostileSample, hostileVariant } from '../../support/api/hostile-request.ts';
import { sendHostile } from '../../support/api/hostile-requests.ts';
import { randomFrom } from '../../support/api/random.ts';

const MAX_ANSWER_BYTES = 1_048_576;
const VARIANTS = 20;
const MAX_VARIANT_BYTES = 500_000;

let api: ApiUnderTest;
beforeAll(async () => {
  api = await startApi({ echo: true });
});
afterAll(async () => await api.close());

describe('the API', () => {
  it('answers hostile requests of every kind briefly, and by no server error', async () => {
    const shapes = hostileSample();
    const { answers, longestAnswerBytes, failures } = await sendHostile(shapes, target());
    expect(failures).toEqual([]);
    expect(answers).toBe(shapes.length);
    expect(longestAnswerBytes).toBeLessThan(MAX_ANSWER_BYTES);
  });

  it('answers seeded variants of them likewise', async () => {
    const random = randomFrom(20_261_126);
    const variants = Array.from({ length: VARIANTS }, () => hostileVariant(random, MAX_VARIANT_BYTES));
    const { answers, longestAnswerBytes, failures } = await sendHostile(variants, target());
    expect(failures).toEqual([]);
    expect(answers).toBe(VARIANTS);
    expect(longestAnswerBytes).toBeLessThan(MAX_ANSWER_BYTES);
    expect((await api.operator('GET', '/v1/health/ready')).status).toBe(200);
  });

  it('shows what hostile requests have left behind briefly, too', async () => {
    for (const path of ['/v1/echo/hostile', '/v1/event-types', '/v1/events', '/v1/endpoints', '/v1/audit']) {
      const { status, body } = await api.operator('GET', path);
      expect(status).toBe(200);
      expect(Buffer.byteLength(JSON.stringify(body))).toBeLessThan(MAX_ANSWER_BYTES);
    }
  });

  function target(): { readonly url: string; readonly key: string } {
    return { url: api.url, key: api.adminKey };
  }
});
