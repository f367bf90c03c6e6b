import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { parseKeyList } from '../../src/settings/key-list.ts';

const [first, second] = [randomBytes(32), randomBytes(32)];
const text = first.toString('base64');

describe('parseKeyList', () => {
  it('reads one key or several, in their order', () => {
    expect(parseKeyList(text)).toEqual([first]);
    expect(parseKeyList(`${text}, ${second.toString('base64url')}`)).toEqual([first, second]);
  });

  it.each([
    '',
    ',',
    `${text},`,
    `${text},${text}`,
    text.slice(0, -2),
    `${text}AAAA`,
    randomBytes(31).toString('base64'),
    randomBytes(33).toString('base64'),
    first.toString('hex'),
    text.replace(/.$/, '!'),
  ])('refuses %j', (malformed) => {
    expect(parseKeyList(malformed)).toBeNull();
  });
});
