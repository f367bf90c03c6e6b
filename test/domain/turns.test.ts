import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type CustomerLine, shareOut, type Waiting } from '../../src/domain/turns.ts';

function line(
  live: Readonly<Record<string, number>>,
  replayed: Readonly<Record<string, number>> = {},
): CustomerLine {
  const waiting = (rooms: Readonly<Record<string, number>>) =>
    Object.entries(rooms).map(([endpointId, room]) => ({ endpointId, room, within: 1_000, isBehind: false }));
  return { live: waiting(live), replayed: waiting(replayed) };
}

function sharesOf(lines: readonly CustomerLine[], limit: number): Readonly<Record<string, number>> {
  return Object.fromEntries(shareOut(lines, limit).shares.map(({ endpointId, most }) => [endpointId, most]));
}

/** One endpoint that is behind. */
function behind(endpointId: string, part: Partial<Waiting> = {}): CustomerLine {
  return { live: [{ endpointId, room: 50, within: 1_000, isBehind: true, ...part }], replayed: [] };
}

/** What each got in all of these rounds, one after the other. */
function sharesOfRounds(
  lines: readonly CustomerLine[],
  limits: readonly number[],
): Readonly<Record<string, number>> {
  const total: Record<string, number> = {};
  let owedBehind = 0;
  for (const limit of limits) {
    const round = shareOut(lines, limit, owedBehind);
    owedBehind = round.owedBehind;
    for (const { endpointId, most } of round.shares) total[endpointId] = (total[endpointId] ?? 0) + most;
  }
  return total;
}

