import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { CustomHeader } from '../../src/domain/endpoint.ts';
import { openHeaders, sealHeaders } from '../../src/storage/header-box.ts';
import { SecretBox } from '../../src/storage/secret-box.ts';

const secretBox = new SecretBox(randomBytes(32));

describe('SecretBox', () => {
  it.each(['whsec_c2VjcmV0', '', 'zażółć 🔑', 'x'.repeat(10_000)])('opens what it sealed: %.20s', (text) => {
    expect(secretBox.open(secretBox.seal(text, 'ep_1'), 'ep_1')).toBe(text);
  });

  it('never seals alike twice', () => {
    expect(secretBox.seal('secret', 'ep_1').equals(secretBox.seal('secret', 'ep_1'))).toBe(false);
  });

  it('does not open for another owner, nor under another key', () => {
    const sealed = secretBox.seal('secret', 'ep_1');
    expect(() => secretBox.open(sealed, 'ep_2')).toThrow();
    expect(() => new SecretBox(randomBytes(32)).open(sealed, 'ep_1')).toThrow();
  });

  it('does not open what was changed in any byte or cut short', () => {
    const sealed = secretBox.seal('secret', 'ep_1');
    for (let index = 0; index < sealed.length; index += 1) {
      const changed = Buffer.from(sealed);
      changed.writeUInt8(sealed.readUInt8(index) ^ 1, index);
      expect(() => secretBox.open(changed, 'ep_1')).toThrow();
    }
    for (const length of [0, 11, 12, 20, 27, sealed.length - 1])
      expect(() => secretBox.open(sealed.subarray(0, length), 'ep_1')).toThrow();
  });
});

describe('openHeaders', () => {
  const owner = { secretBox, endpointId: 'ep_1' };
  const headers: readonly CustomHeader[] = [
    { name: 'X-Team', value: 'data', sensitive: false },
    { name: 'Authorization', value: 'Bearer t', sensitive: true },
  ];

  it('gives back what sealHeaders sealed, of which only sensitive values are unreadable', () => {
    const sealed = sealHeaders(headers, owner);
    expect(sealed[0]).toEqual(headers[0]);
    expect(sealed[1]?.value).not.toContain('Bearer');
    expect(openHeaders(sealed, owner)).toEqual(headers);
  });

  it('opens a value under another spelling of its name only', () => {
    const [, authorization] = sealHeaders(headers, owner);
    const value = authorization?.value ?? '';
    const renamed = (name: string) => openHeaders([{ name, value, sensitive: true }], owner);
    expect(renamed('AUTHORIZATION')).toMatchObject([{ value: 'Bearer t' }]);
    expect(() => renamed('X-Echo')).toThrow();
  });

  it('does not open a value that was moved to another endpoint', () => {
    const sealed = sealHeaders(headers, owner);
    expect(() => openHeaders(sealed, { secretBox, endpointId: 'ep_2' })).toThrow();
  });
});
