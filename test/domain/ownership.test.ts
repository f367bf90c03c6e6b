import { describe, expect, it } from '@jest/globals';
import { challengeIn } from '../../src/domain/ownership.ts';

describe('challengeIn', () => {
  it.each([
    ['abc', 'abc'],
    ['{"challenge":"abc"}', 'abc'],
    [' {"ok":true, "challenge":"abc"}\n', 'abc'],
    ['{"challenge":7}', '{"challenge":7}'],
    ['"abc"', '"abc"'],
    ['["abc"]', '["abc"]'],
    ['null', 'null'],
    ['{"challenge":"abc"', '{"challenge":"abc"'],
    ['abc\n', 'abc\n'],
    ['', ''],
  ])('of %j is %j', (body, challenge) => {
    expect(challengeIn(body)).toBe(challenge);
  });
});
