import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type CountedReplay,
  planRelease,
  REPLAY_WINDOW,
  REPLAY_WINDOW_OF_ENDPOINT,
  type ReplayShare,
  replayCounts,
} from '../../src/domain/replay.ts';

const share = (endpointId: string, part: Partial<ReplayShare> = {}): ReplayShare => ({
  endpointId,
  gateIsOpen: true,
  customerId: 'acme',
  underWay: 0,
  underWayOfCustomer: 0,
  ...part,
});

function planOf(shares: readonly ReplayShare[], underWay = 0): readonly (readonly [string, number])[] {
  const counted = shares.map((one) => ({ ...one, underWayOfCustomer: underWay }));
  return planRelease(counted).map(({ share: { endpointId }, most }) => [endpointId, most]);
}

describe('planRelease', () => {
  const rest = REPLAY_WINDOW - 2 * REPLAY_WINDOW_OF_ENDPOINT;
  const cases: readonly (readonly [
    string,
    readonly ReplayShare[],
    number,
    readonly (readonly [string, number])[],
  ])[] = [
    ['gives one endpoint its part of the window', [share('a')], 0, [['a', REPLAY_WINDOW_OF_ENDPOINT]]],
    ['gives it what it has room for', [share('a', { underWay: 35 })], 35, [['a', 5]]],
    [
      'shares the window among endpoints, the first ones first',
      ['a', 'b', 'c', 'd'].map((id) => share(id)),
      0,
      [
        ['a', REPLAY_WINDOW_OF_ENDPOINT],
        ['b', REPLAY_WINDOW_OF_ENDPOINT],
        ['c', rest],
      ],
    ],
    ['leaves out those that have no room', [share('a', { underWay: 40 }), share('b')], 98, [['b', 2]]],
    ['gives nothing while others of the customer fill the window', [share('a')], REPLAY_WINDOW + 3, []],
    [
      'gives each customer a window',
      ['a', 'b', 'c', 'd'].map((id) => share(id, { customerId: id < 'd' ? 'acme' : 'globex' })),
      0,
      [
        ['a', REPLAY_WINDOW_OF_ENDPOINT],
        ['b', REPLAY_WINDOW_OF_ENDPOINT],
        ['c', rest],
        ['d', REPLAY_WINDOW_OF_ENDPOINT],
      ],
    ],
    [
      'gives shut gates much, whatever is under way',
      [share('a', { gateIsOpen: false, underWay: 90 })],
      REPLAY_WINDOW,
      [['a', 500]],
    ],
    [
      'gives no more than a thousand in all',
      ['a', 'b', 'c'].map((id) => share(id, { gateIsOpen: false })),
      0,
      [
        ['a', 500],
        ['b', 500],
      ],
    ],
  ];

  it.each(cases)('%s', (_what, shares, underWay, plan) => {
    expect(planOf(shares, underWay)).toEqual(plan);
  });

  it('never lets open gates of a customer have more than the window', () => {
    const shares = fc.array(
      fc.record({
        endpointId: fc.uuid(),
        gateIsOpen: fc.boolean(),
        customerId: fc.constant('acme'),
        underWay: fc.nat({ max: 60 }),
      }),
    );
    fc.assert(
      fc.property(shares, fc.nat({ max: 150 }), (some, underWay) => {
        const counted = some.map((one) => ({ ...one, underWayOfCustomer: underWay }));
        const open = planRelease(counted).filter((one) => one.share.gateIsOpen);
        const sum = open.reduce((total, { most }) => total + most, 0);
        expect(sum).toBeLessThanOrEqual(Math.max(0, REPLAY_WINDOW - underWay));
        for (const { share: one, most } of open)
          expect(one.underWay + most).toBeLessThanOrEqual(REPLAY_WINDOW_OF_ENDPOINT);
      }),
    );
  });
});

describe('replayCounts', () => {
  const counted: CountedReplay = {
    status: 'running',
    total: 100,
    released: 60,
    passedOver: 5,
    delivered: 30,
    cancelled: 2,
    open: 20,
  };

  it('counts what is not released and what is open as remaining, and the rest as dead', () => {
    expect(replayCounts(counted)).toEqual({
      total: 100,
      released: 60,
      delivered: 30,
      dead: 8,
      cancelled: 2,
      passedOver: 5,
      remaining: 55,
    });
  });

  it('waits for nothing but what is open once it is cancelled', () => {
    expect(replayCounts({ ...counted, status: 'cancelled' })).toMatchObject({ remaining: 20 });
  });
});
