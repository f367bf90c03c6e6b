import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { eventually } from '../support/eventually.ts';
import { HANDS } from './hands.ts';
import { openStage, type Stage } from './stage.ts';

const SLOW = 120_000;

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
}, SLOW);
afterAll(async () => await stage.close());

async function heading(page: Page, text: string | RegExp): Promise<void> {
  await page.getByRole('heading', { level: 1, name: text }).waitFor();
}

async function makeEndpoint(settings: Readonly<Record<string, unknown>>): Promise<string> {
  const { body } = await stage.posthorn.call('POST', '/v1/endpoints', settings);
  return (body as { readonly id: string }).id;
}

async function publish(customer: string, job: string): Promise<void> {
  const event = { event: 'job.completed', customer_id: customer, data: { job_id: job } };
  expect((await stage.posthorn.call('POST', '/v1/events', event)).status).toBe(202);
}

describe.each(HANDS)('by the %s', (hand, handsOf) => {
  it('the first visit leads from the printed link to a delivery', async () => {
    const { page, faults } = await stage.open();
    const hands = handsOf(page);
    const customer = `first-${hand}`;
    await page.goto(await stage.link());
    await heading(page, 'Overview');
    expect(page.url()).not.toContain('code=');
    await page.goto(`${stage.posthorn.url()}/ui?customer_id=${customer}`);
    await hands.press('link', 'New endpoint');
    await heading(page, 'New endpoint');
    await hands.press('button', 'Use the built-in echo receiver');
    await hands.fill('Customer', customer);
    await hands.press('button', 'Create the endpoint');
    await page.getByText('The endpoint is made.').waitFor();
    await hands.press('button', 'Send a test');
    await page.getByRole('heading', { name: 'Send a test' }).waitFor();
    await hands.press('button', 'Send a test');
    await page.getByText('The test is under way').waitFor();
    await hands.press('link', 'Events', 'Places');
    await hands.press('link', 'Publish an event');
    await hands.fill('Data', '{"job_id":"J-1","size":9223372036854775807}');
    await hands.press('button', 'Publish');
    await page.getByText('9223372036854775807').waitFor();
    await page.getByText('1 delivered').waitFor();
    await hands.press('link', 'Endpoints', 'Places');
    await page.getByText('100 % of 1 attempt, 0 failed').waitFor();
    expect(faults).toEqual([]);
  }, 120_000);

  it('an outage is seen, mended and sent again', async () => {
    const customer = `outage-${hand}`;
    await makeEndpoint({
      url: 'http://127.0.0.1:9/hook',
      customer_id: customer,
      retry: { max_retries: 0 },
      breaker: { consecutive_failures: 1_000, minimum_attempts: 10_000 },
    });
    for (const job of ['J-1', 'J-2', 'J-3']) await publish(customer, job);
    await eventually(async () => {
      const { body } = await stage.posthorn.call('GET', `/v1/dead-letters?customer_id=${customer}`);
      return (body as { items: unknown[] }).items.length === 3;
    });
    const { page, faults } = await stage.openSignedIn();
    const hands = handsOf(page);
    await page.goto(`${stage.posthorn.url()}/ui?customer_id=${customer}`);
    await page.getByText('3 dead letters').waitFor();
    await hands.press('link', 'See the causes');
    await heading(page, 'Dead letters');
    await page.getByText('connection_refused').first().waitFor();
    await hands.press('link', '127.0.0.1:9/hook');
    await hands.press('link', 'Settings', 'Parts of the endpoint');
    await hands.fill('URL', `${stage.posthorn.url()}/v1/echo/${customer}`);
    await hands.press('button', 'Save url');
    await page.getByText('Saved: url.').waitFor();
    await page.goto(`${stage.posthorn.url()}/ui/dead-letters?customer_id=${customer}`);
    await hands.press('button', 'Retry matching…');
    await hands.press('button', 'Retry 3');
    await heading(page, /^Replay/);
    await page.getByText('3 delivered').first().waitFor();
    expect(faults).toEqual([]);
  }, 120_000);

  it('why the event of a job did not arrive is found, explained and mended', async () => {
    const customer = `support-${hand}`;
    const url = `${stage.posthorn.url()}/v1/echo/${customer}`;
    await makeEndpoint({ url, customer_id: customer, events: ['job.failed'] });
    for (const job of ['J-6', 'J-7', 'J-8']) await publish(customer, job);
    const { page, faults } = await stage.openSignedIn();
    const hands = handsOf(page);
    await page.goto(`${stage.posthorn.url()}/ui/events?customer_id=${customer}`);
    await page
      .getByRole('link', { name: /^job\.completed/ })
      .nth(2)
      .waitFor();
    await hands.fill('Data, such as job_id=J-7', 'job_id=J-7');
    await page.keyboard.press('Enter');
    await eventually(async () => (await page.getByRole('link', { name: /^job\.completed/ }).count()) === 1);
    await hands.press('link', /^job\.completed/);
    await page.getByText('The endpoint took job.failed, which does not include job.completed.').waitFor();
    await hands.press('button', 'Send');
    await page.getByText('It goes out now.').waitFor();
    await page.getByText(/^Delivered after 1 attempt, at /).waitFor();
    expect(faults).toEqual([]);
  }, 120_000);

  it('an endpoint is paused with a reason, and resumed', async () => {
    const customer = `pause-${hand}`;
    const id = await makeEndpoint({
      url: `${stage.posthorn.url()}/v1/echo/${customer}`,
      customer_id: customer,
    });
    const { page, faults } = await stage.openSignedIn();
    const hands = handsOf(page);
    await page.goto(`${stage.posthorn.url()}/ui/endpoints/${id}`);
    await hands.press('button', 'Pause…');
    await hands.fill('Reason', 'they move house');
    await hands.press('button', 'Pause');
    await page.getByText('“they move house”').waitFor();
    await publish(customer, 'J-1');
    await page.goto(`${stage.posthorn.url()}/ui/deliveries?endpoint_id=${id}&status=held`);
    await hands.press('link', /^job\.completed, delivery/);
    await page.getByText('Held, because its endpoint is paused').waitFor();
    await page.goto(`${stage.posthorn.url()}/ui/endpoints/${id}`);
    await hands.press('button', 'Resume');
    await page.getByText('Resumed: what was held goes out now.').waitFor();
    await page.goto(`${stage.posthorn.url()}/ui/deliveries?endpoint_id=${id}&status=delivered`);
    await page.getByRole('link', { name: /^job\.completed, delivery/ }).waitFor();
    expect(faults).toEqual([]);
  }, 120_000);

  it('what an endpoint missed is chosen, and sent to another', async () => {
    const customer = `bulk-${hand}`;
    const url = `${stage.posthorn.url()}/v1/echo/${customer}`;
    await makeEndpoint({ url: `${url}-old`, customer_id: customer });
    for (const job of ['J-1', 'J-2', 'J-3']) await publish(customer, job);
    const { page, faults } = await stage.openSignedIn();
    const hands = handsOf(page);
    await page.goto(`${stage.posthorn.url()}/ui/deliveries?customer_id=${customer}&status=delivered`);
    await page
      .getByRole('link', { name: /^job\.completed, delivery/ })
      .nth(2)
      .waitFor();
    await makeEndpoint({ url: `${url}-new`, customer_id: customer, events: ['job.failed'] });
    await hands.press('checkbox', /^Select job\.completed/);
    await page.getByText('1 selected.').waitFor();
    await hands.press('checkbox', 'Select the rows of this page');
    await page.getByText('3 selected.').waitFor();
    await hands.press('button', 'Send selected again…');
    await page.getByText('3 deliveries have ended and match.').waitFor();
    await hands.choose('Where to', new RegExp(`${customer}-new`));
    await hands.press('button', 'Send 3');
    await heading(page, /^Replay/);
    await page.getByText('3 delivered').first().waitFor();
    await page.goto(`${stage.posthorn.url()}/ui/deliveries?customer_id=${customer}`);
    await hands.press('button', 'Send all 6 matching again…');
    await hands.press('button', 'Send 6');
    await heading(page, /^Replay/);
    await page.getByText('6 delivered').first().waitFor();
    expect(faults).toEqual([]);
  }, 120_000);

  it('a secret is rotated, and both are good meanwhile', async () => {
    const customer = `rotate-${hand}`;
    const id = await makeEndpoint({
      url: `${stage.posthorn.url()}/v1/echo/${customer}`,
      customer_id: customer,
    });
    const { page, faults } = await stage.openSignedIn();
    const hands = handsOf(page);
    await page.goto(`${stage.posthorn.url()}/ui/endpoints/${id}?tab=secret`);
    await hands.press('button', 'Rotate…');
    await hands.press('button', 'Rotate');
    await page.getByText('Two secrets sign at the moment.').waitFor();
    await hands.press('button', 'Show the secret');
    await page.getByRole('row').nth(2).waitFor();
    expect(await page.getByText(/^whsec_/).count()).toBe(2);
    expect(faults).toEqual([]);
  }, 120_000);
});

