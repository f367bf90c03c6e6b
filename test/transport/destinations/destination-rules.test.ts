import { describe, expect, it } from '@jest/globals';
import type { DestinationLists } from '../../../src/domain/destination-lists.ts';
import { DestinationRules } from '../../../src/transport/destinations/destination-rules.ts';

const PUBLIC = '93.184.216.34';

function codeFor(
  lists: Partial<DestinationLists>,
  url: string,
  addresses: readonly string[] = [PUBLIC],
): string | null {
  return new DestinationRules(lists).judge(new URL(url), addresses)?.code ?? null;
}

describe('DestinationRules', () => {
  it.each<[string, Partial<DestinationLists>, string, readonly string[], string | null]>([
    [
      'a denied network',
      { denied: ['93.184.0.0/16'] },
      'https://a.example/',
      [PUBLIC],
      'destination_not_allowed',
    ],
    [
      'a denied address',
      { denied: [PUBLIC] },
      'https://a.example/',
      ['8.8.8.8', PUBLIC],
      'destination_not_allowed',
    ],
    ['another address', { denied: [PUBLIC] }, 'https://a.example/', ['8.8.8.8'], null],
    ['a denied name', { denied: ['a.example'] }, 'https://a.example/', [PUBLIC], 'destination_not_allowed'],
    [
      'a denied name not resolved',
      { denied: ['a.example'] },
      'https://a.example/',
      [],
      'destination_not_allowed',
    ],
    [
      'its subdomain',
      { denied: ['A.Example.'] },
      'https://b.a.example./',
      [PUBLIC],
      'destination_not_allowed',
    ],
    ['a name that ends alike', { denied: ['a.example'] }, 'https://ba.example/', [PUBLIC], null],
    ['a wildcard', { denied: ['*.a.example'] }, 'https://b.a.example/', [PUBLIC], 'destination_not_allowed'],
    [
      'an international name',
      { denied: ['bücher.example'] },
      'https://xn--bcher-kva.example/',
      [],
      'destination_not_allowed',
    ],
    [
      'what is both allowed and denied',
      { allowed: ['10.0.0.0/8'], denied: ['10.1.0.0/16'] },
      'http://a.example/',
      ['10.1.0.1'],
      'destination_not_allowed',
    ],
    [
      'the rest of it',
      { allowed: ['10.0.0.0/8'], denied: ['10.1.0.0/16'] },
      'http://a.example/',
      ['10.2.0.1'],
      null,
    ],
    ['an opened port', { ports: [8443] }, 'https://a.example:8443/', [PUBLIC], null],
    ['443 beside an opened port', { ports: [8443] }, 'https://a.example/', [PUBLIC], null],
    ['another port', { ports: [8443] }, 'https://a.example:8444/', [PUBLIC], 'port_not_allowed'],
    ['http on an opened port', { ports: [80] }, 'http://a.example/', [PUBLIC], 'scheme_not_allowed'],
    ['a listed name', { hosts: ['a.example'] }, 'https://a.example/', [PUBLIC], null],
    ['its subdomain', { hosts: ['a.example'] }, 'https://x.a.example/', [PUBLIC], null],
    [
      'a name not listed',
      { hosts: ['a.example'] },
      'https://b.example/',
      [PUBLIC],
      'destination_not_allowed',
    ],
    [
      'a name not listed nor resolved',
      { hosts: ['a.example'] },
      'https://b.example/',
      [],
      'destination_not_allowed',
    ],
    [
      'a listed name with an inner address',
      { hosts: ['a.example'] },
      'https://a.example/',
      ['10.0.0.1'],
      'destination_not_allowed',
    ],
    [
      'an address where names are listed',
      { hosts: ['a.example'] },
      `https://${PUBLIC}/`,
      [PUBLIC],
      'destination_not_allowed',
    ],
    [
      'an allowed address where names are listed',
      { hosts: ['a.example'], allowed: ['10.0.0.1'] },
      'http://10.0.0.1/',
      ['10.0.0.1'],
      null,
    ],
  ])('judges %s', (_, lists, url, addresses, code) => {
    expect(codeFor(lists, url, addresses)).toBe(code);
  });

  it.each([
    '::ffff:10.0.0.1',
    '64:ff9b::a00:1',
    '64:ff9b:1::a00:1',
    '64:ff9b:1:a00:0:100::',
    '2002:a00:1::1',
    '2001:0:a00:1::',
    '2001:0:808:808:0:0:f5ff:fffe',
    '::a00:1',
    '::ffff:0:a00:1',
  ])('denies %s, which leads to a denied IPv4 address, even where all of IPv6 is allowed', (address) => {
    const lists = { allowed: ['::/0', '0.0.0.0/0'], denied: ['10.0.0.0/8'] };
    expect(codeFor(lists, 'https://a.example/', [address])).toBe('destination_not_allowed');
    expect(codeFor({ allowed: lists.allowed }, 'https://a.example/', [address])).toBeNull();
  });

  it('adds what is stored to what is fixed, replaces it, and counts its changes', () => {
    const rules = new DestinationRules({ denied: ['a.example'] });
    const code = (host: string) => rules.judge(new URL(`https://${host}/`), [PUBLIC])?.code ?? null;

    rules.replace({ denied: ['b.example'] });
    rules.replace({ denied: ['b.example'] });
    expect([code('a.example'), code('b.example')]).toEqual([
      'destination_not_allowed',
      'destination_not_allowed',
    ]);
    expect(rules.revision).toBe(1);
    rules.replace({});
    expect([code('a.example'), code('b.example')]).toEqual(['destination_not_allowed', null]);
    expect(rules.revision).toBe(2);
  });

  it('keeps what it has when what is stored makes no sense', () => {
    const rules = new DestinationRules({});
    expect(() => rules.replace({ denied: ['10.0.0.0/99'] })).toThrow(RangeError);
    expect(rules.revision).toBe(0);
  });
});
