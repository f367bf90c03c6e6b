import { readdirSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type HostileRequest,
  hostileShapes,
  hostileVariant,
} from '../../test/support/api/hostile-request.ts';
import { sendHostile } from '../../test/support/api/hostile-requests.ts';
import { randomFrom } from '../../test/support/api/random.ts';
import { LOOP_WATCH, LoopHolds } from '../measure/loop-holds.ts';
import { residentMegabytes } from '../measure/resident-memory.ts';
import { inSetting, type Setting } from '../setting.ts';
import type { Check, SoakContext, SoakScenario } from './soak-scenario.ts';

const PROBE_EVERY_MS = 100;
const MAX_HOLD_MS = 200;
const MAX_ANSWER_BYTES = 1_048_576;
const STRANGERS = 60;
const STRANGER_BYTES = 16_777_216;
/** A stranger may cost this much, and the process what its allocator keeps. */
const MAX_STRANGER_BYTES = 65_536;
const SLACK_MEGABYTES = 40;
const SETTLE_MS = 5_000;
const ENVIRONMENT = { NODE_OPTIONS: `--max-semi-space-size=8 ${LOOP_WATCH}`, POSTHORN_ECHO: 'true' };

/**
 * Requests that cost as much as they can, of every shape and of seeded variants, while others ask whether the API is
 * well.
 */
export const hostileRequests: SoakScenario = {
  name: 'hostile-requests',
  summary: 'requests that cost as much as they can, beside which the API goes on answering',
  defaultCount: 1_000,
  leastCount: 20,
  run: async (context) =>
    await inSetting(context, { environment: ENVIRONMENT }, async (setting) => await run(context, setting)),
};

async function run(context: SoakContext, { installation }: Setting): Promise<readonly Check[]> {
  const { apiUrl: url, adminKey: key } = installation;
  const pid = installation.processIds().api ?? Number.NaN;
  await registerSchemas(url, key);
  const holds = new LoopHolds(pid);
  const before = { descriptors: descriptorsOf(pid), megabytes: residentMegabytes(pid) };
  const probe = startProbe(url);
  const strangers = await meetStrangers(url, pid);
  const { worst, failures, longestAnswerBytes } = await sendAll(context, { url, key, holds });
  const probes = await probe.stop();
  await delay(SETTLE_MS);
  const after = { descriptors: descriptorsOf(pid), megabytes: residentMegabytes(pid) };
  holds.close();
  for (const failure of failures.slice(0, 10)) context.onProgress(failure);
  return [
    check(
      'no request is answered by a server error, or not at all',
      `${failures.length}`,
      failures.length === 0,
    ),
    check(
      'no answer is longer than 1 MiB',
      `${longestAnswerBytes} bytes`,
      longestAnswerBytes < MAX_ANSWER_BYTES,
    ),
    check(
      `no request holds the event loop for more than ${MAX_HOLD_MS} ms`,
      worst.text,
      worst.holdMs <= MAX_HOLD_MS,
    ),
    check(
      'the API is asked ten times a second whether it is well, and says so',
      `${probes.failed} failed, slowest ${probes.slowestMs.toFixed(0)} ms`,
      probes.failed === 0,
    ),
    check(
      `a stranger costs at most ${MAX_STRANGER_BYTES / 1_024} KiB`,
      `${strangers.toFixed(0)} MB for ${STRANGERS}`,
      strangers <= SLACK_MEGABYTES + (STRANGERS * MAX_STRANGER_BYTES) / 1e6,
    ),
    check(
      'descriptors are back to what they were',
      `${before.descriptors} → ${after.descriptors}`,
      after.descriptors <= before.descriptors + 5,
    ),
    check(
      'the process goes on',
      `${before.megabytes.toFixed(0)} → ${after.megabytes.toFixed(0)} MB`,
      pid === installation.processIds().api,
    ),
  ];
}

function check(promise: string, measured: string, kept: boolean): Check {
  return { promise, measured, kept };
}

interface Worst {
  readonly holdMs: number;
  readonly text: string;
}

