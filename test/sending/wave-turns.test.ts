import { describe, expect, it } from '@jest/globals';
import type { Room } from '../../src/domain/places.ts';
import { WaveTurns } from '../../src/sending/wave-turns.ts';
import type { DueFound, DueTurn } from '../../src/storage/claims/wave-claims.ts';

function found(customerId: string | null, endpointId: string, part: Partial<DueFound> = {}): DueFound {
  return { customerId, endpointId, priority: 0, since: 1_000, ...part };
}

function turnsOf(...due: readonly DueFound[]): WaveTurns {
  const turns = new WaveTurns();
  turns.noteDue(due);
  return turns;
}

/** By the database's clock. */
const NOW = 1_100;

const plenty = (): Room => ({ room: 100, within: 100 });

function served(next: readonly DueTurn[]): readonly (readonly [string, number])[] {
  return next.map(({ endpointId, most }) => [endpointId, most]);
}

/** As if every turn had found so many. */
function take(turns: WaveTurns, next: readonly DueTurn[], count: number, until = 5_000): void {
  const taken = next.map(({ endpointId, priority }) => ({ endpointId, priority, count, until }));
  turns.noteTaken(next, { taken: count === 0 ? [] : taken, isFull: false });
}

describe('WaveTurns', () => {
  it('knows nothing at first', () => {
    const turns = new WaveTurns();
    expect([turns.isWaiting, turns.next(10, NOW, plenty)]).toEqual([false, []]);
  });

  it('lets a backlog of one customer not go before what another has', () => {
    const turns = turnsOf(found('a', 'ep_a1'), found('a', 'ep_a2'), found('b', 'ep_b'));
    expect(served(turns.next(8, NOW, plenty))).toEqual([
      ['ep_a1', 2],
      ['ep_a2', 2],
      ['ep_b', 4],
    ]);
  });

  it('counts all endpoints of operators as those of one customer', () => {
    const turns = turnsOf(found(null, 'ep_o1'), found(null, 'ep_o2'), found('b', 'ep_b'));
    expect(served(turns.next(4, NOW, plenty))).toEqual([
      ['ep_o1', 1],
      ['ep_o2', 1],
      ['ep_b', 2],
    ]);
  });

  it('puts whoever got something to the end of the line', () => {
    const turns = turnsOf(found('a', 'ep_a1'), found('a', 'ep_a2'), found('b', 'ep_b'), found('c', 'ep_c'));
    const order: string[] = [];
    for (let round = 0; round < 6; round += 1) {
      const next = turns.next(1, NOW, plenty);
      order.push(...next.map(({ endpointId }) => endpointId));
      take(turns, next, 1);
    }
    expect(order).toEqual(['ep_a1', 'ep_b', 'ep_c', 'ep_a2', 'ep_b', 'ep_c']);
  });

  it('asks nothing of an endpoint without room, and remembers it', () => {
    const turns = turnsOf(found('a', 'ep_full'), found('b', 'ep_b'));
    const roomOf = (id: string): Room => ({ room: id === 'ep_full' ? 0 : 3, within: 100 });
    expect([turns.hasNext(10, roomOf), turns.hasNext(0, roomOf)]).toEqual([true, false]);
    const next = turns.next(10, NOW, roomOf);
    expect(served(next)).toEqual([['ep_b', 3]]);
    take(turns, next, 1);
    expect([turns.isWaiting, turns.hasNext(10, roomOf)]).toEqual([true, false]);
    expect(served(turns.next(10, NOW, plenty))).toEqual([['ep_full', 10]]);
  });

  it('forgets whoever had less than was asked for, until more is found', () => {
    const turns = turnsOf(found('a', 'ep_a'));
    take(turns, turns.next(10, NOW, plenty), 9);
    expect(turns.isWaiting).toBe(false);
    turns.noteDue([found('a', 'ep_a')]);
    take(turns, turns.next(10, NOW, plenty), 0);
    expect(turns.isWaiting).toBe(false);
  });

  it('keeps the turn of who got nothing because the claim was full, and knows that who got less may have more', () => {
    const turns = turnsOf(found('a', 'ep_a'), found('b', 'ep_b'), found('c', 'ep_c'));
    const next = turns.next(9, NOW, plenty);
    const part = { endpointId: 'ep_a', priority: 0, count: 1, until: 5_000 } as const;
    turns.noteTaken(next, { taken: [part], isFull: true });
    expect(served(turns.next(2, NOW, plenty))).toEqual([
      ['ep_b', 1],
      ['ep_c', 1],
    ]);
    expect(served(turns.next(3, NOW, plenty))).toContainEqual(['ep_a', 1]);
  });

  it('goes on a little before where it was, and not before what was found', () => {
    const turns = turnsOf(found('a', 'ep_a', { since: 4_000 }));
    take(turns, turns.next(2, NOW, plenty), 2, 5_000);
    expect(turns.next(2, NOW, plenty)).toMatchObject([{ since: 4_000 }]);
    take(turns, turns.next(2, NOW, plenty), 2, 9_000);
    expect(turns.next(2, NOW, plenty)).toMatchObject([{ since: 7_000 }]);
    turns.noteDue([found('a', 'ep_a', { since: 6_500 })]);
    expect(turns.next(2, NOW, plenty)).toMatchObject([{ since: 6_500 }]);
  });

  it('has what is live of an endpoint sent before what is replayed', () => {
    const turns = turnsOf(found('a', 'ep_a', { priority: 1 }), found('a', 'ep_a', { since: 2_000 }));
    const live = turns.next(10, NOW, plenty);
    expect(live).toMatchObject([{ priority: 0, since: 2_000 }]);
    take(turns, live, 1);
    expect(turns.next(10, NOW, plenty)).toMatchObject([{ priority: 1, since: 1_000 }]);
  });

  it('counts who had a part of what was due as behind or not by the rest', () => {
    const turns = turnsOf(found('a', 'ep_a'), found('b', 'ep_b', { since: 59_900 }));
    take(
      turns,
      turns.next(8, 60_000, plenty).filter(({ endpointId }) => endpointId === 'ep_a'),
      9,
      59_800,
    );
    expect(served(turns.next(8, 60_000, plenty))).toEqual([
      ['ep_b', 4],
      ['ep_a', 4],
    ]);
  });

  it('lets those who keep up go before hundreds who are behind, who get a quarter nevertheless', () => {
    const behind = Array.from({ length: 300 }, (_, index) => found(`behind_${index}`, `ep_${index}`));
    const turns = turnsOf(...behind, found('prompt', 'ep_prompt', { since: 59_900 }));
    const next = served(turns.next(8, 60_000, plenty));
    expect(next).toEqual([
      ['ep_prompt', 6],
      ['ep_0', 1],
      ['ep_1', 1],
    ]);
  });

  it('lets those who keep up have three of four places that become free one by one', () => {
    const turns = turnsOf(found('late', 'ep_late'), found('prompt', 'ep_prompt', { since: 59_900 }));
    const order = Array.from({ length: 8 }, () => {
      const next = turns.next(1, 60_000, plenty);
      const [turn] = next;
      take(turns, next, 1, turn?.endpointId === 'ep_late' ? 1_000 : 59_900);
      return turn?.endpointId;
    });
    const round = ['ep_prompt', 'ep_prompt', 'ep_prompt', 'ep_late'];
    expect(order).toEqual([...round, ...round]);
  });

  it('lets whoever waits for a part of what others wait go first, where all had to wait', () => {
    const long = Array.from({ length: 20 }, (_, number) =>
      found(`c_${number}`, `ep_${number}`, { since: -30_000 }),
    );
    const next = turnsOf(...long, found('b', 'ep_b', { since: -4_000 })).next(8, NOW, plenty);
    expect(served(next)).toContainEqual(['ep_b', 6]);
  });

  it('does not call everybody prompt where one waits for much longer than all others', () => {
    const some = Array.from({ length: 20 }, (_, number) =>
      found(`c_${number}`, `ep_${number}`, { since: -30_000 }),
    );
    const due = [found('a', 'ep_a', { since: -9_000_000 }), ...some, found('b', 'ep_b', { since: -4_000 })];
    expect(served(turnsOf(...due).next(8, NOW, plenty))).toContainEqual(['ep_b', 6]);
  });
});
