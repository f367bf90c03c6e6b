import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { openStage, type Stage } from './stage.ts';

const SLOW = 120_000;
const TYPE = {
  name: 'user.joined',
  sensitive: ['/user/email', '/cards/number'],
  schema: {
    type: 'object',
    properties: {
      user: { type: 'object', description: 'who' },
      cards: { type: 'array' },
      plan: { type: 'string' },
      note: { type: 'string' },
    },
  },
};
const DATA = {
  user: { email: 'mallory@example.com', name: 'M' },
  cards: [{ number: '4000111122223333' }],
  plan: 'free',
  note: '***',
};

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  await stage.posthorn.call('POST', '/v1/event-types', TYPE);
}, SLOW);
afterAll(async () => await stage.close());

it(
  'says in words which values of an event are masked, and shows the rest as it was published',
  async () => {
    const event = { event: TYPE.name, customer_id: 'acme', data: DATA };
    const { body } = await stage.posthorn.call('POST', '/v1/events', event);
    const { page, faults } = await stage.openSignedIn();
    await page.goto(`${stage.posthorn.url()}/ui/events/${(body as { readonly id: string }).id}`);
    await page.getByText('sensitive, shown as ***: /user/email, /cards/number').waitFor();
    const shown = page.getByRole('region', { name: 'Data as published, text' });
    const text = await shown.textContent();
    expect(JSON.parse(text ?? '')).toEqual({
      user: { email: '***', name: 'M' },
      cards: [{ number: '***' }],
      plan: 'free',
      note: '***',
    });
    const tree = await shown.ariaSnapshot();
    expect(tree.match(/← masked/g)).toHaveLength(2);
    expect(tree).not.toContain('mallory');
    expect(faults).toEqual([]);
  },
  SLOW,
);

it(
  'says on the page of a type which members are sensitive',
  async () => {
    const { page, faults } = await stage.openSignedIn();
    await page.goto(`${stage.posthorn.url()}/ui/event-types/${TYPE.name}`);
    await page.getByText('/user/email, /cards/number: shown as *** here, and sent to receivers').waitFor();
    const rows = page.getByRole('region', { name: 'Members of the data' }).getByRole('row');
    const shownOf = async (name: string) => await rows.filter({ hasText: name }).first().textContent();
    expect(await shownOf('user')).toContain('masked in part');
    expect(await shownOf('plan')).not.toContain('masked');
    expect(faults).toEqual([]);
  },
  SLOW,
);
