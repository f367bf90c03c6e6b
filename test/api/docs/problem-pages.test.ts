import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PROBLEM_CODES, problemText } from '../../../src/domain/problems/problem-code.ts';
import { type ApiUnderTest, startApi } from '../../support/api/api.ts';

let api: ApiUnderTest;
beforeAll(async () => {
  api = await startApi();
});
afterAll(async () => await api.close());

describe('serveProblemPages', () => {
  it('serves the page that the type of a problem leads to', async () => {
    const refused = await fetch(`${api.url}/v1/events`);
    const { type, title } = (await refused.json()) as { readonly type: string; readonly title: string };
    const { status, contentType, text } = await get(new URL(type, refused.url).pathname);
    expect([status, contentType]).toEqual([200, 'text/html; charset=utf-8']);
    expect(text).toContain(`<h1>${title}</h1>`);
    expect(text).toContain(
      problemText('key_missing')?.advice.replaceAll('"', '&quot;').replace('<key>', '&lt;key&gt;'),
    );
  });

  it.each(['schema_required', 'last_secret'])('says what %s means and what to do', async (code) => {
    const { text } = await get(`/docs/problems/${code}`);
    expect(text).toContain('<h2>What to do</h2>');
    expect(text).toContain(`<code>${code}</code>`);
  });

  it('lists every code with a link to its page', async () => {
    const { text } = await get('/docs/problems');
    const linked = [...text.matchAll(/href="\/docs\/problems\/(\w+)"/g)].map(([, code]) => code);
    expect(linked).toEqual(PROBLEM_CODES);
  });

  it.each(['nothing', '%3Cscript%3E', 'toString', 'schema_%3Cb%3E'])('has no page for %s', async (code) => {
    const { status, contentType } = await get(`/docs/problems/${code}`);
    expect([status, contentType]).toEqual([404, expect.stringContaining('application/problem+json')]);
  });

  it('lets its pages load nothing of others', async () => {
    const { headers } = await fetch(`${api.url}/docs/problems/not_found`);
    expect(headers.get('content-security-policy')).toContain("default-src 'none'; style-src 'self'");
  });
});

async function get(path: string) {
  const answer = await fetch(api.url + path);
  return {
    status: answer.status,
    contentType: answer.headers.get('content-type'),
    text: await answer.text(),
  };
}
