import { describe, expect, it } from '@jest/globals';
import { type ClaimedDelivery, decide, disablesEndpoint } from '../../src/domain/delivery.ts';
import type { ErrorCode } from '../../src/domain/error-code.ts';
import { DEFAULT_RETRY_POLICY, type RetryPolicy } from '../../src/domain/retry-schedule.ts';

const CHANCE = { now: 0, random: 0.5 };

function claimed(changes: Partial<ClaimedDelivery> = {}): ClaimedDelivery {
  return { trigger: 'automatic', attempt: 1, retriesUsed: 0, retry: DEFAULT_RETRY_POLICY, ...changes };
}

function failure(errorCode: ErrorCode, retryAfter: string | null = null) {
  return { statusCode: null, errorCode, retryAfter };
}

describe('decide', () => {
  it('delivers what was answered with success', () => {
    expect(decide(claimed(), { statusCode: 204, errorCode: null, retryAfter: null }, CHANCE)).toEqual({
      kind: 'delivered',
    });
  });

  it.each<[ErrorCode]>([
    ['http_500'],
    ['http_404'],
    ['http_408'],
    ['timeout'],
    ['dns_not_found'],
    ['redirect_not_followed'],
  ])('retries %s on schedule', (code) => {
    expect(decide(claimed(), failure(code), CHANCE)).toEqual({ kind: 'retry', delayMs: 10_000 });
    expect(decide(claimed({ retriesUsed: 2 }), failure(code), CHANCE)).toEqual({
      kind: 'retry',
      delayMs: 360_000,
    });
  });

  it('is dead once the retries are used up', () => {
    expect(decide(claimed({ retriesUsed: 3 }), failure('http_503'), CHANCE)).toEqual({
      kind: 'dead',
      reason: 'retries_exhausted',
    });
  });

  it.each<[attempt: number, retry: Partial<RetryPolicy>, delayMs: number]>([
    [1, {}, 10_000],
    [2, {}, 60_000],
    [4, {}, 300_000],
    [400, {}, 300_000],
    [1, { maxRetries: 0 }, 10_000],
    [1, { initialMs: 100, maxMs: 100 }, 5_000],
  ])('excuses attempt %i without taking a retry, under %p after %i ms', (attempt, changes, delayMs) => {
    const retry = { ...DEFAULT_RETRY_POLICY, ...changes } as RetryPolicy;
    const delivery = claimed({ attempt, retry, retriesUsed: 3 });
    expect(decide(delivery, failure('dns_failed'), { ...CHANCE, isExcused: true })).toEqual({
      kind: 'retry',
      delayMs,
      isFree: true,
    });
  });

  it('excuses neither a person’s attempt nor what is forbidden', () => {
    const excused = { ...CHANCE, isExcused: true };
    expect(decide(claimed({ trigger: 'manual' }), failure('dns_failed'), excused).kind).toBe('restored');
    expect(decide(claimed({ trigger: 'test' }), failure('dns_failed'), excused).kind).toBe('dead');
    expect(decide(claimed(), failure('destination_not_allowed'), excused).kind).toBe('dead');
  });

  it.each<[code: Parameters<typeof failure>[0], attempt: number, delayMs: number]>([
    ['http_410', 1, 10_000],
    ['http_500', 2, 60_000],
    ['connection_refused', 40, 3_600_000],
    ['listener_away', 3, 1_000],
  ])(
    'tries %s again for as long as somebody listens, after attempt %i in %i ms',
    (code, attempt, delayMs) => {
      const delivery = claimed({ attempt, retriesUsed: 3 });
      expect(decide(delivery, failure(code), { ...CHANCE, isRelayed: true })).toEqual({
        kind: 'retry',
        delayMs,
        isFree: true,
      });
    },
  );

  it('waits longer where the receiver asks for it, and never shorter', () => {
    expect(decide(claimed(), failure('http_429', '90'), CHANCE)).toEqual({ kind: 'retry', delayMs: 90_000 });
    expect(decide(claimed(), failure('http_429', '1'), CHANCE)).toEqual({ kind: 'retry', delayMs: 10_000 });
  });

  it('gives up at once on what is gone or forbidden', () => {
    expect(decide(claimed(), failure('http_410'), CHANCE)).toEqual({ kind: 'dead', reason: 'endpoint_gone' });
    expect(decide(claimed(), failure('destination_not_allowed'), CHANCE)).toEqual({
      kind: 'dead',
      reason: 'destination_not_allowed',
    });
  });

  it('restores what a manual retry did not deliver, and buries a test', () => {
    expect(decide(claimed({ trigger: 'manual' }), failure('http_503'), CHANCE)).toEqual({ kind: 'restored' });
    expect(decide(claimed({ trigger: 'test' }), failure('http_503'), CHANCE)).toEqual({
      kind: 'dead',
      reason: 'test_failed',
    });
  });
});

describe('disablesEndpoint', () => {
  it('holds for 410 only', () => {
    expect(disablesEndpoint('http_410')).toBe(true);
    expect(disablesEndpoint('http_404')).toBe(false);
    expect(disablesEndpoint(null)).toBe(false);
  });
});
