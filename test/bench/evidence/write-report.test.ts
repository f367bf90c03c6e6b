import { describe, expect, it } from '@jest/globals';
import { FAULTS } from '../../../bench/evidence/faults.ts';
import { MUTANTS } from '../../../bench/evidence/mutants.ts';
import type { EvidencePlan } from '../../../bench/evidence/try-all.ts';
import { writeReport } from '../../../bench/evidence/write-report.ts';

/** The command that a report of a run with this plan names. */
function commandFor(chosen: Partial<EvidencePlan>): string | undefined {
  const plan = {
    seed: 7,
    seconds: 10,
    ratePerSecond: 40,
    faults: FAULTS,
    mutants: MUTANTS,
    ledgerDir: null,
    ...chosen,
  };
  const evidence = { plan, conditions: {}, faults: [], mutants: [], seconds: 61, isConvincing: true };
  return /Run again: `(.+)`/.exec(writeReport(evidence, { keeps: false }).text)?.[1];
}

describe('writeReport', () => {
  it('names the command of a run over everything', () => {
    expect(commandFor({})).toBe('npm run evidence -- --seed 7 --seconds 10 --rate 40');
  });

  it('names the faults and mutants that were chosen', () => {
    expect(commandFor({ faults: FAULTS.slice(0, 2), mutants: [] })).toBe(
      'npm run evidence -- --seed 7 --seconds 10 --rate 40 --faults worker-kill,api-kill --mutants none',
    );
  });
});
