import { spawnSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { removeDirectory } from '../../support/remove-directory.ts';

const CHECKER = 'bench/evidence/actors/check.mjs';
const SECRET = `whsec_${Buffer.from('a key of a receiver').toString('base64')}`;
const ENDPOINT = { kind: 'endpoint', path: '/0', secrets: [SECRET], timeoutMs: 1_000 };
const EVENT = 'ev-1-1';
const DATA = `{"job_id":"${EVENT}"}`;

type Entry = Readonly<Record<string, unknown>>;

const directories: string[] = [];
afterEach(() => {
  for (const directory of directories.splice(0)) removeDirectory(directory);
});

/** Each entry a millisecond after the one before, unless it says otherwise. */
function check(entries: readonly Entry[], number: (index: number) => number = (index) => index + 1) {
  const directory = mkdtempSync(join(tmpdir(), 'ledgers-'));
  directories.push(directory);
  const file = join(directory, 'all.jsonl');
  const lines = entries.map((entry, index) =>
    JSON.stringify({ seq: number(index), at: index + 1, ...entry }),
  );
  writeFileSync(file, `${lines.join('\n')}\n`);
  const { status, stdout } = spawnSync(process.execPath, [CHECKER, file], { encoding: 'utf8' });
  return { status, verdict: stdout === '' ? null : JSON.parse(stdout) };
}

const attempt = { kind: 'attempt', id: EVENT, paths: ['/0'], data: DATA };
const ack = { kind: 'ack', id: EVENT };

function request(number: number, instead: Entry = {}): Entry {
  const body = `{"data":${DATA}}`;
  const signature = createHmac('sha256', 'a key of a receiver').update(`dlv.1.${body}`).digest('base64');
  return {
    kind: 'request',
    request: number,
    path: '/0',
    sender: 'worker-1',
    status: 204,
    body,
    headers: { 'webhook-id': 'dlv', 'webhook-timestamp': '1', 'webhook-signature': `v1,${signature}` },
    ...instead,
  };
}

function answered(number: number, instead: Entry = {}): Entry {
  return { kind: 'answered', request: number, complete: true, ...instead };
}

describe('check.mjs', () => {
  it('is content with what arrived once', () => {
    const { status, verdict } = check([ENDPOINT, attempt, request(1), answered(1), ack]);
    expect(status).toBe(0);
    expect(verdict).toMatchObject({ valid: true, acknowledged: 1, delivered: 1, lost: 0, unexpected: 0 });
  });

  it.each([
    ['never arrived', []],
    ['was refused', [request(1, { status: 500 }), answered(1)]],
    ['was never answered', [request(1, { status: null })]],
    ['came with a signature of other bytes', [request(1, { headers: {} }), answered(1)]],
  ])('counts as lost what was acknowledged and %s', (_, arrivals) => {
    const { status, verdict } = check([ENDPOINT, attempt, ack, ...arrivals]);
    expect(status).toBe(1);
    expect(verdict).toMatchObject({ valid: false, lost: 1, delivered: 0 });
  });

  it.each([
    ['nobody published it', { body: '{"data":{"job_id":"ev-1-2"}}' }],
    ['it was not for this endpoint', { path: '/1' }],
    ['its data is not what was published', { body: `{"id":"${EVENT}"}` }],
    ['its signature does not verify', { headers: {} }],
  ])('counts as unexpected where %s', (why, instead) => {
    const { status, verdict } = check([ENDPOINT, attempt, ack, request(1), answered(1), request(2, instead)]);
    expect(status).toBe(1);
    expect(verdict).toMatchObject({ lost: 0, unexpected: 1 });
    expect(verdict.examples.unexpected[0].why).toBe(why);
  });

  it('tells what came although nobody was promised it, which is no fault', () => {
    const unknown = { kind: 'unknown', id: EVENT };
    const { status, verdict } = check([ENDPOINT, attempt, unknown, request(1), answered(1)]);
    expect(status).toBe(0);
    expect(verdict).toMatchObject({ acknowledged: 0, recovered: { unknown: 1 } });
  });

  const kill = { kind: 'start', fault: 'killed', hits: ['worker-1'], reachMs: 5 };
  const killed = { kind: 'stop', fault: 'killed' };
  it.each([
    ['killed', [request(1), answered(1), kill, killed], 0],
    ['answer not taken', [request(1), answered(1, { complete: false })], 0],
    ['answered late', [request(1), answered(1, { at: 900 })], 0],
    ['unexplained', [request(1), answered(1)], 1],
    ['unexplained', [request(1, { sender: 'worker-2' }), answered(1), kill, killed], 1],
    ['unexplained', [request(1), answered(1), { ...kill, at: 100 }, { ...killed, at: 101 }], 1],
  ])('lays what came twice to: %s', (cause, before, code) => {
    const { status, verdict } = check([
      ENDPOINT,
      attempt,
      ack,
      ...before,
      request(2, { at: 2_000 }),
      answered(2),
    ]);
    expect(verdict.duplicated).toEqual({ [cause]: 1 });
    expect(status).toBe(code);
  });

  it('tells how long it took after the last fault until all of before had come', () => {
    const late = request(1, { at: 250 });
    const { verdict } = check([ENDPOINT, attempt, ack, kill, { ...killed, at: 50 }, late, answered(1)]);
    expect(verdict.recovery_ms).toBe(200);
  });

  describe('where an endpoint answers 410', () => {
    const gone = [request(1, { status: 410 }), answered(1)];
    const later = { ...attempt, id: 'ev-1-2', data: null };
    const laterAck = { kind: 'ack', id: 'ev-1-2' };
    const body = '{"data":{"job_id":"ev-1-2"}}';
    const signature = createHmac('sha256', 'a key of a receiver').update(`dlv.1.${body}`).digest('base64');
    const ofLater = {
      body,
      headers: { 'webhook-id': 'dlv', 'webhook-timestamp': '1', 'webhook-signature': `v1,${signature}` },
    };
    const arrival = (at: number) => request(2, { at, ...ofLater });
    const before = [ENDPOINT, attempt, ack, later, laterAck, ...gone];

    it('counts its delivery as gone, and neither as delivered nor as lost', () => {
      const { status, verdict } = check([...before, { kind: 'back', path: '/0', at: 50 }, arrival(100)]);
      expect(verdict).toMatchObject({ acknowledged: 2, gone: 1, delivered: 1, lost: 0, unexpected: 0 });
      expect(status).toBe(0);
    });

    it('still counts as lost what was never sent there', () => {
      expect(check(before).verdict).toMatchObject({ gone: 1, delivered: 0, lost: 1 });
    });

    it('calls unexpected what is sent there later', () => {
      const { verdict } = check([...before, arrival(9_000), answered(2, { at: 9_001 })]);
      expect(verdict).toMatchObject({ lost: 0, unexpected: 1 });
      expect(verdict.examples.unexpected[0].why).toBe('its endpoint had said to be gone');
    });

    it('takes what is sent there once it is back, and what was under way', () => {
      const back = { kind: 'back', path: '/0', at: 8_000 };
      expect(check([...before, back, arrival(9_000)]).verdict).toMatchObject({ unexpected: 0, lost: 0 });
      expect(check([...before, arrival(4_000)]).verdict).toMatchObject({ unexpected: 0, lost: 0 });
    });

    it('lays what comes again after it to a cause, as after a success', () => {
      const { status, verdict } = check([...before, request(3, { at: 100 }), answered(3, { at: 101 })]);
      expect(verdict.duplicated).toEqual({ unexplained: 1 });
      expect(status).toBe(1);
    });
  });

  it('does not take silence for a success', () => {
    expect(check([ENDPOINT]).status).toBe(1);
  });

  it('refuses a ledger with a gap', () => {
    expect(check([ENDPOINT, attempt], (index) => 2 * index + 1).status).toBe(2);
  });
});
