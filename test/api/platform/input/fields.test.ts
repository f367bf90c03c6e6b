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
  it.each(['acme', 'Müller & Söhne', '*', 'a'.repeat(128), '日本'])('accepts %j', (text) => {
    expect(customerId.safeParse(text).success).toBe(true);
  });

  it.each(['', ' ', ' acme', 'acme ', 'a\0b', 'a\nb', '\ud800', 'a'.repeat(129), 7, null])(
    'refuses %j',
    (text) => {
      expect(customerId.safeParse(text).success).toBe(false);
    },
  );
});
