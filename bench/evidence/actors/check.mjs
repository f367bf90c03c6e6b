// @ts-check
// Judges a sender of webhooks by ledgers alone: `node check.mjs LEDGER…` prints a verdict as JSON. It knows nothing of
// any sender, reads no database and imports nothing but Node. docs/evidence/README.md tells the format of ledgers. Exit
// code: 0, or 1 where something was lost, came unasked, or came twice without a reason; 2 where a ledger cannot be
// read.
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';

const ID = /\bev-[0-9a-z]+-[0-9]+\b/;
const EXAMPLES = 5;
/** Whoever takes a larger part of the sender's time limit for an answer cannot know that it was heard. */
const SURELY_HEARD = 0.5;
/** By Standard Webhooks: the endpoint is gone for good, and its sender is to disable it. */
const GONE = 410;
/** Whoever was told so may have sent something meanwhile, and has to write it down. */
const HEED_MS = 5_000;

/**
 * @typedef {{kind: string, seq: number, at: number, id?: string, path?: string, paths?: string[], data?: string,
 * group?: string, secrets?: string[], request?: number, sender?: string, status?: number | null, headers?:
 * Record<string, string>, body?: string, complete?: boolean, timeoutMs?: number, fault?: string, hits?: string[] | '*',
 * reachMs?: number}} Entry
 * @typedef {{id: string, path: string, at: number, sender: string, isGone: boolean, tookMs: number | null, isLate:
 * boolean}} Arrival
 * @typedef {{fault: string, hits: string[] | '*', from: number, until: number, stopAt: number}} Window
 * @typedef {{paths: string[], data: string | null, at: number, outcome: string}} Attempt
 */

const verdict = judge(process.argv.slice(2).flatMap(readLedger));
process.stdout.write(`${JSON.stringify(verdict, null, 2)}\n`);
process.exitCode = verdict.valid ? 0 : 1;

/** @param {string} file @returns {Entry[]} */
function readLedger(file) {
  const lines = readFileSync(file, 'utf8').split('\n');
  if (lines.pop() !== '') unreadable(`${file} ends within a line`);
  return lines.map((line, index) => {
    const entry = JSON.parse(line);
    if (entry.seq !== index + 1) unreadable(`${file}: line ${index + 1} has the number ${entry.seq}`);
    return entry;
  });
}

/** @param {string} why @returns {never} */
function unreadable(why) {
  process.stderr.write(`${why}\n`);
  process.exit(2);
}

/** @param {Entry[]} entries */
function judge(entries) {
  const attempts = attemptsIn(entries);
  const endpoints = new Map(ofKind(entries, 'endpoint').map((entry) => [entry.path ?? '', entry]));
  const windows = windowsIn(entries);
  const { finals, unexpected } = sortOut(entries, { attempts, endpoints });
  unexpected.push(...disobediences(entries));
  const arrivals = new Map([...finals].filter(([, list]) => list.some(({ isGone }) => !isGone)));
  const wanted = [...attempts].flatMap(([id, attempt]) =>
    attempt.paths.map((path) => ({ id, path, attempt })),
  );
  const acknowledged = wanted.filter(({ attempt }) => attempt.outcome === 'ack');
  const owed = acknowledged.filter(
    ({ id, path }) => arrivals.has(`${id} ${path}`) || !finals.has(`${id} ${path}`),
  );
  const lost = owed.filter(({ id, path }) => !arrivals.has(`${id} ${path}`));
  const repeats = [...finals.values()].flatMap((list) => repeatsIn(list, windows));
  const duplicated = countBy(repeats.map(({ cause }) => cause));
  const recovered = wanted.filter(
    ({ id, path, attempt }) => attempt.outcome !== 'ack' && arrivals.has(`${id} ${path}`),
  );
  return {
    valid:
      lost.length === 0 && unexpected.length === 0 && !('unexplained' in duplicated) && arrivals.size > 0,
    attempted: wanted.length,
    acknowledged: acknowledged.length,
    unanswered: countBy(wanted.map(({ attempt }) => attempt.outcome).filter((outcome) => outcome !== 'ack')),
    delivered: arrivals.size,
    gone: acknowledged.length - owed.length,
    lost: lost.length,
    unexpected: unexpected.length,
    duplicated,
    recovered: countBy(recovered.map(({ attempt }) => attempt.outcome)),
    delays: delaysOf(owed, { arrivals, endpoints, windows }),
    recovery_ms: recoveryMs(owed, { arrivals, windows }),
    worst_clock_skew_s: worstSkew(entries),
    examples: {
      lost: lost.slice(0, EXAMPLES).map(({ id, path }) => ({ id, path })),
      unexpected: unexpected.slice(0, EXAMPLES),
      unexplained: repeats.filter(({ cause }) => cause === 'unexplained').slice(0, EXAMPLES),
    },
  };
}

