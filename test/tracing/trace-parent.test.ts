import { describe, expect, it } from '@jest/globals';
import { loggedTrace, readTraceParent, traceIdOf } from '../../src/tracing/trace-parent.ts';

const IDS = '4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

describe('readTraceParent', () => {
  it.each([
    [`00-${IDS}`, `00-${IDS}`],
    [`cc-${IDS}`, `00-${IDS}`],
    [`cc-${IDS}-what-the-future-will-be-like`, `00-${IDS}`],
  ])('reads %s', (text, kept) => {
    expect(readTraceParent(text)).toBe(kept);
  });

  it.each([
    undefined,
    ['a', 'b'],
    '',
    `ff-${IDS}`,
    `00-${IDS}-more`,
    `00-${IDS}.`,
    `cc-${IDS}.`,
    `00-${IDS.toUpperCase()}`,
    `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`,
    `00-4bf92f3577b34da6a3ce929d0e0e4736-${'0'.repeat(16)}-01`,
    `00-${IDS.slice(0, -1)}`,
    `cc-${IDS}-${'x'.repeat(600)}`,
  ])('takes %j for none', (text) => {
    expect(readTraceParent(text)).toBeNull();
  });
});

describe('traceIdOf', () => {
  it('is what people look for', () => {
    expect(traceIdOf(`00-${IDS}`)).toBe('4bf92f3577b34da6a3ce929d0e0e4736');
    expect(loggedTrace(`00-${IDS}`)).toEqual({ trace_id: '4bf92f3577b34da6a3ce929d0e0e4736' });
    expect(loggedTrace(null)).toEqual({});
  });
});
