import { describe, expect, it } from '@jest/globals';
import { asksForPrimary, isDatabaseUrl, serverUrlsOf } from '../../src/settings/database-url.ts';

describe('serverUrlsOf', () => {
  it.each([
    ['postgres://a/db', ['postgres://a/db']],
    ['postgres://a,b:6000/db', ['postgres://a/db', 'postgres://b:6000/db']],
    [
      'postgres://me:p,w@a:1,[::1]:2/db?x=1,2',
      ['postgres://me:p,w@a:1/db?x=1,2', 'postgres://me:p,w@[::1]:2/db?x=1,2'],
    ],
    ['postgres://me:p,w@a/db', ['postgres://me:p,w@a/db']],
  ])('finds the servers of %s', (url, urls) => {
    expect(serverUrlsOf(url)).toEqual(urls);
  });
});

describe('isDatabaseUrl', () => {
  it.each([
    ['postgres://a:1,b:2/db', true],
    ['postgresql://me:pw@a,b/db?sslmode=require', true],
    ['postgres://a:1,b:x/db', false],
    ['postgres://me:a#b@a,b/db', false],
    ['mysql://a,b/db', false],
  ])('judges %s', (url, isOne) => {
    expect(isDatabaseUrl(url)).toBe(isOne);
  });
});

describe('asksForPrimary', () => {
  it.each([
    ['', true],
    ['?target_session_attrs=read-write', true],
    ['?target_session_attrs=primary', true],
    ['?target_session_attrs=any', true],
    ['?target_session_attrs=prefer-standby', false],
    ['?target_session_attrs=read-only', false],
  ])('judges a URL with %s', (parameters, isIt) => {
    expect(asksForPrimary(`postgres://a,b/db${parameters}`)).toBe(isIt);
  });
});
