import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ErrorCode } from '../../src/domain/error-code.ts';
import {
  FAILURE_MEMORY_MS,
  failingHosts,
  foldReach,
  isSuspected,
  MAX_REMEMBERED_HOSTS,
  type NetworkGuard,
  QUIET_NETWORK,
  type ReachFact,
  reachOf,
  SUSPICION_LIMIT_MS,
  suspectedSince,
} from '../../src/domain/network-guard.ts';

const NOW = 1_790_000_000_000;

function fold(facts: readonly ReachFact[], guard: NetworkGuard = QUIET_NETWORK): NetworkGuard {
  return facts.reduce(foldReach, guard);
}

/** Each host fails once, this long after `NOW`. */
function failures(hosts: string, afterMs = 0): ReachFact[] {
  return [...hosts].map((host) => ({ host, isReached: false, at: NOW + afterMs }));
}

function reached(host: string, afterMs: number): ReachFact {
  return { host, isReached: true, at: NOW + afterMs };
}

describe('reachOf', () => {
  it.each<[statusCode: number | null, ErrorCode | null, remoteAddress: string | null, boolean | null]>([
    [204, null, '192.0.2.1', true],
    [503, 'http_503', '192.0.2.1', true],
    [301, 'redirect_not_followed', '192.0.2.1', true],
    [200, 'response_incomplete', '192.0.2.1', true],
    [null, 'dns_not_found', null, false],
    [null, 'dns_failed', null, false],
    [null, 'connection_refused', null, false],
    [null, 'connection_reset', '192.0.2.1', false],
    [null, 'connection_timeout', null, false],
    [null, 'network_unreachable', null, false],
    [null, 'timeout', null, false],
    [null, 'timeout', '192.0.2.1', null],
    [null, 'tls_certificate_invalid', '192.0.2.1', null],
    [null, 'response_malformed', '192.0.2.1', null],
    [null, 'destination_not_allowed', null, null],
    [null, 'outcome_unknown', null, null],
  ])('takes status %s, %s at %s as %s', (statusCode, errorCode, remoteAddress, reach) => {
    expect(reachOf({ statusCode, errorCode, remoteAddress })).toBe(reach);
  });
});

describe('isSuspected', () => {
  const cases: readonly [name: string, facts: ReachFact[], afterMs: number, suspected: boolean][] = [
    ['nothing failed', [], 60_000, false],
    ['three hosts have failed for 30 s', failures('abc'), 30_000, true],
    ['three hosts have failed for less', failures('abc'), 29_999, false],
    ['only two hosts fail', failures('ababab'), 60_000, false],
    ['the third fails later', [...failures('ab'), ...failures('c', 40_000)], 40_000, true],
    ['one was reached since', [...failures('abc'), reached('d', 1_000)], 60_000, false],
    ['one of them was reached since', [...failures('abc'), reached('a', 35_000)], 40_000, false],
    [
      'they fail again after one was reached',
      [...failures('abc'), reached('d', 1_000), ...failures('abc', 2_000)],
      32_000,
      true,
    ],
    ['they have failed for an hour', keptFailing('abc', SUSPICION_LIMIT_MS), SUSPICION_LIMIT_MS, true],
    ['they fail for longer', keptFailing('abc', 2 * SUSPICION_LIMIT_MS), SUSPICION_LIMIT_MS + 30_000, false],
    ['they failed long ago', failures('abc'), FAILURE_MEMORY_MS, false],
    ['two of them failed long ago', [...failures('abc'), ...failures('a', 500_000)], 700_000, false],
  ];
  it.each(cases)('where %s', (_, facts, afterMs, suspected) => {
    expect(isSuspected(fold(facts.filter(({ at }) => at <= NOW + afterMs)), NOW + afterMs)).toBe(suspected);
  });

  it('is possible again after an hour once a host was reached', () => {
    const later = 3 * SUSPICION_LIMIT_MS;
    const guard = fold([...keptFailing('abc', later), reached('a', later), ...failures('abc', later + 1)]);
    expect(isSuspected(guard, NOW + later + 30_001)).toBe(true);
  });

  it('needs three hosts, 30 s without an answer, and never lasts longer than an hour', () => {
    const facts = fc.array(
      fc.record({
        host: fc.constantFrom(...'abcdefghijklmnopqrst'),
        isReached: fc.integer({ min: 0, max: 20 }).map((die) => die === 0),
        gapMs: fc.integer({ min: 0, max: 400_000 }),
      }),
    );
    fc.assert(
      fc.property(facts, (steps) => {
        let at = NOW;
        let lastReachedAt = Number.NEGATIVE_INFINITY;
        let guard = QUIET_NETWORK;
        for (const { gapMs, ...fact } of steps) {
          at += gapMs;
          guard = foldReach(guard, { ...fact, at });
          if (fact.isReached) lastReachedAt = at;
          expect(guard.hosts.length).toBeLessThanOrEqual(MAX_REMEMBERED_HOSTS);
          expect(JSON.parse(JSON.stringify(guard))).toEqual(guard);
          if (!isSuspected(guard, at)) continue;
          expect(failingHosts(guard, at)).toBeGreaterThanOrEqual(3);
          expect(at - lastReachedAt).toBeGreaterThanOrEqual(30_000);
          expect(at - (suspectedSince(guard) ?? 0)).toBeLessThan(SUSPICION_LIMIT_MS);
        }
      }),
    );
  });
});

/** Each host fails every minute, from `NOW` until this long after it. */
function keptFailing(hosts: string, untilMs: number): ReachFact[] {
  return Array.from({ length: untilMs / 60_000 + 1 }, (_, minute) => failures(hosts, minute * 60_000)).flat();
}
