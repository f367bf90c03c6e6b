import { describe, expect, it } from '@jest/globals';
import {
  DEFAULT_ENDPOINT_RULES,
  type EndpointRules,
  isGateAlwaysShut,
} from '../../src/domain/endpoint-rules.ts';

describe('isGateAlwaysShut', () => {
  it('does not hold without rules', () => {
    expect(isGateAlwaysShut(DEFAULT_ENDPOINT_RULES)).toBe(false);
  });

  it.each<[Partial<EndpointRules>]>([
    [{ rateLimit: { limit: 10, per: 'second' } }],
    [{ maxConcurrency: 20 }],
    [{ batch: { maxEvents: 100, maxWaitMs: 5_000, maxBytes: 262_144 } }],
    [{ ordered: true }],
  ])('holds with %j', (rule) => {
    expect(isGateAlwaysShut({ ...DEFAULT_ENDPOINT_RULES, ...rule })).toBe(true);
  });
});
