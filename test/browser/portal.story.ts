import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { eventually } from '../support/eventually.ts';
import { HANDS, type Hands } from './hands.ts';
import { openStage, type Stage } from './stage.ts';

const SLOW = 120_000;

let host: Server;
let hostUrl: string;
let framed = '';
let stage: Stage;
beforeAll(async () => {
  // A page of somebody else: `localhost` is another site than 127.0.0.1, where the API is.
  host = createServer((_request, response) => {
    response
      .writeHead(200, { 'Content-Type': 'text/html', 'Set-Cookie': 'own=1' })
      .end(
        `<!doctype html><title>A customer's page</title><iframe title="Webhooks" src="${framed}"></iframe>`,
      );
  }).listen(0, '127.0.0.1');
  await once(host, 'listening');
  hostUrl = `http://localhost:${(host.address() as AddressInfo).port}`;
  stage = await openStage({ POSTHORN_PORTAL_FRAME_ANCESTORS: hostUrl }, { blocksForeignCookies: true });
}, SLOW);
afterAll(async () => {
  host.closeAllConnections();
  host.close();
  await stage.close();
});

async function makeEndpoint(customer: string): Promise<string> {
  const url = `${stage.posthorn.url()}/v1/echo/${customer}`;
  const { body } = await stage.posthorn.call('POST', '/v1/endpoints', { url, customer_id: customer });
  return (body as { readonly id: string }).id;
}

async function linkOf(
  customer: string,
  capabilities: readonly string[],
): Promise<{ id: string; url: string }> {
  const { body } = await stage.posthorn.call('POST', '/v1/portal-sessions', {
    customer_id: customer,
    capabilities,
  });
  return body as { id: string; url: string };
}

describe.each(HANDS)('by the %s', (hand, handsOf) => {
  it('a customer sees what the link allows, until that is revoked', async () => {
    const customer = `portal-${hand}`;
    const id = await makeEndpoint(customer);
    await makeEndpoint('somebody-else');
    const link = await linkOf(customer, ['view']);
    const { page, faults } = await stage.open();
    const hands = handsOf(page);
    const fetched: string[] = [];
    page.on('request', (request) => fetched.push(new URL(request.url()).pathname));
    await page.goto(link.url);
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
    expect(await page.getByRole('link', { name: 'Settings' }).count()).toBe(0);
    expect(await page.getByLabel('Customer').count()).toBe(0);
    await hands.press('link', 'Endpoints', 'Places');
    await page.getByRole('link', { name: new RegExp(`v1/echo/${customer}`) }).waitFor();
    expect(await page.getByRole('row').count()).toBe(2);
    expect(await page.getByRole('link', { name: 'New endpoint' }).count()).toBe(0);
    await hands.press('link', new RegExp(`v1/echo/${customer}`));
    await page.getByRole('heading', { level: 1, name: new RegExp(`v1/echo/${customer}`) }).waitFor();
    expect(new URL(page.url()).pathname).toBe(`/portal/endpoints/${id}`);
    expect(await page.getByRole('button', { name: 'Pause…' }).count()).toBe(0);
    expect(fetched.filter((path) => path.includes('settings'))).toEqual([]);
    expect((await page.context().cookies()).length).toBe(0);
    await expectOverOnce(page, async () => await revoke(await page.context().newPage(), handsOf));
    expect(faults).toEqual([]);
  }, 120_000);
});

/** Takes back the newest link, in a console of the operator's. */
async function revoke(page: Page, handsOf: (page: Page) => Hands): Promise<void> {
  const hands = handsOf(page);
  await page.goto(await stage.link());
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
  await page.goto(`${stage.posthorn.url()}/ui/settings/portal`);
  await hands.press('button', 'Revoke…');
  await hands.press('button', 'Revoke the link');
  await page.getByText('Revoked: the page is over with its next request.').waitFor();
  await page.close();
}

/** Once the link is revoked its token is good for nothing at once, and the page says so by itself. */
async function expectOverOnce(page: Page, revokeIt: () => Promise<void>): Promise<void> {
  const call = `fetch('/v1/endpoints', { credentials: 'omit', headers: {
    Authorization: 'Bearer ' + sessionStorage.getItem('posthorn.portal') } }).then(({ status }) => status)`;
  expect(await page.evaluate<number>(call)).toBe(200);
  await revokeIt();
  expect(await page.evaluate<number>(call)).toBe(401);
  await page.getByRole('heading', { name: 'This page is opened by a link' }).waitFor();
}

it.each(HANDS)(
  'works in a frame of another site that gets no cookies, by the %s',
  async (hand, handsOf) => {
    const customer = `framed-${hand}`;
    await makeEndpoint(customer);
    framed = (await linkOf(customer, ['view', 'manage_endpoints'])).url;
    const { page, faults } = await stage.open();
    await page.goto(hostUrl);
    const frame = page.frameLocator('iframe');
    const hands = handsOf(page, frame);
    await frame.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
    await hands.press('link', 'Endpoints', 'Places');
    await hands.press('link', new RegExp(`v1/echo/${customer}`));
    await hands.press('button', 'Pause…');
    await hands.fill('Reason', 'they move house');
    await hands.press('button', /^Pause$/);
    await frame.getByText('“they move house”').waitFor();
    const inner = page.frames().find((one) => one.url().includes('/portal'));
    expect(
      await inner?.evaluate<string>(`document.cookie = 'a=1; SameSite=None; Secure', document.cookie`),
    ).toBe('');
    expect(faults).toEqual([]);
  },
  SLOW,
);

it(
  'is not shown in a frame of a page that nobody named',
  async () => {
    framed = (await linkOf('framed', ['view'])).url;
    const { page } = await stage.open();
    await page.goto(hostUrl.replace('localhost', '127.0.0.1'));
    await eventually(() => page.frames().some((frame) => frame.url().startsWith('chrome-error:')));
    expect(page.frames().filter((frame) => frame.url().includes('/portal'))).toEqual([]);
  },
  SLOW,
);
