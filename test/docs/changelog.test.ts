import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

describe('CHANGELOG.md', () => {
  it('has a section for what is not released yet', () => {
    expect(readFileSync('CHANGELOG.md', 'utf8')).toMatch(/^## Unreleased$/m);
  });
});
