import { describe, expect, it } from '@jest/globals';
import { runClosedLoop } from '../../../bench/load/closed-loop.ts';

describe('runClosedLoop', () => {
  it('calls once for every index, never more side by side than asked', async () => {
    const indexes: number[] = [];
    let underWay = 0;
    let most = 0;
    const { signal } = new AbortController();
    await runClosedLoop({ count: 50, sideBySide: 4, signal }, async (index) => {
      underWay += 1;
      most = Math.max(most, underWay);
      await new Promise(setImmediate);
      indexes.push(index);
      underWay -= 1;
    });
    expect(indexes.sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, index) => index));
    expect(most).toBe(4);
  });

  it('stops when it is told to', async () => {
    const controller = new AbortController();
    const running = runClosedLoop({ count: 10, sideBySide: 1, signal: controller.signal }, async (index) => {
      if (index === 3) controller.abort(new Error('enough'));
    });
    await expect(running).rejects.toThrow('enough');
  });
});
