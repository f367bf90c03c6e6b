import { describe, expect, it } from '@jest/globals';
import { type GroupCommitOptions, groupCommit } from '../../../src/storage/postgres/group-commit.ts';

/** A group commit that doubles numbers, refuses negative ones, and notes its groups. */
function doubling(options: Partial<GroupCommitOptions<number>> = {}) {
  const groups: number[][] = [];
  const double = groupCommit(
    async (items: readonly number[]) => {
      groups.push([...items]);
      await Promise.resolve();
      if (items.some((item) => item < 0)) throw new Error('negative');
      return items.map((item) => (item === 13 ? new Error('unlucky') : item * 2));
    },
    { maxItems: 4, concurrency: 1, ...options },
  );
  return { double, groups };
}

async function outcomes(work: readonly Promise<number>[]): Promise<readonly (number | string)[]> {
  const settled = await Promise.allSettled(work);
  return settled.map((result) =>
    result.status === 'fulfilled' ? result.value : (result.reason as Error).message,
  );
}

describe('groupCommit', () => {
  it('runs together what comes in one turn of the event loop, and what comes meanwhile', async () => {
    const { double, groups } = doubling();
    const first = [1, 2].map(double);
    await new Promise(setImmediate);
    expect(groups).toEqual([[1, 2]]);
    expect(await Promise.all([...first, ...[3, 4, 5, 6, 7].map(double)])).toEqual([2, 4, 6, 8, 10, 12, 14]);
    expect(groups).toEqual([[1, 2], [3, 4, 5, 6], [7]]);
  });

  it('runs as many groups side by side as it may', async () => {
    const { double, groups } = doubling({ concurrency: 2 });
    await Promise.all([1, 2, 3, 4].map(double));
    expect(groups).toEqual([[1, 2, 3, 4]]);
  });

  it('never puts two items of one key into a group', async () => {
    const { double, groups } = doubling({ keyOf: (item) => String(item % 2) });
    await Promise.all([1, 2, 4, 3].map(double));
    expect(groups).toEqual([
      [1, 2],
      [4, 3],
    ]);
  });

  it('makes no group too heavy, and lets a heavier item run alone', async () => {
    const { double, groups } = doubling({ maxWeight: 10, weightOf: (item) => item });
    await Promise.all([1, 6, 5, 4, 20, 2].map(double));
    expect(groups).toEqual([[1, 6, 2], [5, 4], [20]]);
  });

  it('rejects the items alone that got an error for an answer', async () => {
    const { double } = doubling();
    expect(await outcomes([1, 13, 2].map(double))).toEqual([2, 'unlucky', 4]);
  });

  it('rejects a whole group where it throws', async () => {
    const { double } = doubling();
    expect(await outcomes([1, 2, -3, 4].map(double))).toEqual([
      'negative',
      'negative',
      'negative',
      'negative',
    ]);
    expect(await double(5)).toBe(10);
  });

  it('finds the item at fault by halving where it may', async () => {
    const { double } = doubling({ splitsOn: () => true });
    expect(await outcomes([1, 2, -3, 4, 5].map(double))).toEqual([2, 4, 'negative', 8, 10]);
  });

  it('halves only for errors that an item can be blamed for', async () => {
    const { double, groups } = doubling({ splitsOn: () => false });
    expect(await outcomes([1, 2, -3].map(double))).toEqual(['negative', 'negative', 'negative']);
    expect(groups).toHaveLength(1);
  });

  it('rejects where the number of answers is not that of the items', async () => {
    const empty = groupCommit(async () => [], { maxItems: 2, concurrency: 1 });
    await expect(empty(1)).rejects.toThrow('expected 1 results, got 0');
  });
});
