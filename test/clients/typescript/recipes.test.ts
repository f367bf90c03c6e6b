import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import getPort from 'get-port';
import ts from 'typescript';
import { signDelivery } from '../../../src/signature/sign.ts';
import { createProcessGroup } from '../../support/processes/processes.ts';
import { golden } from '../../support/receivers/golden.ts';

const README = readFileSync('clients/typescript/recipes/README.md', 'utf8');
/** Within the clone, so that frameworks are found. */
const ROOM = resolve('dist', 'recipes');
const VERIFY = pathToFileURL(resolve('dist/clients/typescript/verify.js')).href;
/** Serves a route of Next.js, as its server would. */
const SERVE_NEXT = `
import { createServer } from 'node:http';
import { Readable } from 'node:stream';
createServer(async (incoming, outgoing) => {
  const { method, headers, url } = incoming;
  const body = Readable.toWeb(incoming);
  const request = new Request(new URL(url ?? '', 'http://localhost'), { method, headers, body, duplex: 'half' });
  const response = await POST(request);
  outgoing.writeHead(response.status).end(await response.text());
}).listen(Number(process.env.PORT), '127.0.0.1');
`;

const processes = createProcessGroup();
beforeAll(() => {
  mkdirSync(ROOM, { recursive: true });
});
afterAll(async () => {
  await processes.stopAll();
  rmSync(ROOM, { recursive: true, force: true });
});

describe.each([
  [
    'express',
    'express.raw(',
    'express.json(',
    'rawBody: request.body',
    'rawBody: JSON.stringify(request.body)',
  ],
  [
    'fastify',
    'done(null, body)',
    'done(null, JSON.parse(String(body)))',
    'request.body as Buffer',
    'JSON.stringify(request.body)',
  ],
  ['next', '', '', 'await request.text()', 'JSON.stringify(await request.json())'],
])('the recipe for %s', (name, parser, mistakenParser, raw, mistakenRaw) => {
  const [, recipe = ''] = new RegExp(`<!-- recipe:${name} -->\n\`\`\`ts\n([^]*?)\`\`\``).exec(README) ?? [];

  it('takes what is signed, refuses what is not', async () => {
    const url = await serve(name, recipe);
    expect(await send(url, signed())).toEqual([204, '']);
    const forged = { ...signed(), body: Buffer.from(signed().body.toString().replace('é', 'e')) };
    expect(await send(url, forged)).toEqual([400, 'signature_mismatch']);
  });

  it('has the mistake that it warns of refused', async () => {
    expect(recipe).toContain(raw);
    const mistaken = recipe.replace(parser, mistakenParser).replace(raw, mistakenRaw);
    expect(await send(await serve(`${name}-mistaken`, mistaken), signed())).toEqual([
      400,
      'signature_mismatch',
    ]);
  });
});

/** Emoji, escapes and numbers that no parser of JavaScript keeps. */
function signed() {
  const { body, headers } = signDelivery({
    ...golden.parts,
    dataText: '{"id":9223372036854775807,"rate":1.0,"name":"é\\u00e9 🐎"}',
    timestamp: new Date(),
    secrets: { primary: golden.secret, additional: [] },
  });
  return { body, headers };
}

async function serve(name: string, recipe: string): Promise<string> {
  const port = await getPort();
  const source = recipe.replace("'posthorn-client/verify'", `'${VERIFY}'`);
  const { outputText } = ts.transpileModule(name.startsWith('next') ? source + SERVE_NEXT : source, {
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
  });
  const file = join(ROOM, `${name}.mjs`);
  writeFileSync(file, outputText);
  const listens = `data:text/javascript,import net from 'node:net'; const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function (...args) {
  this.once('listening', () => console.log('listens'));
  return listen.apply(this, args);
};`;
  const process = processes.start('node', ['--import', listens, file], {
    PORT: String(port),
    WEBHOOK_SECRET: golden.secret,
  });
  await process.waitForOutput(/listens/);
  return `http://127.0.0.1:${port}/hook`;
}

async function send(
  url: string,
  { body, headers }: ReturnType<typeof signed>,
): Promise<readonly [number, string]> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json; charset=utf-8' },
    body: new Uint8Array(body),
  });
  return [response.status, await response.text()];
}