describe('shareOut', () => {
  const cases: readonly (readonly [
    string,
    readonly CustomerLine[],
    number,
    Readonly<Record<string, number>>,
  ])[] = [
    ['gives one endpoint what it has room for', [line({ a: 30 })], 200, { a: 30 }],
    ['gives no more than there is', [line({ a: 30 })], 20, { a: 20 }],
    [
      'gives customers the same, however many endpoints they have',
      [line({ a: 50, b: 50, c: 50 }), line({ d: 50 })],
      24,
      { a: 4, b: 4, c: 4, d: 12 },
    ],
    ['gives what one has no use for to the others', [line({ a: 2 }), line({ b: 90 })], 50, { a: 2, b: 48 }],
    ['passes over what has no room', [line({ a: 0, b: 5 }), line({ c: 0 })], 50, { b: 5 }],
    [
      'begins with the first in turn where there is not one for each',
      [line({ a: 9 }), line({ b: 9 }), line({ c: 9 })],
      2,
      { a: 1, b: 1 },
    ],
    [
      'sends what is replayed after what is live, of one customer',
      [line({ a: 3 }, { b: 9 }), line({ c: 9 })],
      10,
      { a: 3, b: 2, c: 5 },
    ],
    ['gives nothing where nothing waits', [], 10, {}],
  ];

  it.each(cases)('%s', (_what, lines, limit, shares) => {
    expect(sharesOf(lines, limit)).toEqual(shares);
  });

  it('keeps for others what an endpoint may not take part in', () => {
    const kept = (endpointId: string): CustomerLine => ({
      live: [{ endpointId, room: 5, within: 6, isBehind: false }],
      replayed: [],
    });
    const shares = sharesOf([kept('a'), kept('b'), line({ c: 9 })], 10);
    expect(shares).toEqual({ a: 2, b: 2, c: 6 });
  });

  it('gives those who are behind a quarter, or all that those who keep up have no use for', () => {
    expect(sharesOf([behind('a'), behind('b'), line({ c: 90 })], 40)).toEqual({ a: 5, b: 5, c: 30 });
    expect(sharesOf([behind('a'), behind('b'), line({ c: 4 })], 40)).toEqual({ a: 18, b: 18, c: 4 });
    expect(sharesOf([line({ c: 90 }), behind('a')], 80)).toEqual({ a: 20, c: 60 });
    expect(sharesOf([line({ c: 90 }), { live: [], replayed: [] }], 80)).toEqual({ c: 80 });
  });

  it('gives those who are behind one place of four, where there is one at a time', () => {
    expect(sharesOfRounds([behind('a'), line({ c: 9 })], [1, 1, 1])).toEqual({ c: 3 });
    expect(sharesOfRounds([behind('a'), line({ c: 9 })], [1, 1, 1, 1, 1, 1, 1])).toEqual({ a: 1, c: 6 });
    expect(sharesOfRounds([behind('a'), line({ c: 9 })], [2, 3, 2, 1])).toEqual({ a: 2, c: 6 });
  });

  it('does not keep for later what those who are behind have no room for', () => {
    const rounds = [
      [behind('a', { room: 1 }), line({ c: 90 })],
      [behind('a'), line({ c: 90 })],
    ].reduce(
      ({ owedBehind, got }, lines) => {
        const round = shareOut(lines, 42, owedBehind);
        const mine = round.shares.find(({ endpointId }) => endpointId === 'a');
        return { owedBehind: round.owedBehind, got: [...got, mine?.most] };
      },
      { owedBehind: 0, got: [] as readonly (number | undefined)[] },
    );
    expect(rounds.got).toEqual([1, 11]);
  });

  it('gives over any rounds a quarter to those who are behind, never more nor less by a whole place', () => {
    const limits = fc.array(fc.nat({ max: 9 }), { maxLength: 40 });
    // Before them so many could go to others that nothing would be left within their mark.
    const within = fc.integer({ min: 3, max: 1_000 });
    fc.assert(
      fc.property(limits, within, (some, mark) => {
        const total = some.reduce((sum, limit) => sum + limit, 0);
        const got = sharesOfRounds([behind('a', { within: mark }), line({ c: 90 })], some);
        expect(got.a ?? 0).toBe(Math.floor(total / 4));
        expect(got.c ?? 0).toBe(total - Math.floor(total / 4));
      }),
    );
  });

  it('names those first that get least', () => {
    expect(
      shareOut([line({ a: 90 }), line({ b: 1 })], 50).shares.map(({ endpointId }) => endpointId),
    ).toEqual(['b', 'a']);
  });

  const rooms = fc.array(fc.nat({ max: 12 }), { maxLength: 4 });
  const lines = fc.array(fc.record({ live: rooms, replayed: rooms }), { maxLength: 8 }).map((drawn) =>
    drawn.map(
      (one, customer): CustomerLine => ({
        live: one.live.map((room, index) => ({
          endpointId: `${customer}/live/${index}`,
          room,
          within: 1_000,
          isBehind: false,
        })),
        replayed: one.replayed.map((room, index) => ({
          endpointId: `${customer}/replayed/${index}`,
          room,
          within: 1_000,
          isBehind: false,
        })),
      }),
    ),
  );
  const roomOf = ({ live, replayed }: CustomerLine): number =>
    [...live, ...replayed].reduce((sum, { room }) => sum + room, 0);

  it('leaves nothing unused, gives nobody beyond their room, and all as much as any other or as they can use', () => {
    fc.assert(
      fc.property(lines, fc.nat({ max: 60 }), (some, limit) => {
        const shares = sharesOf(some, limit);
        const total = Object.values(shares).reduce((sum, share) => sum + share, 0);
        expect(total).toBe(
          Math.min(
            limit,
            some.reduce((sum, one) => sum + roomOf(one), 0),
          ),
        );
        for (const { endpointId, room } of some.flatMap(({ live, replayed }) => [...live, ...replayed]))
          expect(shares[endpointId] ?? 0).toBeLessThanOrEqual(room);
        const got = some.map(({ live, replayed }) =>
          [...live, ...replayed].reduce((sum, { endpointId }) => sum + (shares[endpointId] ?? 0), 0),
        );
        some.forEach((one, index) => {
          const mine = got[index] ?? 0;
          expect(mine === roomOf(one) || mine >= Math.max(...got) - 1).toBe(true);
        });
      }),
    );
  });
});
