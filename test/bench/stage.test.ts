import { describe, expect, it } from '@jest/globals';
import { UsageError } from '../../bench/options.ts';
import { readOther, readStage, USUAL_STAGE } from '../../bench/stage/stage.ts';

describe('readStage', () => {
  it('is that of npm start with processes apart, unless told otherwise', () => {
    expect(readStage({})).toEqual(USUAL_STAGE);
    expect(readStage({ postgres: '17', processes: 'together' })).toMatchObject({
      postgres: '17',
      processes: 'together',
    });
  });

  it('says which words there are', () => {
    expect(() => readStage({ postgres: '9.6' })).toThrow(UsageError);
  });
});

describe('readOther', () => {
  it('differs in what the options name', () => {
    expect(readOther(USUAL_STAGE, {})).toBeNull();
    expect(readOther(USUAL_STAGE, { against: '../base' })).toEqual({ ...USUAL_STAGE, checkout: '../base' });
    expect(readOther({ ...USUAL_STAGE, postgres: 'stock' }, { 'against-postgres': 'embedded' })).toEqual(
      USUAL_STAGE,
    );
  });
});
