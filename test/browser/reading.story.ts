import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import { eventually } from '../support/eventually.ts';
import { HANDS } from './hands.ts';
import { openStage, type Stage } from './stage.ts';

const SLOW = 120_000;
const A_PAGE = 25;
/** Run in the page: how far its lines are scrolled. */
const SCROLLED = `document.querySelector('[aria-label="Deliveries as they change"]').scrollTop`;

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
}, SLOW);
afterAll(async () => await stage.close());

async function publish(customer: string, count = 1): Promise<void> {
  const events = Array.from({ length: count }, () => ({
    event: 'job.completed',
    customer_id: customer,
    data: { job_id: 'J-1' },
  }));
  expect((await stage.posthorn.call('POST', '/v1/events/batch', { events })).status).toBe(202);
}

async function makeEndpoint(customer: string): Promise<void> {
  const url = `${stage.posthorn.url()}/v1/echo/${customer}`;
  await stage.posthorn.call('POST', '/v1/endpoints', { url, customer_id: customer });
}

function rowsOf(page: Page): Locator {
  return page.getByRole('link', { name: /^job\.completed, delivery/ });
}

async function nameOf(row: Locator): Promise<string> {
  return (await row.getAttribute('aria-label')) ?? '';
}

async function focusedLabel(page: Page): Promise<string | null> {
  return await page.locator(':focus').getAttribute('aria-label');
}

describe.each(HANDS)('by the %s', (hand, handsOf) => {
  it(
    'what is new waits while somebody reads a list, and comes when it is asked for',
    async () => {
      const customer = `reading-${hand}`;
      await makeEndpoint(customer);
      await publish(customer, A_PAGE + 5);
      const { page, faults } = await stage.openSignedIn();
      const hands = handsOf(page);
      await page.goto(`${stage.posthorn.url()}/ui/deliveries?customer_id=${customer}`);
      await rowsOf(page)
        .nth(A_PAGE - 1)
        .waitFor();
      const read = await nameOf(rowsOf(page).nth(3));
      await hands.rest('link', read);
      const place = await page.getByRole('link', { name: read, exact: true }).boundingBox();
      await publish(customer, 2);
      await page.getByRole('button', { name: '2 new' }).waitFor();
      await page.getByText('There are new deliveries.').waitFor({ state: 'attached' });
      expect(await page.getByRole('link', { name: read, exact: true }).boundingBox()).toEqual(place);
      expect(await nameOf(rowsOf(page).nth(3))).toBe(read);
      await hands.press('button', '2 new');
      await eventually(async () => (await nameOf(rowsOf(page).nth(5))) === read);
      await hands.press('button', 'Older');
      await page.getByText('on page 2').waitFor();
      await publish(customer);
      await page.getByRole('button', { name: '1 new' }).waitFor();
      await page.keyboard.press('n');
      await page.getByText('on page 1').waitFor();
      await eventually(async () => (await nameOf(rowsOf(page).nth(6))) === read);
      expect(faults).toEqual([]);
    },
    SLOW,
  );

  it(
    'a delivery is opened beside its list, and closed again',
    async () => {
      const customer = `beside-${hand}`;
      await makeEndpoint(customer);
      await publish(customer, 2);
      const { page, faults } = await stage.openSignedIn();
      const hands = handsOf(page);
      await page.goto(`${stage.posthorn.url()}/ui/deliveries?customer_id=${customer}`);
      await rowsOf(page).nth(1).waitFor();
      const name = await nameOf(rowsOf(page).nth(1));
      await hands.press('link', `Open beside the list: ${name}`);
      const panel = page.getByRole('complementary', { name: 'Delivery' });
      await panel.getByText(/^Delivered after 1 attempt/).waitFor();
      expect(await focusedLabel(page)).toBe('Delivery');
      expect(await rowsOf(page).count()).toBe(2);
      await page.keyboard.press('Escape');
      await panel.waitFor({ state: 'detached' });
      expect(await focusedLabel(page)).toBe(`Open beside the list: ${name}`);
      await page.goBack();
      await panel.waitFor();
      await page.goBack();
      await panel.waitFor({ state: 'detached' });
      await page.keyboard.press('j');
      await page.keyboard.press('o');
      await hands.press('button', 'Close Esc');
      await panel.waitFor({ state: 'detached' });
      expect(faults).toEqual([]);
    },
    SLOW,
  );

  it(
    'attempts wait while somebody has scrolled down among them',
    async () => {
      const customer = `tail-${hand}`;
      await makeEndpoint(customer);
      const { page, faults } = await stage.openSignedIn();
      const hands = handsOf(page);
      await page.goto(`${stage.posthorn.url()}/ui/live?customer_id=${customer}`);
      await page.getByRole('button', { name: 'live', exact: true }).waitFor();
      const lines = page.getByRole('link', { name: /delivered/ });
      for (const count of [20, 20]) {
        const before = await lines.count();
        await publish(customer, count);
        await eventually(async () => (await lines.count()) === before + count);
      }
      await hands.scroll('Deliveries as they change');
      await eventually(async () => (await page.evaluate<number>(SCROLLED)) > 0);
      await publish(customer);
      await page.getByRole('button', { name: '1 new' }).waitFor();
      expect(await lines.count()).toBe(40);
      await hands.press('button', '1 new');
      await eventually(async () => (await lines.count()) === 41);
      expect(await page.evaluate<number>(SCROLLED)).toBe(0);
      expect(faults).toEqual([]);
    },
    SLOW,
  );
});

it(
  'a delivery takes the place of its list on a phone',
  async () => {
    await makeEndpoint('phone');
    await publish('phone');
    const { page, faults } = await stage.openSignedIn({ width: 400 });
    await page.goto(`${stage.posthorn.url()}/ui/deliveries?customer_id=phone`);
    await rowsOf(page).waitFor();
    const { body } = await stage.posthorn.call('GET', '/v1/deliveries?customer_id=phone');
    const [{ id }] = (body as { readonly items: readonly [{ readonly id: string }] }).items;
    await page.goto(`${stage.posthorn.url()}/ui/deliveries?customer_id=phone&open=${id}`);
    await page.getByRole('complementary', { name: 'Delivery' }).waitFor();
    expect(await rowsOf(page).isVisible()).toBe(false);
    await page.keyboard.press('Escape');
    await rowsOf(page).waitFor();
    expect(faults).toEqual([]);
  },
  SLOW,
);
