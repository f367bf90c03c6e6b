import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { Page } from 'playwright-core';
import { startReceiver } from '../support/receivers/receiver.ts';
import { HANDS, type Hands } from './hands.ts';
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
async function downloaded(page: Page, hands: Hands): Promise<string> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    hands.press('button', 'Download all'),
  ]);
  return readFileSync(await download.path(), 'utf8');
}

/** Writes down the last attempt again and again, as if it had been made so often. */
async function multiplyAttempts(delivery: string, count: number): Promise<void> {
  const client = new pg.Client(stage.posthorn.environment.DATABASE_URL);
  await client.connect();
  await client.query(
    `INSERT INTO further_attempts
     SELECT (jsonb_populate_record(f, jsonb_build_object('number', n))).*
     FROM further_attempts f, generate_series(3, $2::int) n WHERE f.delivery_id = $1 AND f.number = 2`,
    [delivery, count],
  );
  await client.query('UPDATE ended_deliveries SET attempts_made = $2 WHERE id = $1', [delivery, count]);
  await client.end();
}

describe.each(HANDS)('by the %s', (_hand, handsOf) => {
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
      const hands = handsOf(page);
      await page.goto(`${stage.posthorn.url()}/ui/events/${id}`);
      const body = page.getByRole('region', { name: 'Data as published' }).last();
      await body.getByText(shown).first().waitFor();
      await hands.press('checkbox', 'pretty');
      await hands.reach('Data as published, text');
      const text = (await body.textContent()) ?? '';
      expect(data.startsWith(text)).toBe(true);
      if (text.length < data.length) expect(await downloaded(page, hands)).toBe(data);
      expect(await page.title()).toBe('job.completed – Posthorn');
      expect(faults).toEqual([]);
    },
    120_000,
  );

  it(
    'shows a binary answer as text, and nothing of it runs',
    async () => {
      const binary = Buffer.from([
        0,
        1,
        2,
        0x1b,
        0x5b,
        0x33,
        0x31,
        0x6d,
        0xff,
        0xfe,
        0x80,
        ...Buffer.from(SCRIPT),
      ]);
      const receiver = await startReceiver({ status: 500, body: binary });
      const { publish } = await stage.posthorn.endpoint({ url: receiver.url, retry: { max_retries: 0 } });
      const { id } = await stage.posthorn.untilStatus(await publish(), 'dead');
      const { page, faults } = await stage.openSignedIn();
      await page.goto(`${stage.posthorn.url()}/ui/deliveries/${id}`);
      await handsOf(page).reach('Response body, text');
      const body = page.getByRole('region', { name: 'Response body, text' });
      await body.getByText('<script>').waitFor();
      expect(await body.textContent()).toBe(binary.toString('utf8'));
      expect(await page.title()).toBe('job.completed delivery – Posthorn');
      expect(faults).toEqual([]);
      await receiver.close();
    },
    SLOW,
  );

  it(
    'shows any of 10,000 attempts, and the newest at once',
    async () => {
      const { publish } = await stage.posthorn.endpoint({
        url: 'http://127.0.0.1:9/hook',
        retry: { max_retries: 1, strategy: 'fixed', initial_ms: 100 },
      });
      const { id } = await stage.posthorn.untilStatus(await publish(), 'dead');
      await multiplyAttempts(id, 10_000);
      const { page, faults } = await stage.openSignedIn();
      await page.goto(`${stage.posthorn.url()}/ui/deliveries/${id}`);
      await page.getByRole('heading', { name: 'Attempts (10,000)' }).waitFor();
      expect(await page.getByRole('link', { name: /^#/ }).count()).toBe(20);
      const asked = page.waitForResponse((answer) => answer.url().endsWith('/attempts/5000'));
      await handsOf(page).fill('show attempt', '5000');
      await page.keyboard.press('Enter');
      expect((await asked).status()).toBe(200);
      await page.waitForURL(/attempt=.*5000/);
      await page.getByText('connection_refused').first().waitFor();
      expect(faults).toEqual([]);
    },
    SLOW,
  );
});
