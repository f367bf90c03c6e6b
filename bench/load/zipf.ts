/**
 * Draws numbers from 0 to below `count` by Zipf's law: each as often as its rank says, the second half as often as the
 * first, the third a third as often, and so on. @param random numbers from 0 to below 1
 */
export function createZipf(count: number, random: () => number): () => number {
  const upTo: number[] = [];
  let sum = 0;
  for (let rank = 1; rank <= count; rank += 1) {
    sum += 1 / rank;
    upTo.push(sum);
  }
  return () => {
    const drawn = random() * sum;
    let [from, to] = [0, count - 1];
    while (from < to) {
      const middle = Math.floor((from + to) / 2);
      if (drawn < (upTo[middle] ?? sum)) to = middle;
      else from = middle + 1;
    }
    return from;
  };
}
