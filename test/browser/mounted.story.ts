import { once } from 'node:events';
import { createServer, request as forward, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { HANDS } from './hands.ts';
import { openStage, type Stage } from './stage.ts';

const SLOW = 120_000;
const MOUNT = '/hooks';
/** What the first page may weigh over the wire. */
const MOST_BYTES = 140 * 1024;

let stage: Stage;
let proxy: Server;
let mounted: string;
let version: string | null = null;
let letsStreamsThrough = true;
beforeAll(async () => {
  stage = await openStage({ POSTHORN_BASE_PATH: MOUNT });
  const other = stage.posthorn.processes.startRole('api', { ...stage.posthorn.environment });
  const [, port] = await other.waitForOutput(/"port":(\d+),"msg":"api ready"/);
  const replicas = [stage.posthorn.url(), `http://127.0.0.1:${port}`];
  let turn = 0;
  // As proxies do: one API after the other, whatever the request, and only below the mount.
  proxy = createServer((incoming, outgoing) => {
    const target = replicas[turn++ % replicas.length] ?? '';
    if (incoming.url?.startsWith(MOUNT) !== true)
      return void outgoing.writeHead(404).end('not below the mount');
    if (!letsStreamsThrough && incoming.url.includes('/stream'))
      return void outgoing.writeHead(502).end('no streams here');
    if (version !== null && incoming.url.includes('/health/live')) {
      return void outgoing
        .writeHead(200, { 'Content-Type': 'application/json' })
        .end(JSON.stringify({ status: 'ok', version }));
    }
    const passed = forward(
      target + incoming.url,
      { method: incoming.method, headers: incoming.headers },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    passed.on('error', () => outgoing.destroy());
    incoming.pipe(passed);
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  mounted = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}${MOUNT}`;
}, SLOW);
afterAll(async () => {
  proxy.closeAllConnections();
  proxy.close();
  await stage.close();
});

async function mountedLink(): Promise<string> {
  const answer = await fetch(`${mounted}/v1/session/links`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${stage.posthorn.environment.POSTHORN_ADMIN_KEY}` },
  });
  return ((await answer.json()) as { readonly url: string }).url;
}

async function makeEndpoint(customer: string): Promise<void> {
  const url = `${stage.posthorn.url()}/v1/echo/${customer}`;
  await stage.posthorn.call('POST', '/v1/endpoints', { url, customer_id: customer });
}

async function publish(customer: string): Promise<void> {
  const event = { event: 'job.completed', customer_id: customer, data: { job_id: 'J-1' } };
  await stage.posthorn.call('POST', '/v1/events', event);
}

it.each(HANDS)(
  'works over two replicas below a path: sign-in, links, changes, live lists; and tells of an upgrade, by the %s',
  async (hand, handsOf) => {
    const { page, faults } = await stage.open();
    const hands = handsOf(page);
    const customer = `mounted-${hand}`;
    let bytes = 0;
    page.on('response', (response) => {
      if (response.url().includes('/ui')) bytes += Number(response.headers()['content-length'] ?? 0);
    });
    const url = await mountedLink();
    expect(url).toMatch(new RegExp(`^${mounted}/ui#code=`));
    await page.goto(url);
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
    await page.getByRole('heading', { name: 'Needs attention' }).waitFor();
    await page.getByText('Nothing needs you.').waitFor();
    expect(bytes).toBeGreaterThan(10_000);
    expect(bytes).toBeLessThan(MOST_BYTES);
    await page.goto(`${mounted}/ui?customer_id=${customer}`);
    await page.getByText('Your first delivery').waitFor();
    await hands.press('link', 'New endpoint');
    await hands.fill('URL', `${stage.posthorn.url()}/v1/echo/${customer}`);
    await hands.press('button', 'Create the endpoint');
    await page.getByText('The endpoint is made.').waitFor();
    expect(new URL(page.url()).pathname).toBe(`${MOUNT}/ui/endpoints/new`);
    await hands.press('link', 'Deliveries', 'Places');
    await page.getByText('No deliveries match the filter').waitFor();
    await publish(customer);
    await hands.press('link', /^job\.completed, delivery/);
    await page.getByText(/Delivered after 1 attempt/).waitFor();
    await page.getByRole('button', { name: 'live', exact: true }).waitFor();
    const refused = await fetch(`${mounted}/v1/deliveries/del_none`);
    const { type } = (await refused.json()) as { readonly type: string };
    expect((await fetch(new URL(type, mounted))).status).toBe(200);
    version = '9.9.9';
    await page.getByText('Posthorn is now version 9.9.9').waitFor();
    version = null;
    expect(faults).toEqual([]);
  },
  SLOW,
);

it(
  'tells what happens by the stream, and asks again and again where a proxy lets none through',
  async () => {
    const { page, faults } = await stage.open();
    await page.goto(await mountedLink());
    await page.getByRole('button', { name: 'live', exact: true }).waitFor();
    await makeEndpoint('streamed');
    await page.goto(`${mounted}/ui/live?customer_id=streamed`);
    await page.getByText('Attempts as they are made.').waitFor();
    await page.getByRole('button', { name: 'live', exact: true }).waitFor();
    await publish('streamed');
    await page.getByRole('link', { name: /delivered/ }).waitFor();
    expect(await page.getByRole('link', { name: /delivered/ }).count()).toBe(1);
    letsStreamsThrough = false;
    await page.goto(`${mounted}/ui/deliveries?customer_id=streamed`);
    await page.getByRole('button', { name: 'polling' }).waitFor();
    await page.getByRole('link', { name: /^job\.completed, delivery/ }).waitFor();
    expect(await page.getByRole('link', { name: /^job\.completed, delivery/ }).count()).toBe(1);
    await publish('streamed');
    await page
      .getByRole('link', { name: /^job\.completed, delivery/ })
      .nth(1)
      .waitFor();
    letsStreamsThrough = true;
    expect(faults).toEqual([]);
  },
  SLOW,
);
