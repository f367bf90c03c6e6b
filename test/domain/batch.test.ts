import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BATCH_ENVELOPE_BYTES, type BatchItem, cutBatch } from '../../src/domain/batch.ts';

const NOW = 1_790_000_000_000;
const settings = { maxEvents: 10, maxWaitMs: 1_000, maxBytes: 2_000 };
const ROOM = settings.maxBytes - BATCH_ENVELOPE_BYTES;

/** Items `a`, `b`, … of these sizes, accepted `ageMs` ago. */
function items(sizes: readonly number[], ageMs = 0): BatchItem[] {
  return sizes.map((bytes, index) => ({
    id: String.fromCharCode(97 + index),
    bytes,
    acceptedAt: NOW - ageMs,
  }));
}

describe('cutBatch', () => {
  const cases: readonly [
    name: string,
    waiting: BatchItem[],
    cut: { members: string[]; waitMs: number | null },
  ][] = [
    ['waits for nothing while nothing waits', [], { members: [], waitMs: null }],
    ['waits for company', items([10, 10]), { members: [], waitMs: 1_000 }],
    ['waits what is left of the time', items([10, 10], 400), { members: [], waitMs: 600 }],
    ['goes when the oldest has waited', items([10, 10], 1_000), { members: ['a', 'b'], waitMs: null }],
    ['goes when it is full', items(Array(10).fill(10)), { members: [...'abcdefghij'], waitMs: null }],
    ['leaves the rest', items(Array(12).fill(10)), { members: [...'abcdefghij'], waitMs: null }],
    ['goes when the next does not fit', items([ROOM / 2, ROOM / 2]), { members: ['a'], waitMs: null }],
    ['goes when the bytes are used up', items([100, ROOM - 101]), { members: ['a', 'b'], waitMs: null }],
    ['sends alone what fits nowhere', items([9_999, 10]), { members: ['a'], waitMs: null }],
    ['sends first what waits before that', items([10, 9_999]), { members: ['a'], waitMs: null }],
    [
      'waits no longer than told although the clock jumped back',
      items([10], -5_000),
      {
        members: [],
        waitMs: 1_000,
      },
    ],
  ];
  it.each(cases)('%s', (_, waiting, cut) => {
    expect(cutBatch(waiting, { settings, now: NOW })).toEqual(cut);
  });

  it('goes by the oldest, also where it is not the first', () => {
    const waiting = [...items([10]), { id: 'old', bytes: 10, acceptedAt: NOW - 2_000 }];
    expect(cutBatch(waiting, { settings, now: NOW }).members).toEqual(['a', 'old']);
  });

  it('lets go what waits when flushed', () => {
    expect(cutBatch(items([10, 10]), { settings, now: NOW, flush: true }).members).toEqual(['a', 'b']);
  });

  it('makes of 25 with ten a batch three calls, the last after the wait', () => {
    const waiting = items(Array(25).fill(10));
    expect(cutBatch(waiting, { settings, now: NOW }).members).toHaveLength(10);
    expect(cutBatch(waiting.slice(10), { settings, now: NOW }).members).toHaveLength(10);
    expect(cutBatch(waiting.slice(20), { settings, now: NOW })).toEqual({ members: [], waitMs: 1_000 });
    expect(cutBatch(waiting.slice(20), { settings, now: NOW + 1_000 }).members).toHaveLength(5);
  });

  it('sends everything once, in order, within the limits', () => {
    const limits = fc.record({
      maxEvents: fc.integer({ min: 1, max: 20 }),
      maxWaitMs: fc.integer({ min: 100, max: 5_000 }),
      maxBytes: fc.integer({ min: 1_024, max: 4_000 }),
    });
    const sizes = fc.array(fc.integer({ min: 1, max: 5_000 }), { maxLength: 60 });
    fc.assert(
      fc.property(limits, sizes, (settings, bytesOf) => {
        const waiting = bytesOf.map((bytes, index) => ({ id: `${index}`, bytes, acceptedAt: NOW }));
        const sent: string[] = [];
        while (sent.length < waiting.length) {
          const { members } = cutBatch(waiting.slice(sent.length), {
            settings,
            now: NOW + settings.maxWaitMs,
          });
          const entries = members.map((id) => 'x'.repeat(waiting[Number(id)]?.bytes ?? 0));
          expect(members.length).toBeGreaterThan(0);
          expect(members.length).toBeLessThanOrEqual(settings.maxEvents);
          const bytes = BATCH_ENVELOPE_BYTES + entries.join(',').length;
          if (members.length > 1) expect(bytes).toBeLessThanOrEqual(settings.maxBytes);
          sent.push(...members);
        }
        expect(sent).toEqual(waiting.map(({ id }) => id));
      }),
    );
  });
});
