import { describe, expect, it } from '@jest/globals';
import { answerMs, Ledger, receiptMs } from '../../../bench/measure/ledger.ts';

const arrival = { deliveryId: 'del_1', attempt: 1, at: 2, accepted: true };

describe('Ledger', () => {
  it('calls lost what was acknowledged and never came', () => {
    const ledger = new Ledger();
    ledger.begin('a').acknowledged = true;
    ledger.begin('b');
    expect(ledger.counts()).toEqual({ sent: 2, acknowledged: 1, received: 0, lost: 1, duplicates: 0 });
  });

  it('calls a duplicate every request beyond the first that was accepted', () => {
    const ledger = new Ledger();
    ledger.begin('a').acknowledged = true;
    for (const attempt of [1, 2, 3]) ledger.receive('a', { ...arrival, attempt });
    expect(ledger.counts()).toEqual({ sent: 1, acknowledged: 1, received: 1, lost: 0, duplicates: 2 });
  });

  it('takes a request that was refused for no receipt', () => {
    const ledger = new Ledger();
    ledger.begin('a').acknowledged = true;
    ledger.receive('a', { ...arrival, accepted: false });
    expect(ledger.counts()).toMatchObject({ received: 0, lost: 1 });
    ledger.receive('a', { ...arrival, attempt: 2 });
    expect(ledger.counts()).toMatchObject({ received: 1, lost: 0, duplicates: 0 });
    expect(ledger.received).toBe(1);
  });

  it('ignores what it never sent', () => {
    const ledger = new Ledger();
    ledger.receive('stranger', arrival);
    expect(ledger.counts()).toEqual({ sent: 0, acknowledged: 0, received: 0, lost: 0, duplicates: 0 });
  });
});

describe('receiptMs', () => {
  it('reaches from the publish to the first request that was accepted', () => {
    const ledger = new Ledger();
    const entry = ledger.begin('a');
    expect(receiptMs(entry)).toEqual([]);
    ledger.receive('a', { ...arrival, at: entry.begunAt + 5, accepted: false });
    ledger.receive('a', { ...arrival, at: entry.begunAt + 8 });
    ledger.receive('a', { ...arrival, at: entry.begunAt + 9 });
    expect(receiptMs(entry)).toEqual([expect.closeTo(8)]);
  });
});

describe('answerMs', () => {
  it('is there once there is an answer', () => {
    const entry = new Ledger().begin('a');
    expect(answerMs(entry)).toEqual([]);
    entry.answeredAt = entry.begunAt + 3;
    expect(answerMs(entry)).toEqual([expect.closeTo(3)]);
  });
});
