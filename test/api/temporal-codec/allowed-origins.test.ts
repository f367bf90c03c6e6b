import { describe, expect, it } from '@jest/globals';
import { originsOf } from '../../../src/api/temporal-codec/allowed-origins.ts';

describe('originsOf', () => {
  it.each([
    ['http://127.0.0.1:8233', ['http://127.0.0.1:8233', 'http://localhost:8233']],
    ['http://localhost:8080/temporal/', ['http://127.0.0.1:8080', 'http://localhost:8080']],
    ['https://temporal.example:443/ui', ['https://temporal.example']],
    [null, []],
  ])('of %s are %j', (url, origins) => {
    expect(originsOf(url)).toEqual(origins);
  });
});
