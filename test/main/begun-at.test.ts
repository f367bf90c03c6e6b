import { describe, expect, it } from '@jest/globals';
import { begunAt } from '../../src/main/begun-at.ts';

describe('begunAt', () => {
  it('is what the command line says', () => {
    expect(begunAt(['dev', '--begun-at=1764176269000'])).toBe(1_764_176_269_000);
  });

  it.each([[['dev']], [['dev', '--begun-at=']], [['dev', '--begun-at=now']]])(
    'is the start of the process for %j',
    (args) => {
      expect(begunAt(args)).toBe(performance.timeOrigin);
    },
  );
});
