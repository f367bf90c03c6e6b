// @ts-check

/** What takes longest, the longest first; everything else takes some seconds each. */
const LONGEST = [
  'bench/evidence/evidence.test.ts',
  'support/suites/e2e-',
  'support/suites/api-',
  'support/suites/outside-',
  'support/suites/storage-',
  'support/suites/rooms-',
  'workflows/',
];

/**
 * Has test files begin in an order in which no worker of Jest's is done long before another. Jest's own order goes by
 * how long they took the last time, which a fresh clone does not know.
 */
export default class LongestFirst {
  /** @template {{readonly path: string}} T @param {readonly T[]} tests @returns {T[]} */
  sort(tests) {
    return [...tests].sort((a, b) => placeOf(a) - placeOf(b) || (a.path < b.path ? -1 : 1));
  }

  /** @template T @param {T[]} tests all that are to be run again: what failed the last time is not remembered */
  allFailedTests(tests) {
    return tests;
  }

  /** @template T @param {T[]} tests */
  shard(tests) {
    return tests;
  }

  cacheResults() {}
}

/** @param {{readonly path: string}} test */
function placeOf({ path }) {
  const place = LONGEST.findIndex((part) => path.includes(`/test/${part}`));
  return place === -1 ? LONGEST.length : place;
}
