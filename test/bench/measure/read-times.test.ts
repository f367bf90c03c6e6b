import { describe, expect, it } from '@jest/globals';
import { flawsOf, neverTogether, type ReadTimes, slowestFirst } from '../../../bench/measure/read-times.ts';

const FAST: ReadTimes = {
  read: { route: '/v1/events', filters: [] },
  times: [1, 2, 3],
  refused: 0,
  failures: [],
};
const SLOW: ReadTimes = {
  read: { route: '/v1/deliveries', filters: ['event', 'status'] },
  times: [1, 101],
  refused: 1,
  failures: [],
};
const REFUSED = { times: [], refused: 2, failures: [] };
const CONTRADICTING: ReadTimes = { ...REFUSED, read: { route: '/v1/stats', filters: ['window', 'after'] } };

it('has a line for each question that was answered, the slowest first', () => {
  expect(slowestFirst([FAST, CONTRADICTING, SLOW])).toEqual([
    { read: '/v1/deliveries by event and status', answers: 2, p50: 1, p99: 101, longest: 101 },
    { read: '/v1/events', answers: 3, p50: 2, p99: 3, longest: 3 },
  ]);
});

it('tells apart the filters that the API never takes together', () => {
  expect(neverTogether([FAST, CONTRADICTING, SLOW])).toEqual([{ read: '/v1/stats by window and after' }]);
});

describe('flawsOf', () => {
  it('finds nothing where all is answered in time, but for pairs that make no sense', () => {
    expect(flawsOf([FAST, CONTRADICTING])).toEqual([]);
  });

  it('names what was slow, failed, or was refused alone', () => {
    const failing = { ...FAST, failures: [503, 500, 503] };
    const alone = { ...REFUSED, read: { route: '/v1/audit', filters: ['action'] } };
    expect(flawsOf([failing, SLOW, alone])).toEqual([
      '/v1/audit by action: never answered',
      '/v1/events: 3 failed with 503,500',
      '/v1/deliveries by event and status: p99 101 ms',
    ]);
  });
});
