import { randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { readHostPaths } from '../../src/config.ts';
import { findTemporalCli } from '../../src/main/servers/download/find-server.ts';
import { startEmbeddedPostgres } from '../../src/main/servers/embedded-postgres.ts';
import { startTemporal } from '../../src/main/servers/embedded-temporal.ts';
import { migrate } from '../../src/storage/postgres/migrate.ts';
import { type Posthorn, startPosthorn } from '../support/processes/posthorn.ts';
import { startReceiver } from '../support/receivers/receiver.ts';
import { removeDirectory } from '../support/remove-directory.ts';

/** What of a run stands in its input, and so lies encrypted in Temporal. */
const PLAINTEXT = '"deliveryId"';
const CODEC_PATH = '/v1/temporal/codec';
const SETTLED = { waitUntil: 'networkidle' } as const;

const [browserPath] = process.argv.slice(2);
if (browserPath === undefined) throw new Error('Give the path of Chromium');
await main(browserPath);

/**
 * Run by hand: looks at an encrypted run in the Temporal UI with a real browser, without the codec endpoint, with it
 * but without a session, and with both, all by the pages that an operator has. Throws where a payload shows up when it
 * should not.
 */
async function main(executablePath: string): Promise<void> {
  const opened: (() => Promise<unknown>)[] = [];
  try {
    const { posthorn, uiUrl, apiUrl } = await openStage(opened);
    const runUrl = `${uiUrl}/namespaces/default/workflows/${await makeRun(posthorn, opened)}`;
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
    opened.push(async () => await browser.close());
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(runUrl, SETTLED);
    await expectPlaintext(page, false, 'without a codec endpoint');
    await setCodecEndpoint(page, apiUrl + CODEC_PATH);
    await page.reload(SETTLED);
    await expectPlaintext(page, false, 'with the codec endpoint, without a session');
    await beginSession(context, { apiUrl, adminKey: posthorn.environment.POSTHORN_ADMIN_KEY ?? '' });
    await page.reload(SETTLED);
    await expectPlaintext(page, true, 'with both');
  } finally {
    for (const close of opened.reverse()) await close();
  }
}

async function openStage(
  opened: (() => Promise<unknown>)[],
): Promise<{ posthorn: Posthorn; uiUrl: string; apiUrl: string }> {
  const dataDir = mkdtempSync(join(tmpdir(), 'posthorn-browser-'));
  opened.push(async () => removeDirectory(dataDir));
  const postgres = await startEmbeddedPostgres({ dataDir });
  opened.push(async () => await postgres.stop());
  await migrate(postgres.url);
  const binary = await findTemporalCli(readHostPaths());
  const temporal = await startTemporal({ binary, dataDir, inMemory: true });
  opened.push(async () => await temporal.stop());
  const uiUrl = temporal.uiUrl ?? '';
  const posthorn = await startPosthorn({
    databaseUrl: postgres.url,
    temporalAddress: temporal.address,
    namespace: 'default',
    environment: {
      TEMPORAL_UI_URL: uiUrl,
      POSTHORN_TEMPORAL_CODEC_KEY: randomBytes(32).toString('base64'),
    },
  });
  opened.push(posthorn.stop);
  await posthorn.startWorker();
  const [, port] = await posthorn.api().waitForOutput(/"port":(\d+),"msg":"api ready"/);
  return { posthorn, uiUrl, apiUrl: `http://127.0.0.1:${port}` };
}

async function makeRun(posthorn: Posthorn, opened: (() => Promise<unknown>)[]): Promise<string> {
  const receiver = await startReceiver();
  opened.push(receiver.close);
  const { publish } = await posthorn.endpoint({ url: receiver.url });
  return (await posthorn.untilStatus(await publish(), 'delivered')).id;
}

async function setCodecEndpoint(page: Page, endpoint: string): Promise<void> {
  await page.getByTestId('data-encoder-status').first().click();
  await page.getByText('Use my browser setting').click();
  await page.getByPlaceholder('Paste your endpoint here').fill(endpoint);
  await page.getByText('Include cross-origin credentials').click();
  await page.getByRole('button', { name: 'Apply' }).click();
}

async function beginSession(
  context: BrowserContext,
  { apiUrl, adminKey }: { readonly apiUrl: string; readonly adminKey: string },
): Promise<void> {
  const docs = await context.newPage();
  await docs.goto(`${apiUrl}/docs`, SETTLED);
  await docs.locator('button.authorize').first().click();
  await docs.locator('.modal-ux input').fill(adminKey);
  await docs.locator('.modal-ux button.authorize').click();
  await docs.locator('.modal-ux button.btn-done').click();
  const operation = docs.locator('#operations-temporal-CodecSession_begin');
  await operation.locator('.opblock-summary-control').click();
  await operation.locator('.try-out__btn').click();
  const answered = docs.waitForResponse(`**${CODEC_PATH}/session`);
  await operation.locator('.execute').click();
  if ((await answered).status() !== 204) throw new Error('No session could be begun');
  await docs.close();
}

async function expectPlaintext(page: Page, wanted: boolean, when: string): Promise<void> {
  const input = page.getByText(wanted ? PLAINTEXT : /^\s*"[\w+/=\s]{100,}"\s*$/).first();
  await input.waitFor({ timeout: 15_000 });
  const shown = ((await page.locator('body').textContent()) ?? '').includes(PLAINTEXT);
  process.stdout.write(`  ${when}: payloads are ${shown ? 'readable' : 'encrypted'}\n`);
  if (shown !== wanted) throw new Error(`Payloads are ${shown ? '' : 'not '}readable ${when}`);
}
