import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { z } from 'zod';
import { type Block, blocks } from '../support/docs/blocks.ts';
import { eventually } from '../support/eventually.ts';
import { type Posthorn, startPosthorn } from '../support/processes/posthorn.ts';

/** Where pages say that the API is. */
const TOLD_URL = 'http://127.0.0.1:3400';
const TOUR = 'docs/first-delivery.md';
/** What the tour sets, and what every other page that uses them relies on. */
const VARIABLES = `
POSTHORN=${TOLD_URL}
AUTH="Authorization: Bearer $(cat .posthorn/admin-key)"
JSON='Content-Type: application/json'
`;
/** A refusal ends the block, so that it cannot pass unseen. */
const STRICT = 'set -euo pipefail\ncurl() { command curl --fail-with-body "$@"; }\n';

const runnable = blocks().filter(({ language, mark }) => language === 'bash' && mark === null);
const listSchema = z.object({ items: z.array(z.object({ id: z.string() })) });

const echoSchema = z.object({
  items: z.array(z.object({ json: z.object({ event: z.string(), attempt: z.number() }) })),
});

let posthorn: Posthorn;
let directory: string;
beforeAll(async () => {
  posthorn = await startPosthorn({ environment: { POSTHORN_ECHO: 'true' } });
  await posthorn.startWorker();
  directory = mkdtempSync(join(tmpdir(), 'posthorn-commands-'));
  mkdirSync(join(directory, '.posthorn'));
  writeFileSync(join(directory, '.posthorn', 'admin-key'), posthorn.environment.POSTHORN_ADMIN_KEY ?? '');
  writeFileSync(join(directory, 'posthorn'), `#!/bin/sh\nexec '${resolve('posthorn')}' "$@"\n`);
  chmodSync(join(directory, 'posthorn'), 0o755);
  await posthorn.call('POST', '/v1/endpoints', {
    url: `${posthorn.url()}/v1/echo/hello`,
    customer_id: 'acme',
  });
}, 60_000);
afterAll(async () => {
  rmSync(directory, { recursive: true, force: true });
  await posthorn.stop();
});

describe('the commands of the pages', () => {
  it('lead through the first delivery: fail, look, repair, retry', async () => {
    const tour = runnable.filter(({ page }) => page === TOUR);
    let variables = '';
    for (const block of tour) {
      const filled = await fillIn(block.text);
      await run(`${variables}\n${filled}`);
      variables += assignmentsOf(filled);
    }
    expect(tour.length).toBeGreaterThan(5);
    const arrived = await eventually(async () => {
      const { items } = echoSchema.parse((await posthorn.call('GET', '/v1/echo/mine')).body);
      return items.find(({ json }) => json.attempt === 4);
    });
    expect(arrived.json.event).toBe('job.failed');
  }, 60_000);

  it.each(
    runnable
      .filter(({ page }) => page !== TOUR)
      .map((block) => [`${block.page}:${block.line}`, block] as const),
  )(
    'work in %s',
    async (_place, block) => {
      await run(VARIABLES + block.text);
    },
    60_000,
  );

  it.each(
    blocks()
      .filter(({ language, mark }) => language === 'sql' && mark === null)
      .map((block) => [`${block.page}:${block.line}`, block] as const),
  )('are SQL that Postgres takes in %s', async (_place, block: Block) => {
    const client = new Client({ connectionString: posthorn.environment.DATABASE_URL });
    await client.connect();
    try {
      await client.query(block.text);
    } finally {
      await client.end();
    }
  });
});

/** Puts the ids in that a reader copies from the answers before. */
async function fillIn(commands: string): Promise<string> {
  if (commands.includes('ENDPOINT=ep_…'))
    return commands.replace('ep_…', await firstOf('/v1/endpoints?customer_id=globex'));
  if (commands.includes('DELIVERY=del_…'))
    return commands.replace('del_…', await firstOf('/v1/dead-letters?customer_id=globex'));
  return commands;
}

async function firstOf(path: string): Promise<string> {
  return await eventually(
    async () => listSchema.parse((await posthorn.call('GET', path)).body).items[0]?.id ?? null,
    { timeoutMs: 30_000 },
  );
}

function assignmentsOf(commands: string): string {
  return commands
    .split('\n')
    .filter((line) => /^[A-Z]+=/.test(line))
    .map((line) => `${line}\n`)
    .join('');
}

/** Runs commands as they stand, but for where this API is. @throws where one fails */
async function run(commands: string): Promise<void> {
  const child = spawn('bash', ['-c', STRICT + commands.replaceAll(TOLD_URL, posthorn.url())], {
    cwd: directory,
    env: {
      ...process.env,
      POSTHORN_URL: posthorn.url(),
      POSTHORN_API_KEY: posthorn.environment.POSTHORN_ADMIN_KEY,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [output, errors, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise((done) => child.once('close', done)),
  ]);
  expect([code, output, errors]).toEqual([0, output, errors]);
}