/** @param {Entry[]} entries @param {string} kind */
function ofKind(entries, kind) {
  return entries.filter((entry) => entry.kind === kind);
}

/** @param {Entry[]} entries @returns {Map<string, Attempt>} */
function attemptsIn(entries) {
  const attempts = new Map();
  for (const { id, paths = [], data = null, at } of ofKind(entries, 'attempt'))
    attempts.set(id, { paths, data, at, outcome: 'unknown' });
  for (const kind of ['ack', 'refused'])
    for (const { id } of ofKind(entries, kind)) Object.assign(attempts.get(id) ?? {}, { outcome: kind });
  return attempts;
}

/**
 * Each fault with the time in which what it hit may have been forgotten: somewhat before it began until it was over.
 * @param {Entry[]} entries
 * @returns {Window[]}
 */
function windowsIn(entries) {
  const open = new Map();
  const windows = [];
  for (const { kind, fault = '', hits = '*', reachMs = 0, at } of entries) {
    if (kind === 'start')
      open.set(fault, { fault, hits, from: at - reachMs, until: Number.POSITIVE_INFINITY, stopAt: 0 });
    if (kind !== 'stop' || !open.has(fault)) continue;
    windows.push({ ...open.get(fault), until: at + reachMs, stopAt: at });
    open.delete(fault);
  }
  return [...windows, ...open.values()];
}

/**
 * Requests that were answered for good, with success or 410: those of what was attempted by event and path, and those
 * nobody can have asked for.
 * @param {Entry[]} entries @param {{attempts: Map<string, Attempt>, endpoints: Map<string, Entry>}} known
 */
function sortOut(entries, { attempts, endpoints }) {
  const answered = new Map(
    ofKind(entries, 'answered').flatMap(({ request, complete, at }) =>
      complete === true ? [[request, at]] : [],
    ),
  );
  /** @type {Map<string, Arrival[]>} */
  const finals = new Map();
  /** @type {{request?: number, id: string, path: string, why: string}[]} */
  const unexpected = [];
  for (const entry of ofKind(entries, 'request')) {
    const { path = '', status = null, body = '', sender = '', at, request } = entry;
    const isGone = status === GONE;
    if (status === null || (!isGone && (status < 200 || status > 299))) continue;
    const id = ID.exec(body)?.[0] ?? '';
    const why = whyUnexpected(entry, { attempt: attempts.get(id), endpoint: endpoints.get(path) });
    if (why !== null) {
      unexpected.push({ request, id, path, why });
      continue;
    }
    const tookMs = answered.has(request) ? answered.get(request) - at : null;
    const isLate =
      (tookMs ?? 0) > SURELY_HEARD * (endpoints.get(path)?.timeoutMs ?? Number.POSITIVE_INFINITY);
    const list = finals.get(`${id} ${path}`) ?? [];
    list.push({ id, path, at, sender, isGone, tookMs, isLate });
    finals.set(`${id} ${path}`, list);
  }
  return { finals, unexpected };
}

/**
 * What was sent to an endpoint although that had answered 410, and nobody had said since that it was back. What was
 * under way at the time may still come.
 * @param {Entry[]} entries
 */
function disobediences(entries) {
  const refusals = ofKind(entries, 'request').filter(({ status }) => status === GONE);
  const refused = new Map(refusals.map(({ request, path = '' }) => [request, path]));
  /** @type {Map<string, number>} */
  const goneSince = new Map();
  const found = [];
  for (const { kind, request, path = '', body = '', complete, at } of inTime(entries)) {
    if (kind === 'back') goneSince.delete(path);
    if (kind === 'request' && at > (goneSince.get(path) ?? Number.POSITIVE_INFINITY) + HEED_MS)
      found.push({ request, id: ID.exec(body)?.[0] ?? '', path, why: 'its endpoint had said to be gone' });
    const gone = kind === 'answered' && complete === true ? refused.get(request) : undefined;
    if (gone !== undefined && !goneSince.has(gone)) goneSince.set(gone, at);
  }
  return found;
}

/** @param {Entry[]} entries those of all ledgers, as they happened */
function inTime(entries) {
  return [...entries].sort((a, b) => a.at - b.at);
}

