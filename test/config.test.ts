import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { readConfig } from '../src/config.ts';
import { mayBeKey } from '../src/settings/api-key-text.ts';
import { createCertificates } from './support/receivers/certificates.ts';
import { removeDirectory } from './support/remove-directory.ts';

const COMPLETE = {
  DATABASE_URL: 'postgres://127.0.0.1/posthorn',
  TEMPORAL_ADDRESS: '127.0.0.1:7233',
  POSTHORN_ADMIN_KEY: 'a'.repeat(16),
  POSTHORN_MASTER_KEY: Buffer.alloc(32).toString('base64'),
};

describe('readConfig', () => {
  it('names every setting that makes no sense', () => {
    const read = () => readConfig('api', { ...COMPLETE, PORT: 'x', POSTHORN_RETENTION_DAYS: '0' });
    expect(read).toThrow(/^PORT="x": .+\nPOSTHORN_RETENTION_DAYS="0": .+$/);
  });

  it.each([
    ['POSTHORN_RATE_LIMIT_PER_KEY', 'x', 'must be a whole number from 0 to 100000000'],
    ['POSTHORN_RATE_LIMIT_PER_KEY', '-1', 'must be a whole number from 0 to 100000000'],
    ['POSTHORN_RETENTION_DAYS', '1.5', 'must be a whole number from 1 to 3650'],
    ['PORT', '0x10', 'must be a whole number from 0 to 65535'],
    ['POSTHORN_DISPATCH', 'all', 'must be auto or each'],
    ['POSTHORN_ECHO', 'yes', 'must be true or false'],
    ['TEMPORAL_UI_URL', 'here', 'must be a URL'],
  ])('says of %s=%s what is wanted', (name, value, wanted) => {
    const read = () => readConfig('api', { ...COMPLETE, [name]: value });
    expect(read).toThrow(`${name}="${value}": ${wanted}`);
  });

  it.each([
    ['POSTHORN_RETENTION_DAY', '; did you mean POSTHORN_RETENTION_DAYS?'],
    ['POSTHORN_ALLOW_DESTINATIONS', '; did you mean POSTHORN_ALLOWED_DESTINATIONS?'],
    ['POSTHORN_SOMETHING_ELSE_ENTIRELY', ''],
  ])('warns of %s, which nothing reads', (name, hint) => {
    const { warnings } = readConfig('api', { ...COMPLETE, [name]: '1', SOMETHING_ELSE: '1' });
    expect(warnings).toEqual([`${name} is not a setting of Posthorn and is ignored${hint}`]);
    expect(readConfig('api', { ...COMPLETE, POSTHORN_URL: 'http://127.0.0.1:3400' }).warnings).toEqual([]);
  });

  it('reads secrets from files', () => {
    const directory = mkdtempSync(join(tmpdir(), 'posthorn-config-'));
    const file = join(directory, 'secret');
    writeFileSync(file, 'b'.repeat(20).concat('\n'));
    const { POSTHORN_ADMIN_KEY, ...others } = COMPLETE;
    expect(readConfig('api', { ...others, POSTHORN_ADMIN_KEY_FILE: file }).adminKey).toBe('b'.repeat(20));
    const both = () => readConfig('api', { ...COMPLETE, POSTHORN_ADMIN_KEY_FILE: file });
    expect(both).toThrow('POSTHORN_ADMIN_KEY and POSTHORN_ADMIN_KEY_FILE exclude each other');
    removeDirectory(directory);
    const missing = () => readConfig('api', { ...others, POSTHORN_ADMIN_KEY_FILE: file });
    expect(missing).toThrow(`POSTHORN_ADMIN_KEY_FILE="${file}": `);
  });

  it('generates an operator’s key of the form that all keys have, in a directory of its owner alone', () => {
    const directory = join(mkdtempSync(join(tmpdir(), 'posthorn-config-')), 'data');
    expect(mayBeKey(readConfig('dev', { POSTHORN_DATA_DIR: directory }).adminKey)).toBe(true);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    removeDirectory(directory);
  });

  it.each([
    ['POSTHORN_ADMIN_KEY', 'topsecret'],
    ['POSTHORN_MASTER_KEY', 'topsecret'],
    ['DATABASE_URL', 'mysql://me:topsecret@host/db'],
    ['DATABASE_URL', 'mysql://me:topsecret@5@host/db'],
    ['DATABASE_URL', 'postgres://me:topsecret#1@host/db'],
    ['DATABASE_URL', 'mysql://:topsecret@host/db'],
    ['DATABASE_URL', 'me:topsecret@host/db'],
    ['DATABASE_URL', 'mysql://host/db?user=me&password=topsecret'],
    ['DATABASE_URL', 'host=db password=topsecret'],
    ['DATABASE_URL', 'postgres://me:topsecret@a:1,b:x/db'],
    ['DATABASE_URL', 'postgres://me:topsecret@a,b/db?target_session_attrs=standby'],
    ['POSTHORN_PROXY_URL', 'https://topsecret@proxy.example'],
    ['POSTHORN_PROXY_URL', 'me:topsecret@proxy.example:3128'],
  ])('shows no secret in a %s that makes no sense', (name, value) => {
    const read = () => readConfig('api', { ...COMPLETE, [name]: value });
    expect(read).toThrow(name);
    expect(read).not.toThrow('topsecret');
  });

  it('has times for tests, but not in production', () => {
    const read = (instead: NodeJS.ProcessEnv) => readConfig('api', { ...COMPLETE, ...instead }).timing;
    expect(read({})).toBe('production');
    expect(read({ NODE_ENV: 'production' })).toBe('production');
    expect(read({ POSTHORN_TIMING: 'test' })).toBe('test');
    expect(() => read({ POSTHORN_TIMING: 'test', NODE_ENV: 'production' })).toThrow(
      /^POSTHORN_TIMING="test": /,
    );
  });

  const [first, second] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)].map((key) => key.toString('base64'));

  it('reads one master key or several, and prints none of them', () => {
    const read = (text: string) => readConfig('worker', { ...COMPLETE, POSTHORN_MASTER_KEY: text });
    const { masterKeys } = read(` ${first} , ${second}`);
    expect(masterKeys.map((key) => key.export().toString('base64'))).toEqual([first, second]);
    expect(read(`${first}`).masterKeys).toHaveLength(1);
    const config = read(`${first},${second}`);
    const dump = JSON.stringify(config) + inspect(config, { depth: 9, showHidden: true });
    for (const marker of [first ?? '', '01 01 01 01', '1,1,1,1', '01010101'])
      expect(dump).not.toContain(marker);
  });

  it.each([
    ['an empty entry', `${first},`],
    ['an entry of the wrong length', `${first},dG9wc2VjcmV0`],
    ['an entry that is no base64', `${first},${'!'.repeat(44)}`],
    ['the same key twice', `${first},${second},${first}`],
  ])('refuses master keys with %s, and shows none', (_what, text) => {
    const read = () => readConfig('api', { ...COMPLETE, POSTHORN_MASTER_KEY: text, PORT: 'x' });
    expect(read).toThrow(/^PORT="x": .+\nPOSTHORN_MASTER_KEY=\*\*\*: must be .+$/);
    for (const entry of text.split(',').filter((one) => one !== '')) expect(read).not.toThrow(entry);
  });

  it('keeps a generated master key in the data directory, and reads several there', () => {
    const directory = mkdtempSync(join(tmpdir(), 'posthorn-config-'));
    const file = join(directory, 'master-key');
    const read = () => readConfig('dev', { POSTHORN_DATA_DIR: directory }).masterKeys;
    const [generated] = read();
    expect(readFileSync(file, 'utf8').trim()).toBe(generated?.export().toString('base64'));
    writeFileSync(file, `${second},${generated?.export().toString('base64')}\n`);
    expect(read().map((key) => key.export().toString('base64'))).toEqual([
      second,
      generated?.export().toString('base64'),
    ]);
    writeFileSync(file, 'topsecret');
    expect(read).toThrow(file);
    expect(read).not.toThrow('topsecret');
    removeDirectory(directory);
  });

  it('still shows what is wrong with one', () => {
    const read = () => readConfig('api', { ...COMPLETE, POSTHORN_PROXY_URL: 'https://me:pw@proxy.example' });
    expect(read).toThrow('POSTHORN_PROXY_URL="https://***@proxy.example": ');
  });

  it('reads the settings of destinations', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'posthorn-config-'));
    const file = join(directory, 'ca.pem');
    const { authority, valid } = await createCertificates();
    writeFileSync(file, `ours\n${authority}\n${valid.cert}`);
    const config = readConfig('worker', {
      ...COMPLETE,
      POSTHORN_ALLOWED_DESTINATIONS: '10.0.0.0/8, ::1',
      POSTHORN_DENIED_DESTINATIONS: 'evil.example',
      POSTHORN_ALLOWED_PORTS: '8443,9443',
      POSTHORN_ALLOWED_HOSTS: 'example.com',
      POSTHORN_DNS_SERVERS: '10.0.0.2,10.0.0.3:5353,[fd00::2]:53,fd00::3',
      POSTHORN_EGRESS_ADDRESSES: '203.0.113.7=10.0.0.7,2001:db8::7',
      POSTHORN_PROXY_URL: 'http://user:password@proxy.example:3128',
      POSTHORN_CA_FILE: file,
      POSTHORN_ALLOW_TLS_1_2: 'true',
    });
    removeDirectory(directory);

    expect(config).toMatchObject({
      destinations: {
        allowed: ['10.0.0.0/8', '::1'],
        denied: ['evil.example'],
        ports: [8443, 9443],
        hosts: ['example.com'],
      },
      dnsServers: ['10.0.0.2', '10.0.0.3:5353', '[fd00::2]:53', 'fd00::3'],
      egressAddresses: [
        { published: '203.0.113.7', local: '10.0.0.7' },
        { published: '2001:db8::7', local: '2001:db8::7' },
      ],
      allowTls12: true,
    });
    expect(config.proxyUrl?.host).toBe('proxy.example:3128');
    expect(config.authorities.map((pem) => pem.trim())).toEqual([authority.trim(), valid.cert.trim()]);
  });

  it('reads the keys of the codec, with or without one that encrypts', () => {
    const keys = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
    const list = keys.map((key) => key.toString('base64')).join(',');
    const read = (text: string) => readConfig('api', { ...COMPLETE, POSTHORN_TEMPORAL_CODEC_KEY: text });
    expect(read('').temporalCodec).toBeNull();
    expect(read(list).temporalCodec).toEqual({ encrypts: true, keys });
    expect(read(`none,${list}`).temporalCodec).toEqual({ encrypts: false, keys });
    for (const malformed of ['none', 'none,', `${list},none`, 'topsecret'])
      expect(() => read(malformed)).toThrow('POSTHORN_TEMPORAL_CODEC_KEY=***: must be base64 of 32 bytes');
  });

  it.each([
    ['POSTHORN_ALLOWED_PORTS', '0'],
    ['POSTHORN_ALLOWED_PORTS', '443,https'],
    ['POSTHORN_ALLOWED_HOSTS', 'https://example.com'],
    ['POSTHORN_ALLOWED_HOSTS', '10.0.0.1'],
    ['POSTHORN_DNS_SERVERS', 'dns.example'],
    ['POSTHORN_DNS_SERVERS', '10.0.0.2:66000'],
    ['POSTHORN_EGRESS_ADDRESSES', '10.0.0.0/8'],
    ['POSTHORN_EGRESS_ADDRESSES', '203.0.113.7=nat'],
    ['POSTHORN_PROXY_URL', 'https://proxy.example'],
    ['POSTHORN_PROXY_URL', 'http://proxy.example/path'],
    ['POSTHORN_ALLOW_TLS_1_2', 'yes'],
    ['POSTHORN_CA_FILE', '/nowhere/ca.pem'],
    ['POSTHORN_CA_FILE', 'package.json'],
  ])('refuses %s=%s', (name, value) => {
    expect(() => readConfig('worker', { ...COMPLETE, [name]: value })).toThrow(name);
  });
});
