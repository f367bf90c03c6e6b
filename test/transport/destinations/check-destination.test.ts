import { describe, expect, it } from '@jest/globals';
import { checkDestination } from '../../../src/transport/destinations/check-destination.ts';
import { DestinationRules } from '../../../src/transport/destinations/destination-rules.ts';
import { createResolver } from '../../../src/transport/destinations/resolve-host.ts';

const NAMES: Readonly<Record<string, readonly string[]>> = {
  'public.example': ['93.184.216.34', '2606:2800:220:1::1'],
  'private.example': ['10.0.0.7'],
  'mixed.example': ['93.184.216.34', '10.0.0.7'],
  'allowed.example': ['192.168.7.7'],
  'half.example': ['192.168.7.7', '93.184.216.34'],
  'empty.example': [],
  localhost: ['127.0.0.1'],
  db: ['93.184.216.34'],
  'allowed-db': ['192.168.7.7'],
  'metadata.google.internal': ['93.184.216.34'],
};

async function lookup(name: string): Promise<readonly string[]> {
  const addresses = NAMES[name];
  if (addresses === undefined) throw Object.assign(new Error('not found'), { code: 'ENOTFOUND' });
  return addresses;
}

const rules = new DestinationRules({ allowed: ['192.168.7.0/24'] });

describe('checkDestination', () => {
  it.each([
    'https://public.example/',
    'https://public.example:443/hook',
    'https://8.8.8.8/',
    'https://[2606:4700::1111]/',
    'https://allowed.example/',
    'http://allowed.example/',
    'http://allowed.example:8080/',
    'https://allowed.example:8443/',
    'https://half.example/',
    'http://192.168.7.9:3000/',
    'http://[::ffff:192.168.7.9]/',
    'https://allowed-db/',
    'https://unknown.example/',
    'https://empty.example/',
  ])('accepts %s', async (url) => {
    expect(await checkDestination(url, { rules, lookup })).toBeNull();
  });

  it.each([
    ['https://private.example/', 'destination_not_allowed'],
    ['https://mixed.example/', 'destination_not_allowed'],
    ['https://127.0.0.1/', 'destination_not_allowed'],
    ['https://127.1/', 'destination_not_allowed'],
    ['https://0x7f.1/', 'destination_not_allowed'],
    ['https://2130706433/', 'destination_not_allowed'],
    ['https://0.0.0.0/', 'destination_not_allowed'],
    ['https://[::]/', 'destination_not_allowed'],
    ['https://[::1]/', 'destination_not_allowed'],
    ['https://[::ffff:127.0.0.1]/', 'destination_not_allowed'],
    ['https://[64:ff9b::7f00:1]/', 'destination_not_allowed'],
    ['https://[fd00:ec2::254]/', 'destination_not_allowed'],
    ['https://localhost/', 'destination_not_allowed'],
    ['https://localhost./', 'destination_not_allowed'],
    ['https://LOCALHOST/', 'destination_not_allowed'],
    ['https://foo.localhost/', 'destination_not_allowed'],
    ['https://db/', 'destination_not_allowed'],
    ['https://unknown/', 'destination_not_allowed'],
    ['https://printer.local/', 'destination_not_allowed'],
    ['https://metadata.google.internal/', 'destination_not_allowed'],
    ['https://nas.home.arpa/', 'destination_not_allowed'],
    ['http://public.example/', 'scheme_not_allowed'],
    ['http://8.8.8.8/', 'scheme_not_allowed'],
    ['http://half.example/', 'scheme_not_allowed'],
    ['http://unknown.example/', 'scheme_not_allowed'],
    ['http://empty.example/', 'scheme_not_allowed'],
    ['https://public.example:8443/', 'port_not_allowed'],
    ['https://public.example:22/', 'port_not_allowed'],
    ['https://public.example:0/', 'port_not_allowed'],
    ['https://half.example:6379/', 'port_not_allowed'],
    ['https://unknown.example:8443/', 'port_not_allowed'],
  ])('refuses %s with %s', async (url, code) => {
    const refusal = await checkDestination(url, { rules, lookup });

    expect(refusal?.code).toBe(code);
    expect(refusal?.message).toMatch(/^The (URL|host) [ -~]+$/);
    expect(refusal?.message).not.toContain('10.0.0.7');
  });

  it('takes a resolver that never answers for a name that does not resolve yet', async () => {
    const options = { rules, lookup: () => new Promise<readonly string[]>(() => {}), timeoutMs: 10 };

    expect(await checkDestination('https://slow.example/', options)).toBeNull();
    expect(await checkDestination('http://slow.example/', options)).toMatchObject({
      code: 'scheme_not_allowed',
    });
  });

  it('knows localhost without asking anybody', async () => {
    const local = new DestinationRules({ allowed: ['127.0.0.0/8', '::1'] });

    expect(
      await checkDestination('http://localhost:3000/', { rules: local, lookup: createResolver() }),
    ).toBeNull();
    expect(
      await checkDestination('http://localhost:3000/', { rules, lookup: createResolver() }),
    ).toMatchObject({
      code: 'scheme_not_allowed',
    });
  });
});
