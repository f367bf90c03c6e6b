import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { CalledRequest, Caller } from '../../../../src/api/platform/access/caller.ts';
import type { Identification } from '../../../../src/api/platform/access/identification.ts';
import { Problem } from '../../../../src/api/platform/answers/problem.ts';
import type { EventStream } from '../../../../src/api/platform/streams/event-stream.ts';
import { OpenStreams } from '../../../../src/api/platform/streams/open-streams.ts';
import { createLogger } from '../../../../src/logger.ts';

const CALLER: Caller = {
  kind: 'customer',
  customerId: 'acme',
  keyId: 'key_1',
  scopes: ['view', 'manage_endpoints'],
  address: '127.0.0.1',
};
const BEAT_MS = 15_000;
const MEBIBYTE = 1_048_576;

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
});
afterEach(() => {
  jest.useRealTimers();
});

describe('OpenStreams', () => {
  it('gives a sign of life at once and every 15 seconds, until the stream is over', async () => {
    const { stream, heard } = open();
    await jest.advanceTimersByTimeAsync(2 * BEAT_MS);
    expect(heard()).toBe(':\n\n'.repeat(3));
    stream.end();
    expect(jest.getTimerCount()).toBe(0);
  });

  it.each([
    ['is revoked', 'key_revoked', async () => await refuse(401)],
    ['may do less', 'scope_missing', async () => ({ ...CALLER, scopes: ['view'] }) as Caller],
    ['is of somebody else by now', 'scope_missing', async () => ({ ...CALLER, keyId: 'key_2' }) as Caller],
  ])('ends within 30 seconds after the key %s, and says why', async (_what, code, identify) => {
    const { stream, heard } = open(identify);
    await jest.advanceTimersByTimeAsync(2 * BEAT_MS - 1);
    expect(stream.over.aborted).toBe(false);
    await jest.advanceTimersByTimeAsync(1);
    expect(heard()).toMatch(new RegExp(`event: closed\\ndata: \\{"code":"${code}"`));
    expect(stream.over.aborted).toBe(true);
  });

  it.each([
    ['nobody can say whether the key is good', async () => await refuse(503)],
    ['the question fails', async () => await Promise.reject(new Error('no connection'))],
    ['the key may do more', async () => ({ ...CALLER, scopes: [...CALLER.scopes, 'retry'] }) as Caller],
  ])('goes on while %s', async (_what, identify) => {
    const { stream } = open(identify);
    await jest.advanceTimersByTimeAsync(4 * BEAT_MS);
    expect(stream.over.aborted).toBe(false);
  });

  it('cuts a reader that leaves a mebibyte unread, whose place is free then', () => {
    const streams = openStreams();
    const opened = Array.from({ length: 5 }, () => streams.open(requestOf(CALLER)));
    expect(() => streams.open(requestOf(CALLER))).toThrow(Problem);
    const [slow] = opened;
    const half = 'x'.repeat(MEBIBYTE / 2);
    slow?.send({ event: 'outcome', data: half });
    expect(slow?.over.aborted).toBe(false);
    slow?.send({ event: 'outcome', data: half });
    return new Promise<void>((resolve) => slow?.once('close', resolve)).then(() => {
      expect(slow?.over.aborted).toBe(true);
      expect(streams.open(requestOf(CALLER)).over.aborted).toBe(false);
    });
  });

  it('ends all where the process stops, and begins no more', () => {
    const streams = openStreams();
    const before = streams.open(requestOf(CALLER));
    streams.onModuleDestroy();
    expect([before.over.aborted, streams.open(requestOf(CALLER)).over.aborted]).toEqual([true, true]);
  });
});

type Identify = () => Promise<Caller>;

async function refuse(status: number): Promise<Caller> {
  throw new Problem(status, status === 401 ? 'key_revoked' : 'database_unavailable', { detail: 'no' });
}

function openStreams(identify: Identify = async () => CALLER): OpenStreams {
  return new OpenStreams({ identify } as unknown as Identification, createLogger('silent'));
}

function open(identify?: Identify): { readonly stream: EventStream; readonly heard: () => string } {
  const stream = openStreams(identify).open(requestOf(CALLER));
  let text = '';
  stream.on('data', (chunk) => {
    text += chunk;
  });
  return { stream, heard: () => text };
}

function requestOf(caller: Caller): CalledRequest {
  return { caller, method: 'GET' } as unknown as CalledRequest;
}
