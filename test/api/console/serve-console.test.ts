import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ApiUnderTest, startApi } from '../../support/api/api.ts';

const EMBEDDER = 'https://app.example.com';

let api: ApiUnderTest;
beforeAll(async () => {
  api = await startApi({
    environment: { POSTHORN_BASE_PATH: '/hooks', POSTHORN_PORTAL_FRAME_ANCESTORS: EMBEDDER },
  });
});
afterAll(async () => await api.close());

async function get(path: string, headers: Record<string, string> = {}): Promise<Response> {
  return await fetch(api.url + path, { headers });
}

/** The files that the page loads, as it names them. */
async function assetsOf(path: string): Promise<readonly string[]> {
  const page = await (await get(path)).text();
  return [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, name = '']) => name);
}

describe('the console', () => {
  it.each(['/ui', '/ui/', '/ui/deliveries/del_1?range=24h', '/hooks/ui', '/hooks/ui/endpoints', '/portal'])(
    'is one page, served at %s',
    async (path) => {
      const answer = await get(path);
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(answer.headers.get('cache-control')).toBe('no-store');
      expect(await answer.text()).toContain('data-base="/hooks"');
    },
  );

  it('lets run and shows nothing but its own files', async () => {
    const policy = (await get('/ui')).headers.get('content-security-policy');
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
    expect(policy).toContain("require-trusted-types-for 'script'");
    expect(policy).not.toContain('unsafe');
    const page = await (await get('/ui')).text();
    expect(page).not.toMatch(/<script(?![^>]* src=)|<style|style=|\son\w+=/);
  });

  it('may be shown in a frame by nobody, the portal by the pages that are named', async () => {
    const console = (await get('/ui')).headers;
    expect(console.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(console.get('x-frame-options')).toBe('DENY');
    const portal = (await get('/portal')).headers;
    expect(portal.get('content-security-policy')).toContain(`frame-ancestors ${EMBEDDER}`);
    expect(portal.has('x-frame-options')).toBe(false);
  });

  it('loads files below the base path, compressed and kept for ever', async () => {
    const assets = await assetsOf('/ui/events');
    expect(assets.length).toBeGreaterThan(2);
    for (const path of assets) {
      expect(path).toMatch(/^\/hooks\/ui\/assets\/[\w.-]+$/);
      const answer = await get(path, { 'Accept-Encoding': 'gzip, br' });
      expect([answer.status, answer.headers.get('content-encoding')]).toEqual([200, 'br']);
      expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    }
    const [first = ''] = assets.filter((path) => path.endsWith('.js'));
    const plain = await get(first, { 'Accept-Encoding': 'br;q=0' });
    expect(plain.headers.has('content-encoding')).toBe(false);
    expect((await get('/ui/assets/none.js')).status).toBe(404);
  });

  it('leaves the API where it was, and below the base path too', async () => {
    for (const path of ['/v1/health/live', '/hooks/v1/health/live'])
      expect((await get(path)).status).toBe(200);
    expect((await get('/hooksv1/health/live')).status).toBe(404);
    expect(await (await get('/docs')).text()).toContain('src="/hooks/docs/swagger-ui-bundle.js"');
  });
});