/** Sends the second key without waiting for the first, so that a busy page sees no time between them. */
async function pressPair(page: Page, first: string, second: string): Promise<void> {
  await Promise.all([page.keyboard.press(first), page.keyboard.press(second)]);
}

describe('single keys', () => {
  it('go to pages, rows and filters, and do nothing where somebody types or switched them off', async () => {
    await makeEndpoint({ url: `${stage.posthorn.url()}/v1/echo/keys`, customer_id: 'keys' });
    const { page, faults } = await stage.openSignedIn();
    await pressPair(page, 'g', 'e');
    await heading(page, 'Endpoints');
    await page.getByRole('link', { name: /echo\/keys/ }).waitFor();
    await page.keyboard.press('j');
    expect(await page.locator(':focus').textContent()).toMatch(/echo/);
    await page.keyboard.press('/');
    expect(await page.locator(':focus').getAttribute('aria-label')).toBe('State');
    await page.getByLabel('URL contains').fill('g');
    await page.keyboard.press('d');
    await heading(page, 'Endpoints');
    await page.getByRole('heading', { level: 1 }).click();
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    await page.getByLabel('Single keys do this').uncheck();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor({ state: 'detached' });
    await pressPair(page, 'g', 'd');
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    await page.keyboard.press('Escape');
    await heading(page, 'Endpoints');
    expect(faults).toEqual([]);
  }, 120_000);
});

describe.each(HANDS)('a session that ends, by the %s', (_hand, handsOf) => {
  it('leads back to where somebody was, with what they had typed', async () => {
    const { page } = await stage.openSignedIn();
    const hands = handsOf(page);
    await page.goto(`${stage.posthorn.url()}/ui/events/new?customer_id=acme`);
    await hands.fill('Data', '{"kept":true}');
    await page.context().clearCookies();
    await hands.press('button', 'Publish');
    await hands.fill('API key', stage.posthorn.environment.POSTHORN_ADMIN_KEY ?? '');
    await hands.press('button', 'Sign in');
    await page.getByLabel('API key').waitFor({ state: 'detached' });
    expect(await page.getByLabel('Data').inputValue()).toBe('{"kept":true}');
    await hands.press('button', 'Publish');
    await heading(page, 'job.completed');
  }, 120_000);
});
