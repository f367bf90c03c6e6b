import { describe, expect, it } from '@jest/globals';
import { Ledger } from './ledger.ts';

const arrival = { deliveryId: 'del_1', attempt: 1, at: 2 };

describe('Ledger', () => {
  it('calls lost what was acknowledged and never came', () => {
    const ledger = new Ledger();
    ledger.begin('a', 1).acknowledged = true;
    ledger.begin('b', 1);
    expect(ledger.counts()).toEqual({ sent: 2, acknowledged: 1, received: 0, lost: 1, duplicates: 0 });
  });

  it('calls a duplicate every request beyond the first', () => {
    const ledger = new Ledger();
    ledger.begin('a', 1).acknowledged = true;
    for (const attempt of [1, 2, 3]) ledger.receive('a', { ...arrival, attempt });
    expect(ledger.counts()).toEqual({ sent: 1, acknowledged: 1, received: 1, lost: 0, duplicates: 2 });
  });

  it('ignores what it never sent', () => {
    const ledger = new Ledger();
    ledger.receive('stranger', arrival);
    expect(ledger.counts()).toEqual({ sent: 0, acknowledged: 0, received: 0, lost: 0, duplicates: 0 });
  });
});
