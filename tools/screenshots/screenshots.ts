import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { findChromium } from '../../test/support/browser/find-chromium.ts';
import { type Filled, fillConsole } from './fill-console.ts';
import { startDev } from './start-dev.ts';

const [directory = '.screenshots'] = process.argv.slice(2);
/** After the answers have come: what moves has come to rest. */
const REST_MS = 600;

interface Look {
  readonly name: string;
  /** Of these pages alone; of all where absent. */
  readonly only?: readonly string[];
  readonly colorScheme: 'light' | 'dark';
  readonly width: number;
  readonly height: number;
}

const LOOKS: readonly Look[] = [
  { name: 'light', colorScheme: 'light', width: 1_440, height: 900 },
  { name: 'dark', colorScheme: 'dark', width: 1_440, height: 900 },
  { name: 'phone', colorScheme: 'light', width: 400, height: 860 },
  // As the documentation shows it.
  { name: 'docs', colorScheme: 'light', width: 1_280, height: 900, only: ['overview', 'delivery'] },
];

function pagesOf({ endpoint, delivery, event, replay }: Filled): Readonly<Record<string, string>> {
  return {
    overview: '/?range=24h',
    deliveries: '/deliveries',
    delivery: `/deliveries/${delivery}`,
    'delivery-beside': `/deliveries?open=${delivery}`,
    'dead-letters': '/dead-letters',
    'dead-letters-one-by-one': '/dead-letters?flat=1',
    endpoints: '/endpoints',
    'new-endpoint': '/endpoints/new',
    endpoint: `/endpoints/${endpoint}`,
    'endpoint-deliveries': `/endpoints/${endpoint}?tab=deliveries`,
    'endpoint-settings': `/endpoints/${endpoint}?tab=settings`,
    'endpoint-secret': `/endpoints/${endpoint}?tab=secret`,
    'endpoint-test': `/endpoints/${endpoint}?tab=test`,
    events: '/events',
    event: `/events/${event}`,
    publish: '/events/new',
    replays: '/replays',
    replay: `/replays/${replay}`,
    live: '/live',
    'event-types': '/event-types',
    'event-type': '/event-types/job.completed',
    tools: '/tools',
    keys: '/settings/keys',
    'portal-links': '/settings/portal',
    sessions: '/settings/sessions',
    destinations: '/settings/destinations',
    'master-key': '/settings/master-key',
    audit: '/settings/audit',
    about: '/settings/about',
  };
}

const PORTAL = { customer_id: 'acme', name: 'Acme webhooks', capabilities: ['view', 'test', 'retry'] };
const PORTAL_PAGES = { portal: '/?range=24h', 'portal-endpoints': '/endpoints', 'portal-events': '/events' };

await main();

/** Fills a Posthorn of its own, and makes a picture of each page in each look. */
async function main(): Promise<void> {
  mkdirSync(directory, { recursive: true });
  const dev = await startDev();
  try {
    const filled = await fillConsole(dev);
    const browser = await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox'] });
    try {
      for (const look of LOOKS) {
        await shoot(browser, { look, root: `${dev.url}/ui`, link: await dev.link(), pages: pagesOf(filled) });
        const { url } = await dev.call('POST', '/v1/portal-sessions', PORTAL);
        await shoot(browser, { look, root: `${dev.url}/portal`, link: String(url), pages: PORTAL_PAGES });
      }
    } finally {
      await browser.close();
    }
  } finally {
    await dev.stop();
  }
}

interface Shoot {
  readonly look: Look;
  /** Where the pages begin. */
  readonly root: string;
  readonly link: string;
  readonly pages: Readonly<Record<string, string>>;
}

async function shoot(browser: Browser, { look, root, link, pages }: Shoot): Promise<void> {
  const { colorScheme, width, height } = look;
  const context = await browser.newContext({ colorScheme, viewport: { width, height }, locale: 'en-GB' });
  const page = await context.newPage();
  await page.goto(link);
  await page.getByRole('heading', { level: 1 }).waitFor();
  for (const [name, path] of Object.entries(pages)) {
    if (look.only?.includes(name) === false) continue;
    await page.goto(`${root}${path}`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.waitForTimeout(REST_MS);
    await page.screenshot({ path: join(directory, `${name}-${look.name}.png`) });
  }
  await context.close();
}
