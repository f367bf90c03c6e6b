import { type Browser, chromium, type Page } from 'playwright-core';
import { findChromium } from '../../test/support/browser/find-chromium.ts';

const WAIT_MS = 60_000;

/** Somebody at a browser who acts by the names of things, and is counted. */
export interface SupportDesk {
  readonly page: Page;
  readonly clicks: number;
  readonly typed: number;
  click(role: 'link' | 'button', name: string | RegExp): Promise<void>;
  type(label: string | RegExp, text: string): Promise<void>;
  /** Waits until the page says this. */
  read(text: string | RegExp): Promise<void>;
  /** Waits for the page of this title, before what the last one had under the same name is clicked. */
  readTitle(title: string | RegExp): Promise<void>;
}

/** Starts the browser that they sit at. @throws where there is no Chromium on the path */
export async function startBrowser(): Promise<Browser> {
  return await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox'] });
}

/** Sits down at a page that has signed in. */
export async function openDesk(browser: Browser, link: string): Promise<SupportDesk> {
  const page = await browser.newPage({ viewport: { width: 1_440, height: 900 } });
  page.setDefaultTimeout(WAIT_MS);
  await page.goto(link);
  await page.getByRole('heading', { level: 1 }).waitFor();
  return new Desk(page);
}

class Desk implements SupportDesk {
  readonly page: Page;
  clicks = 0;
  typed = 0;

  constructor(page: Page) {
    this.page = page;
  }

  async click(role: 'link' | 'button', name: string | RegExp): Promise<void> {
    this.clicks += 1;
    await this.page
      .getByRole(role, { name, exact: typeof name === 'string' })
      .first()
      .click();
  }

  async type(label: string | RegExp, text: string): Promise<void> {
    this.typed += 1;
    await this.page.getByLabel(label).first().fill(text);
    await this.page.keyboard.press('Enter');
  }

  async read(text: string | RegExp): Promise<void> {
    await this.page.getByText(text).first().waitFor();
  }

  async readTitle(title: string | RegExp): Promise<void> {
    await this.page.getByRole('heading', { level: 1, name: title }).waitFor();
  }
}
