import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { applyPatch, filesOf, MUTANTS } from '../../../bench/evidence/mutants.ts';

const ROOT = resolve('.');
/** Workflows run from a bundle, which a copy has as it is. */
const RUN_AS_BUILT = /^(?:src|activities)\/.+\.ts$/;

describe('MUTANTS', () => {
  it('has a mutant for each patch', () => {
    const patches = readdirSync('bench/evidence/mutants').sort();
    expect(patches).toEqual(MUTANTS.map(({ name }) => `${name}.patch`).sort());
  });

  it.each(MUTANTS.map(({ name }) => name))('%s still fits the source', (name) => {
    applyPatch({ name }, ROOT, { isTrial: true });
    expect(filesOf({ name }).filter((file) => !RUN_AS_BUILT.test(file))).toEqual([]);
  });
});

describe('applyPatch', () => {
  it('refuses a patch whose place has changed', () => {
    const stale = { name: '../../../test/bench/evidence/stale' };
    expect(() => applyPatch(stale, ROOT, { isTrial: true })).toThrow(/does not apply/);
  });
});
