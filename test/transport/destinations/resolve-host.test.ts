import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createResolver, type HostLookup } from '../../../src/transport/destinations/resolve-host.ts';
import { type DnsServer, startDnsServer } from '../../support/receivers/dns-server.ts';
import { removeDirectory } from '../../support/remove-directory.ts';

const directory = mkdtempSync(join(tmpdir(), 'posthorn-hosts-'));
const hostsFile = join(directory, 'hosts');
let dns: DnsServer;
let lookup: HostLookup;

beforeAll(async () => {
  writeFileSync(hostsFile, '# ours\n10.1.2.3 Box box.example # both\nfd00::1 box\nnonsense\n');
  dns = await startDnsServer();
  lookup = createResolver({ servers: [dns.address], hostsFile });
});
afterAll(async () => {
  await dns.close();
  removeDirectory(directory);
});

describe('createResolver', () => {
  it('gives the addresses of both families, IPv4 first', async () => {
    dns.tell('both.example', ['2606:4700::1111', '93.184.216.34', '93.184.216.35']);

    expect(await lookup('both.example')).toEqual(['93.184.216.34', '93.184.216.35', '2606:4700::1111']);
  });

  it('takes one family where the other has none', async () => {
    dns.tell('four.example', ['93.184.216.34']);
    dns.tell('six.example', ['2606:4700::1111']);

    expect(await lookup('four.example')).toEqual(['93.184.216.34']);
    expect(await lookup('six.example')).toEqual(['2606:4700::1111']);
  });

  it('asks the hosts file first, and knows localhost without asking', async () => {
    expect(await lookup('box')).toEqual(['10.1.2.3', 'fd00::1']);
    expect(await lookup('BOX.example.')).toEqual(['10.1.2.3']);
    expect(await lookup('localhost')).toEqual(['127.0.0.1', '::1']);
    expect(await lookup('a.localhost')).toEqual(['127.0.0.1', '::1']);
    expect(dns.asked.filter((question) => /box|localhost/.test(question))).toEqual([]);
  });

  it('does without a hosts file', async () => {
    dns.tell('box', ['93.184.216.34']);
    const alone = createResolver({ servers: [dns.address], hostsFile: join(directory, 'none') });

    expect(await alone('box')).toEqual(['93.184.216.34']);
  });

  it('tells names that are not there from servers in trouble', async () => {
    dns.tell('empty.example', []);
    dns.tell('broken.example', 'server_failure');

    await expect(lookup('unknown.example')).rejects.toMatchObject({ code: 'ENOTFOUND' });
    await expect(lookup('empty.example')).rejects.toMatchObject({ code: 'ENODATA' });
    await expect(lookup('broken.example')).rejects.toMatchObject({ code: 'ESERVFAIL' });
  });

  it('asks once for questions side by side, and anew afterwards', async () => {
    dns.tell('twice.example', ['93.184.216.34'], ['93.184.216.35']);

    const [first, second] = await Promise.all([lookup('twice.example'), lookup('twice.example')]);
    const third = await lookup('twice.example');

    expect([first, second, third]).toEqual([['93.184.216.34'], ['93.184.216.34'], ['93.184.216.35']]);
  });

  it('answers while many other names hang', async () => {
    const hanging = Array.from({ length: 50 }, (_, index) => `hanging-${index}.example`);
    for (const name of hanging) dns.tell(name, 'silence');
    dns.tell('quick.example', ['93.184.216.34']);
    let ended = 0;
    const pending = hanging.map((name) => lookup(name).catch(() => (ended += 1)));

    expect(await lookup('quick.example')).toEqual(['93.184.216.34']);
    expect(ended).toBe(0);
    await Promise.all(pending);
    expect(ended).toBe(50);
  });
});
