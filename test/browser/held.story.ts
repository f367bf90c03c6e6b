import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { HANDS } from './hands.ts';
import { openStage, type Stage } from './stage.ts';

const SLOW = 120_000;

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
}, SLOW);
afterAll(async () => await stage.close());

async function publish(customer: string): Promise<void> {
  const event = { event: 'job.completed', customer_id: customer, data: { job_id: 'J-1' } };
  expect((await stage.posthorn.call('POST', '/v1/events', event)).status).toBe(202);
}

it.each(HANDS)(
  'says what holds deliveries back, since when, what comes next, and how it was before, by the %s',
  async (hand, handsOf) => {
    const customer = `held-${hand}`;
    await stage.posthorn.call('POST', '/v1/endpoints', {
      url: 'http://127.0.0.1:9/hook',
      customer_id: customer,
      breaker: { consecutive_failures: 1, cooldown_ms: 600_000 },
    });
    await publish(customer);
    const { page, faults } = await stage.openSignedIn();
    const hands = handsOf(page);
    await page.goto(`${stage.posthorn.url()}/ui?customer_id=${customer}`);
    await page.getByText('The breaker of 127.0.0.1:9/hook is open').waitFor();
    await publish(customer);
    await page.getByText(/held\. It is tried next in \d+ min/).waitFor();
    await page.getByText('Held now, by what holds them').waitFor();
    await hands.press('link', /^Open$/);
    await page.getByText(/^The breaker is open after failures since/).waitFor();
    await page.getByRole('link', { name: /held\.$/ }).waitFor();
    await page.getByText(/^open once, .* in all$/).waitFor();
    await hands.press('button', 'Pause…');
    await hands.fill('Reason', 'they mend it');
    await hands.press('button', /^Pause$/);
    await page.getByText('“they mend it”').waitFor();
    await page.getByText(/^paused once, .* in all$/).waitFor();
    expect(faults).toEqual([]);
  },
  SLOW,
);