/** @param {Entry} entry @param {{attempt: Attempt | undefined, endpoint: Entry | undefined}} known */
function whyUnexpected(entry, { attempt, endpoint }) {
  const { path = '', body = '' } = entry;
  if (attempt === undefined) return 'nobody published it';
  if (!attempt.paths.includes(path)) return 'it was not for this endpoint';
  if (attempt.data !== null && !body.includes(attempt.data)) return 'its data is not what was published';
  if ((endpoint?.secrets ?? []).length > 0 && !isSigned(entry, endpoint?.secrets ?? []))
    return 'its signature does not verify';
  return null;
}

/**
 * By Standard Webhooks: one of the `v1` entries is the HMAC of id, time and body.
 * @param {Entry} entry
 * @param {string[]} secrets
 */
function isSigned({ headers = {}, body = '' }, secrets) {
  const entries = (headers['webhook-signature'] ?? '').split(' ');
  const text = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
  return secrets.some((secret) => {
    const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
    return entries.includes(`v1,${createHmac('sha256', key).update(text).digest('base64')}`);
  });
}

/**
 * What came again although it had been taken before, with the reason that its sender may have had.
 * @param {Arrival[]} list
 * @param {Window[]} windows
 */
function repeatsIn(list, windows) {
  return list.slice(1).map((again, index) => {
    const before = /** @type {Arrival} */ (list[index]);
    const { id, path, sender, tookMs } = before;
    const afterMs = again.at - before.at;
    return { id, path, sender, tookMs, againBy: again.sender, afterMs, cause: causeOf(before, windows) };
  });
}

/** @param {Arrival} before @param {Window[]} windows */
function causeOf({ tookMs, isLate, at, sender }, windows) {
  const hit = windows.find(
    ({ hits, from, until }) => at >= from && at <= until && (hits === '*' || hits.includes(sender)),
  );
  if (hit !== undefined) return hit.fault;
  if (tookMs === null) return 'answer not taken';
  return isLate ? 'answered late' : 'unexplained';
}

/**
 * Milliseconds from publish to first arrival, by group of endpoints and by when it was published.
 * @param {{id: string, path: string, attempt: Attempt}[]} acknowledged
 * @param {{arrivals: Map<string, Arrival[]>, endpoints: Map<string, Entry>, windows: Window[]}} known
 */
function delaysOf(acknowledged, { arrivals, endpoints, windows }) {
  const begin = Math.min(...windows.map(({ from }) => from));
  const end = Math.max(...windows.map(({ stopAt }) => stopAt));
  /** @type {Record<string, number[]>} */
  const delays = {};
  for (const { id, path, attempt } of acknowledged) {
    const first = arrivals.get(`${id} ${path}`)?.[0];
    if (first === undefined) continue;
    const when = attempt.at < begin ? 'before' : attempt.at > end ? 'after' : 'during';
    const name = `${endpoints.get(path)?.group ?? 'all'}, ${when}`;
    delays[name] ??= [];
    delays[name].push(Math.max(0, first.at - attempt.at));
  }
  return Object.fromEntries(Object.entries(delays).map(([name, list]) => [name, summaryOf(list)]));
}

/** @param {number[]} values */
function summaryOf(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (/** @type {number} */ share) =>
    Math.round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0);
  return { count: sorted.length, p50_ms: at(0.5), p99_ms: at(0.99), worst_ms: at(1) };
}

/**
 * How long after the last fault until all that was published before its end had arrived; null where something never
 * did.
 * @param {{id: string, path: string, attempt: Attempt}[]} acknowledged
 * @param {{arrivals: Map<string, Arrival[]>, windows: Window[]}} known
 */
function recoveryMs(acknowledged, { arrivals, windows }) {
  const stopAt = Math.max(...windows.map((window) => window.stopAt));
  const earlier = acknowledged.filter(({ attempt }) => attempt.at <= stopAt);
  const firsts = earlier.map(
    ({ id, path }) => arrivals.get(`${id} ${path}`)?.[0]?.at ?? Number.POSITIVE_INFINITY,
  );
  const last = firsts.reduce((most, at) => Math.max(most, at), stopAt);
  return Number.isFinite(last) ? Math.round(last - stopAt) : null;
}

/** How far the time that was signed was from that of the receiver. @param {Entry[]} entries */
function worstSkew(entries) {
  return ofKind(entries, 'request').reduce((worst, { headers = {}, at }) => {
    const signed = Number(headers['webhook-timestamp'] || Number.NaN);
    return Number.isNaN(signed) ? worst : Math.max(worst, Math.round(Math.abs(signed - at / 1_000)));
  }, 0);
}

/** @param {string[]} names @returns {Record<string, number>} */
function countBy(names) {
  /** @type {Record<string, number>} */
  const counts = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
