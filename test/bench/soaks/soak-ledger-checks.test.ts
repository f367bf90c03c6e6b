import { describe, expect, it } from '@jest/globals';
import { Ledger } from '../../../bench/measure/ledger.ts';
import { checkLedger } from '../../../bench/soaks/soak-ledger-checks.ts';

const BROKEN: readonly (readonly [why: string, attempts: readonly number[], orphaned: readonly string[]])[] =
  [
    ['an event never came', [], []],
    ['one came twice although no worker was killed', [1, 2], []],
    ['one came twice by the same attempt', [1, 1], ['del_1/1']],
    ['one came more often than workers were killed', [1, 2, 3], ['del_1/1']],
  ];

describe('checkLedger', () => {
  it('accepts a second request for an attempt whose worker was killed', () => {
    expect(brokenPromises([1, 2], ['del_1/1'])).toEqual([]);
  });

  it.each(BROKEN)('notices when %s', (_why, attempts, orphaned) => {
    expect(brokenPromises(attempts, orphaned)).not.toEqual([]);
  });

  it('notices what stays in sending', () => {
    expect(brokenPromises([1], [], { sending: 1 })).toHaveLength(1);
  });
});

function brokenPromises(
  attempts: readonly number[],
  orphaned: readonly string[],
  statuses: Readonly<Record<string, number>> = { delivered: 1 },
): readonly string[] {
  const ledger = new Ledger();
  ledger.begin('a').acknowledged = true;
  for (const attempt of attempts)
    ledger.receive('a', { deliveryId: 'del_1', attempt, at: 1, accepted: true });
  const checks = checkLedger(ledger, { count: 1, orphaned: new Set(orphaned), statuses });
  return checks.filter((check) => !check.kept).map((check) => check.promise);
}
