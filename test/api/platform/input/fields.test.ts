import { describe, expect, it } from '@jest/globals';
import { customerId, parseInstant } from '../../../../src/api/platform/input/fields.ts';

describe('parseInstant', () => {
  it.each([
    ['2024-02-29T23:59:59Z', '2024-02-29T23:59:59.000Z'],
    ['2024-09-26t10:02:15.5z', '2024-09-26T10:02:15.500Z'],
    ['2024-09-26T10:02:15+02:00', '2024-09-26T08:02:15.000Z'],
    ['2024-12-31T23:30:00-01:00', '2025-01-01T00:30:00.000Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
    ['2024-09-26T10:02:15.123456789Z', '2024-09-26T10:02:15.123Z'],
  ])('reads %s', (text, expected) => {
    expect(parseInstant(text)?.toISOString()).toBe(expected);
  });

  it.each([
    '2023-02-29T00:00:00Z',
    '2024-02-30T00:00:00Z',
    '2024-13-01T00:00:00Z',
    '2024-00-10T00:00:00Z',
    '2024-04-31T00:00:00Z',
    '2024-01-01T24:00:00Z',
    '2024-01-01T00:60:00Z',
    '2024-01-01T00:00:60Z',
    '2024-01-01T00:00:00',
    '2024-01-01',
    '2024-01-01 00:00:00Z',
    '2024-01-01T00:00:00+25:00',
    '0000-01-01T00:00:00Z',
    '0001-01-01T00:00:00+00:01',
    '9999-12-31T23:59:59-00:01',
    ' 2024-01-01T00:00:00Z',
    '1727344935',
    'yesterday',
    '',
  ])('refuses %j', (text) => {
    expect(parseInstant(text)).toBeNull();
  });
});

describe('customerId', () => {
  it.each(['acme', 'Müller & Söhne', '*', 'a'.repeat(128), '日本', 'محمد', 'ǅ/a b'])('accepts %j', (text) => {
    expect(customerId.safeParse(text).success).toBe(true);
  });

  it.each(['', ' ', ' acme', 'acme ', 'a\0b', 'a\nb', '\ud800', 'a'.repeat(129), 7, null])(
    'refuses %j',
    (text) => {
      expect(customerId.safeParse(text).success).toBe(false);
    },
  );

  it.each([
    ['reverses what follows', '\u202e'],
    ['isolates what follows', '\u2066'],
    ['marks a direction', '\u200f'],
    ['marks an Arabic direction', '\u061c'],
    ['has no width', '\u200b'],
    ['joins without width', '\u200d'],
    ['is a byte order mark', '\ufeff'],
    ['is a soft hyphen', '\u00ad'],
    ['is a blank that does not break', '\u00a0'],
    ['is a wide blank', '\u3000'],
    ['separates lines', '\u2028'],
    ['fills a Hangul syllable', '\u3164'],
    ['is a Braille blank', '\u2800'],
    ['selects a variant', '\ufe0f'],
    ['joins graphemes', '\u034f'],
    ['is a tag', '\u{e0061}'],
    ['is for private use', '\ue000'],
    ['is not assigned', '\u0378'],
    ['is an accent by itself', 'e\u0301'],
  ])('refuses a character that %s', (_what, character) => {
    expect(customerId.safeParse(`ac${character}me`).error?.issues[0]).toMatchObject({
      params: { code: 'invalid_customer_id' },
    });
  });
});
