import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { request } from 'undici';
import { type ApiUnderTest, startApi } from '../../support/api/api.ts';

let api: ApiUnderTest;
beforeAll(async () => {
  api = await startApi();
});
afterAll(async () => await api.close());

describe('serveDocs', () => {
  it.each([
    ['/docs', 'text/html'],
    ['/docs/', 'text/html'],
    ['/docs/start.js', 'text/javascript'],
    ['/docs/swagger-ui.css', 'text/css'],
    ['/docs/swagger-ui-bundle.js', 'text/javascript'],
    ['/docs/favicon-32x32.png', 'image/png'],
  ])('serves %s from this machine', async (path, type) => {
    const answer = await fetch(api.url + path);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, expect.stringContaining(type)]);
    const text = await answer.text();
    if (type === 'text/html') expect(text).not.toMatch(/https?:\/\//);
  });

  it.each(['/docs/swagger-ui-bundle.js', '/docs-json'])(
    'sends %s compressed, and not again',
    async (path) => {
      const get = async (headers: Readonly<Record<string, string>>) =>
        await request(api.url + path, { headers });
      const plain = await get({ 'accept-encoding': 'identity' });
      expect(plain.headers).toMatchObject({ vary: 'Accept-Encoding', etag: expect.stringMatching(/^W\/"/) });
      expect(plain.headers['content-encoding']).toBeUndefined();
      const text = await plain.body.text();
      for (const accepted of ['gzip', 'br;q=1.0, gzip;q=0.8', '*']) {
        const { headers, body } = await get({ 'accept-encoding': accepted });
        expect([headers['content-encoding'], headers.etag]).toEqual(['gzip', plain.headers.etag]);
        const compressed = Buffer.from(await body.arrayBuffer());
        expect(compressed.length).toBeLessThan(text.length / 2);
        expect(gunzipSync(compressed).toString()).toBe(text);
      }
      for (const refused of ['gzip;q=0', 'br', 'xgzip']) {
        const { headers, body } = await get({ 'accept-encoding': refused });
        expect(headers['content-encoding']).toBeUndefined();
        await body.dump();
      }
      const again = await get({ 'if-none-match': `"other", ${String(plain.headers.etag)}` });
      expect([again.statusCode, await again.body.text()]).toEqual([304, '']);
      const other = await get({ 'if-none-match': 'W/"other"' });
      expect(other.statusCode).toBe(200);
      await other.body.dump();
    },
  );
});
