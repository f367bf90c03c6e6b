import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { findChromium } from '../support/browser/find-chromium.ts';
import { type Posthorn, startPosthorn } from '../support/processes/posthorn.ts';

const WAIT_MS = 15_000;
/** Run in each page before its own scripts. */
const NOTE_VIOLATIONS = `addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
  noteViolation(violatedDirective + ' ' + blockedURI))`;

/** A page that notes what goes wrong in it. */
export interface WatchedPage {
  readonly page: Page;
  /** Errors on its console, exceptions nobody caught, and what its content policy refused. */
  readonly faults: readonly string[];
}

/** How a page is opened; as a wide window where nothing is said. */
export interface PageOptions {
  readonly width?: number;
}

/** Posthorn with echo receivers and a worker, and a real browser. */
export interface Stage {
  readonly posthorn: Posthorn;
  readonly browser: Browser;
  /** Opens a page in a browser that nobody has signed in to; what was open before is closed. */
  open(options?: PageOptions): Promise<WatchedPage>;
  /** Opens one and signs it in by a link of the operator's. */
  openSignedIn(options?: PageOptions): Promise<WatchedPage>;
  /** A link that signs in one browser. */
  link(): Promise<string>;
  close(): Promise<void>;
}

/** Starts it all, once for every story of a file. @throws where there is no Chromium on the path */
export async function openStage(
  environment: Readonly<Record<string, string>> = {},
  { blocksForeignCookies = false }: { readonly blocksForeignCookies?: boolean } = {},
): Promise<Stage> {
  const posthorn = await startPosthorn({ environment: { POSTHORN_ECHO: 'true', ...environment } });
  await posthorn.startWorker();
  const browser = await chromium.launch({
    executablePath: findChromium(),
    args: ['--no-sandbox', ...(blocksForeignCookies ? ['--test-third-party-cookie-phaseout'] : [])],
  });
  let opened: BrowserContext | undefined;
  const open: Stage['open'] = async ({ width = 1_280 } = {}) => {
    await opened?.close();
    opened = await browser.newContext({ viewport: { width, height: 900 } });
    return await watch(opened);
  };
  const link: Stage['link'] = async () => {
    const { body } = await posthorn.call('POST', '/v1/session/links');
    return (body as { readonly url: string }).url;
  };
  return {
    posthorn,
    browser,
    open,
    openSignedIn: async (options) => {
      const watched = await open(options);
      await watched.page.goto(await link());
      await watched.page.getByRole('heading', { level: 1 }).waitFor();
      return watched;
    },
    link,
    close: async () => {
      await opened?.close();
      await browser.close();
      await posthorn.stop();
    },
  };
}

async function watch(context: BrowserContext): Promise<WatchedPage> {
  const faults: string[] = [];
  await context.exposeFunction('noteViolation', (text: string) => faults.push(text));
  await context.addInitScript(NOTE_VIOLATIONS);
  const page = await context.newPage();
  page.setDefaultTimeout(WAIT_MS);
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    // What the API refuses, the browser notes by itself; stories provoke that.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      faults.push(message.text());
  });
  return { page, faults };
}
