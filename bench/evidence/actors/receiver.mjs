// @ts-check
// A receiver of webhooks by itself, without a dependency: `node receiver.mjs LEDGER`. It writes down each request and
// syncs the file before it answers, so that whatever a sender was told to be taken is on the disk.
// docs/evidence/README.md tells the format. What it shall do with a path is told by `POST /-/behave` with {"path",
// "does", "forMs"}; it prints its port as JSON once it listens.
import { fdatasync, openSync, write } from 'node:fs';
import { createServer } from 'node:http';
import { promisify } from 'node:util';

const [, , file = ''] = process.argv;
const ledger = openSync(file, 'ax');
const writeAll = promisify(write);
const sync = promisify(fdatasync);
const KEPT_HEADERS = ['webhook-id', 'webhook-timestamp', 'webhook-signature'];
const DRIBBLE_MS = 500;
const TAKEN = 204;

/** What may be done with a request beside taking it: the status, or none where it is never or only slowly answered. */
const STATUSES = { 500: 500, 429: 429, 410: 410, hang: null, reset: null, slow: null };

/** @type {Map<string, {does: keyof typeof STATUSES, until: number}>} */
const behaviours = new Map();
let delayMs = 0;
let seq = 0;
let requests = 0;

/** @type {{text: string, then: () => void}[]} */
let waiting = [];
let isWriting = false;

/** @param {Record<string, unknown>} entry @returns {Promise<void>} once it is on the disk */
function note(entry) {
  seq += 1;
  const text = `${JSON.stringify({ seq, at: performance.timeOrigin + performance.now(), ...entry })}\n`;
  return new Promise((then) => {
    waiting.push({ text, then });
    if (!isWriting) void writeOut();
  });
}

/** One write and one sync for all that came meanwhile. */
async function writeOut() {
  isWriting = true;
  while (waiting.length > 0) {
    const group = waiting;
    waiting = [];
    await writeAll(ledger, group.map(({ text }) => text).join(''));
    await sync(ledger);
    for (const { then } of group) then();
  }
  isWriting = false;
}

/** @param {import('node:http').IncomingMessage} incoming @returns {Promise<string | null>} null where it broke off */
async function bodyOf(incoming) {
  const chunks = [];
  try {
    for await (const chunk of incoming) chunks.push(chunk);
    return Buffer.concat(chunks).toString('utf8');
  } catch {
    return null;
  }
}

/** @param {string} path */
function behaviourAt(path) {
  const behaviour = behaviours.get(path);
  return behaviour === undefined || behaviour.until < performance.now() ? null : behaviour.does;
}

const server = createServer(async (incoming, outgoing) => {
  const { url = '', headers } = incoming;
  const body = await bodyOf(incoming);
  if (url === '/-/behave') {
    control(JSON.parse(body ?? '{}'));
    outgoing.writeHead(TAKEN).end();
    return;
  }
  requests += 1;
  const request = requests;
  const does = behaviourAt(url);
  const status = does === null ? TAKEN : STATUSES[does];
  outgoing.once('close', () => void note({ kind: 'answered', request, complete: outgoing.writableFinished }));
  await note({
    kind: 'request',
    request,
    path: url,
    sender: headers['user-agent'] ?? '',
    status: body === null ? null : status,
    headers: Object.fromEntries(KEPT_HEADERS.map((name) => [name, headers[name] ?? ''])),
    body: body ?? '',
  });
  if (does === 'reset') incoming.socket.resetAndDestroy();
  else if (does === 'slow') dribble(outgoing);
  else if (status !== null) setTimeout(() => answer(outgoing, status), delayMs);
});

/** @param {import('node:http').ServerResponse} outgoing @param {number} status */
function answer(outgoing, status) {
  outgoing.writeHead(status, status === 429 ? { 'retry-after': '3' } : {}).end();
}

/** Sends its answer byte by byte and never ends. @param {import('node:http').ServerResponse} outgoing */
function dribble(outgoing) {
  outgoing.writeHead(200);
  const timer = setInterval(() => outgoing.write('.'), DRIBBLE_MS);
  outgoing.once('close', () => clearInterval(timer));
}

/** @param {{path?: string, does?: keyof typeof STATUSES | 'take', forMs?: number, delayMs?: number}} wish */
function control({ path, does = 'take', forMs = Number.POSITIVE_INFINITY, delayMs: wanted }) {
  if (wanted !== undefined) delayMs = wanted;
  if (path === undefined) return;
  if (does === 'take') behaviours.delete(path);
  else behaviours.set(path, { does, until: performance.now() + forMs });
}

server.keepAliveTimeout = 0;
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : null;
  process.stdout.write(`${JSON.stringify({ port })}\n`);
});
process.once('SIGTERM', () => {
  server.closeAllConnections();
  server.close(() => process.exit(0));
});