async function sendAll(
  { count, signal, onProgress }: SoakContext,
  { holds, ...target }: { readonly url: string; readonly key: string; readonly holds: LoopHolds },
): Promise<{ worst: Worst; failures: readonly string[]; longestAnswerBytes: number }> {
  const random = randomFrom(1);
  const shapes = [...hostileShapes(), ...schemaShapes()];
  const requests = Array.from({ length: count }, (_, index) => shapes[index] ?? hostileVariant(random));
  let worst: Worst = { holdMs: 0, text: 'none' };
  let longestAnswerBytes = 0;
  const failures: string[] = [];
  holds.longestSince();
  for (const [index, request] of requests.entries()) {
    signal.throwIfAborted();
    const outcome = await sendHostile([request], target);
    failures.push(...outcome.failures);
    longestAnswerBytes = Math.max(longestAnswerBytes, outcome.longestAnswerBytes);
    // So that what is noted a moment later is its own.
    await delay(PROBE_EVERY_MS * 1.5);
    const holdMs = holds.longestSince();
    if (holdMs > MAX_HOLD_MS / 2) onProgress(`${holdMs.toFixed(0)} ms: ${request.shape}`);
    if (holdMs > worst.holdMs) worst = { holdMs, text: `${holdMs.toFixed(0)} ms by ${request.shape}` };
    if ((index + 1) % 100 === 0) onProgress(`${index + 1} of ${count}, worst ${worst.text}`);
  }
  return { worst, failures, longestAnswerBytes };
}

const SCHEMAS = [
  ['hostile.pattern', { properties: { a: { pattern: '^(\\w+\\s?)+$' } } }],
  ['hostile.items', { properties: { a: { uniqueItems: true } } }],
  ['hostile.keys', { patternProperties: { '^(x+x+)+y$': true } }],
] as const;

async function registerSchemas(url: string, key: string): Promise<void> {
  const requests = SCHEMAS.map(([name, schema]) => ({
    shape: name,
    method: 'POST' as const,
    path: '/v1/event-types',
    body: JSON.stringify({ name, schema }),
  }));
  await sendHostile(requests, { url, key });
}

function schemaShapes(): readonly HostileRequest[] {
  const values = [`${'a'.repeat(70)}!`, Array.from({ length: 18_000 }, (_, index) => ({ index })), undefined];
  return SCHEMAS.map(([event], index) => {
    const data = index === 2 ? { ['x'.repeat(60)]: 1 } : { a: values[index] };
    const body = JSON.stringify({ event, customer_id: 'acme', data });
    return { shape: `the schema ${event}`, method: 'POST', path: '/v1/events', body };
  });
}

/** Connections that send large bodies without a key; how many MB the process grew meanwhile. */
async function meetStrangers(url: string, pid: number): Promise<number> {
  const before = residentMegabytes(pid);
  const sockets = Array.from({ length: STRANGERS }, () => stranger(url));
  await delay(SETTLE_MS);
  const grown = residentMegabytes(pid) - before;
  for (const socket of sockets) socket.destroy();
  return grown;
}

function stranger(url: string): Socket {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => {});
  socket.write(
    `POST /v1/events/batch HTTP/1.1\r\nHost: a\r\n` +
      `Content-Type: application/json\r\nContent-Length: ${STRANGER_BYTES}\r\n\r\n`,
  );
  socket.write(Buffer.alloc(STRANGER_BYTES - 1, 0x20));
  return socket;
}

function startProbe(url: string): {
  stop(): Promise<{ readonly failed: number; readonly slowestMs: number }>;
} {
  const stopping = new AbortController();
  const probing = probe(url, stopping.signal);
  return {
    stop: async () => {
      stopping.abort();
      return await probing;
    },
  };
}

async function probe(url: string, signal: AbortSignal): Promise<{ failed: number; slowestMs: number }> {
  let [failed, slowestMs] = [0, 0];
  while (!signal.aborted) {
    const startedAt = performance.now();
    const isWell = await fetch(`${url}/v1/health/live`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (!isWell) failed += 1;
    slowestMs = Math.max(slowestMs, performance.now() - startedAt);
    await delay(PROBE_EVERY_MS);
  }
  return { failed, slowestMs };
}

function descriptorsOf(pid: number): number {
  return process.platform === 'linux' ? readdirSync(`/proc/${pid}/fd`).length : 0;
}
