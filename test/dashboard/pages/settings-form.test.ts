import { describe, expect, it } from '@jest/globals';
import type { Endpoint } from '../../../src/dashboard/data/types.ts';
import { changesOf, delaysOf, formOf } from '../../../src/dashboard/pages/endpoint/settings-form.ts';

const endpoint = {
  url: 'https://receiver.example/in',
  description: '',
  events: ['*'],
  timeout_ms: 30_000,
  retry: { strategy: 'exponential', max_retries: 3, initial_ms: 10_000, factor: 6, max_ms: 3_600_000 },
  rate_limit: null,
  max_concurrency: null,
  ordered: false,
  batch: { max_events: 10, max_wait_ms: 1_000, max_bytes: 1_024 },
  breaker: { consecutive_failures: 10, failure_ratio: 0.5, minimum_attempts: 20 },
  replay_on_recovery: false,
} as unknown as Endpoint;
const form = formOf(endpoint);

describe('changesOf', () => {
  it.each([
    ['nothing', {}, {}],
    ['one member', { replayOnRecovery: true }, { replay_on_recovery: true }],
    ['a limit that is taken away again', { rate: '5' }, { rate_limit: { limit: 5, per: 'second' } }],
    ['no batches', { batchEvents: '', batchWait: '' }, { batch: null }],
    [
      'one member of a batch, beside what the form does not show',
      { batchEvents: '20' },
      { batch: { max_events: 20, max_wait_ms: 1_000, max_bytes: 1_024 } },
    ],
    [
      'the whole breaker where a part of it is another',
      { breaker: { ...form.breaker, failure_ratio: '0.25' } },
      { breaker: { consecutive_failures: 10, failure_ratio: 0.25, minimum_attempts: 20 } },
    ],
    [
      'another strategy',
      { strategy: 'schedule', delays: '1000, 5000' },
      { retry: { strategy: 'schedule', delays_ms: [1_000, 5_000] } },
    ],
  ] as const)('sends %s', (_what, typed, changes) => {
    expect(changesOf({ ...form, ...typed }, form, endpoint)).toEqual(changes);
  });
});

describe('delaysOf', () => {
  it.each([
    ['exponential', [10_000, 60_000, 360_000]],
    ['linear', [10_000, 20_000, 30_000]],
    ['fixed', [10_000, 10_000, 10_000]],
  ] as const)('draws the waits that a %s setting makes', (strategy, delays) => {
    expect(delaysOf({ ...form, strategy })).toEqual(delays);
  });

  it('draws none longer than the longest', () => {
    expect(delaysOf({ ...form, most: '50000' })).toEqual([10_000, 50_000, 50_000]);
  });
});
