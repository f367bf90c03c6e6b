import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { openStage, type Stage } from './stage.ts';

const SLOW = 120_000;
const RIGHT_TO_LEFT = 'مرحبا بالعالم';
const SCRIPT = '<script>document.title="ran"</script><img src=x onerror=alert(1)>';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ POSTHORN_MAX_EVENT_BYTES: '5242880' });
}, SLOW);
afterAll(async () => await stage.close());

async function eventOf(data: string): Promise<string> {
  const answer = await fetch(`${stage.posthorn.url()}/v1/events`, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${stage.posthorn.environment.POSTHORN_ADMIN_KEY}`,
      'Content-Type': 'application/json',
    },
    body: `{"event":"job.completed","customer_id":"bodies","data":${data}}`,
  });
  expect(answer.status).toBe(202);
  return ((await answer.json()) as { readonly id: string }).id;
}

const deep = `${'{"a":'.repeat(62)}{}${'}'.repeat(62)}`;

/** What the button beside a text that is too long to be shown hands out. */
async function downloaded(page: Page): Promise<string> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download all' }).click(),
  ]);
  return readFileSync(await download.path(), 'utf8');
}

it.each([
  ['a script', JSON.stringify({ text: SCRIPT }), SCRIPT.slice(0, 20)],
  ['text from right to left', JSON.stringify({ text: RIGHT_TO_LEFT }), RIGHT_TO_LEFT],
  [
    'numbers of 64 bits and odd spelling',
    '{"a":9223372036854775807,"b":1.0,"c":-0.0,"d":1E5}',
    '9223372036854775807',
  ],
  ['many levels', deep, '"a"'],
  ['5 MB', JSON.stringify({ text: 'x'.repeat(5_000_000) }), 'xxxxxxxx'],
])(
  'shows %s as text, unchanged',
  async (_what, data, shown) => {
    const id = await eventOf(data);
    const { page, faults } = await stage.openSignedIn();
    await page.goto(`${stage.posthorn.url()}/ui/events/${id}`);
    const body = page.getByRole('region', { name: 'Data as published' }).last();
    await body.getByText(shown).first().waitFor();
    await page.getByLabel('pretty').uncheck();
    const text = (await body.textContent()) ?? '';
    expect(data.startsWith(text)).toBe(true);
    if (text.length < data.length) expect(await downloaded(page)).toBe(data);
    expect(await page.title()).toBe('job.completed – Posthorn');
    expect(faults).toEqual([]);
  },
  120_000,
);
