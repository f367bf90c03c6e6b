import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { eventually } from '../support/eventually.ts';
import { openStage, type Stage } from './stage.ts';

const SLOW = 240_000;
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const PAGES = [
  '/',
  '/deliveries',
  '/dead-letters',
  '/dead-letters?flat=1',
  '/endpoints',
  '/endpoints/new',
  '/events',
  '/events/new',
  '/replays',
  '/event-types',
  '/event-types/job.completed',
  '/tools',
  '/live',
  '/settings/keys',
  '/settings/portal',
  '/settings/sessions',
  '/settings/destinations',
  '/settings/master-key',
  '/settings/audit',
  '/settings/about',
];

let stage: Stage;
let things: readonly string[] = [];
beforeAll(async () => {
  stage = await openStage();
  const call = async (path: string, body: object): Promise<string> =>
    ((await stage.posthorn.call('POST', path, body)).body as { readonly id: string }).id;
  const endpoint = await call('/v1/endpoints', {
    url: 'http://127.0.0.1:9/hook',
    customer_id: 'axe',
    retry: { max_retries: 0 },
  });
  const event = await call('/v1/events', {
    event: 'job.completed',
    customer_id: 'axe',
    data: { job_id: 'J-1' },
  });
  const delivery = await stage.posthorn.untilStatus(event, 'dead');
  things = [
    `/deliveries/${delivery.id}`,
    `/deliveries?open=${delivery.id}`,
    `/events/${event}`,
    ...['overview', 'deliveries', 'settings', 'secret', 'test', 'audit'].map(
      (tab) => `/endpoints/${endpoint}?tab=${tab}`,
    ),
  ];
}, SLOW);
afterAll(async () => await stage.close());

/** Run in the page. */
const RUN_AXE = `axe.run().then(({ violations }) =>
  violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html }) => ({ html })) })))`;

interface Found {
  readonly id: string;
  readonly nodes: readonly { readonly html: string }[];
}

/** What axe finds wrong with a page, as texts that name the place. */
async function violations(page: Page, at: string): Promise<readonly string[]> {
  await page.evaluate(AXE);
  const found = await page.evaluate<readonly Found[]>(RUN_AXE);
  return found.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${at}: ${id}: ${html.slice(0, 200)}`));
}

/** Goes to a page, and has axe look at it once everything it asked for has come, or failed. */
async function look(page: Page, path: string): Promise<readonly string[]> {
  await page.goto(`${stage.posthorn.url()}/ui${path}`);
  await page.getByRole('heading', { level: 1 }).waitFor();
  const loading = page.getByRole('status', { name: 'Loading' });
  await eventually(async () => (await loading.count()) === 0);
  return await violations(page, path);
}

/** Has the API refuse everything but what the frame of each page needs. */
async function failEverything(page: Page): Promise<void> {
  const problem = {
    type: '/docs/problems/invalid_request',
    title: 'It is refused',
    status: 422,
    detail: 'Try again.',
    code: 'invalid_request',
    errors: [],
    request_id: 'r',
  };
  await page.route(
    (url) => /\/v1\/(?!session$|health)/.test(url.pathname),
    async (route) =>
      await route.fulfill({
        status: 422,
        contentType: 'application/problem+json',
        body: JSON.stringify(problem),
      }),
  );
}

it.each(['full', 'empty', 'failed'])(
  'has no fault where it is %s, in light and in dark colours',
  async (state) => {
    const { page, faults } = await stage.openSignedIn();
    if (state === 'failed') await failEverything(page);
    const found: string[] = [];
    for (const path of [...PAGES, ...things]) {
      const mark = path.includes('?') ? '&' : '?';
      // Nothing is between two colours while axe looks.
      await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
      found.push(...(await look(page, state === 'empty' ? `${path}${mark}customer_id=nobody` : path)));
      await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
      found.push(...(await violations(page, `${path} in the dark`)));
    }
    expect(found).toEqual([]);
    expect(faults).toEqual([]);
  },
  SLOW,
);

it(
  'has no fault on a phone, and nothing that runs over its side',
  async () => {
    const { page } = await stage.openSignedIn({ width: 400 });
    const found: string[] = [];
    for (const path of [...PAGES, ...things]) {
      found.push(...(await look(page, path)));
      const width = await page.evaluate<number>('document.documentElement.scrollWidth');
      if (width > 400) found.push(`${path}: is ${width} wide`);
    }
    expect(found).toEqual([]);
  },
  SLOW,
);
