import { describe, expect, it } from '@jest/globals';
import { jsonTokens } from '../../../src/dashboard/data/json-text.ts';
import { maskedPlaces, maskOf } from '../../../src/dashboard/data/masked.ts';

const TEXT =
  '{"mail": "***", "note":"***","cards":[{"number":"***"},{"number":"12"}],"a/b":"***","x":["***"]}';

describe('maskedPlaces', () => {
  it.each([
    [['mail'], ['mail']],
    [['/cards/number'], ['number']],
    [
      ['/a~1b', 'mail'],
      ['mail', 'a/b'],
    ],
    [['x'], []],
    [[], []],
  ])('finds the masks of %j and no other text of three stars', (members, names) => {
    const tokens = jsonTokens(TEXT) ?? [];
    const places = [...maskedPlaces(tokens, members)];
    const meaningful = (until: number) => tokens.slice(0, until).filter(({ kind }) => kind !== 'space');
    expect(places.map((place) => tokens[place]?.text)).toEqual(names.map(() => '"***"'));
    expect(places.map((place) => meaningful(place).at(-2)?.text)).toEqual(
      names.map((name) => JSON.stringify(name)),
    );
  });
});

describe('maskOf', () => {
  it.each([
    ['mail', 'whole'],
    ['user', 'part'],
    ['card', 'whole'],
    ['plan', null],
  ])('says of %s: %s', (name, mask) => {
    expect(maskOf(name, ['mail', '/user/email', '/card', '/card/number'])).toBe(mask);
  });
});
