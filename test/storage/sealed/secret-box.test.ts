import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import type { CustomHeader } from '../../../src/domain/endpoint.ts';
import { openHeaders, sealHeaders } from '../../../src/storage/sealed/sealed-headers.ts';
import { SecretBox, sealedBy } from '../../../src/storage/sealed/secret-box.ts';
import { newMasterKey, newSecretBox, sealedWithoutName } from '../../support/storage/master-key.ts';

const secretBox = newSecretBox();

describe('SecretBox', () => {
  it.each(['whsec_c2VjcmV0', '', 'zażółć 🔑', 'x'.repeat(10_000)])('opens what it sealed: %.20s', (text) => {
    expect(secretBox.open(secretBox.seal(text, 'ep_1'), 'ep_1')).toBe(text);
  });

  it('never seals alike twice', () => {
    expect(secretBox.seal('secret', 'ep_1').equals(secretBox.seal('secret', 'ep_1'))).toBe(false);
  });

  it('does not open for another owner, nor under another key, and names the key that is missing', () => {
    const sealed = secretBox.seal('secret', 'ep_1');
    expect(() => secretBox.open(sealed, 'ep_2')).toThrow('no master key opens it');
    expect(() => newSecretBox().open(sealed, 'ep_1')).toThrow(secretBox.keyIds[0]);
  });

  it('remembers a text by its bytes and by its owner', () => {
    const sealed = secretBox.seal('secret', 'ep_1').toString('base64');
    const another = secretBox.seal('another', 'ep_1').toString('base64');
    const open = (text: string, owner: string) => secretBox.openText(text, owner);
    expect([sealed, sealed, another, sealed].map((text) => open(text, 'ep_1'))).toEqual([
      'secret',
      'secret',
      'another',
      'secret',
    ]);
    expect(() => open(sealed, 'ep_2')).toThrow('no master key opens it');
    expect(() => open(`A${sealed.slice(1)}`, 'ep_1')).toThrow('no master key opens it');
  });

  it('seals with the first of several keys and opens what any of them sealed', () => {
    const [former, next] = [newMasterKey(), newMasterKey()];
    const boxes = [[former], [former, next], [next, former], [next]].map((keys) => new SecretBox(keys));
    const opens = boxes.map((sealing) => {
      const sealed = sealing.seal('secret', 'ep_1');
      expect(sealedBy(sealed)).toBe(sealing.keyIds[0]);
      return boxes.map((box) => canOpen(box, sealed));
    });
    expect(opens).toEqual([
      [true, true, true, false],
      [true, true, true, false],
      [false, true, true, true],
      [false, true, true, true],
    ]);
  });

  it('opens what the first version sealed, whose ciphertexts name no key', () => {
    const [former, next] = [newMasterKey(), newMasterKey()];
    const sealed = sealedWithoutName(former, { text: 'secret', ownerId: 'ep_1' });
    expect(sealedBy(sealed)).toBeNull();
    expect(new SecretBox([next, former]).open(sealed, 'ep_1')).toBe('secret');
    expect(() => new SecretBox([next]).open(sealed, 'ep_1')).toThrow('no master key opens it');
    expect(() => new SecretBox([former]).open(sealed, 'ep_2')).toThrow();
  });

  it('seals again what another key sealed, or none that is named, and leaves alone what is current', () => {
    const [former, next] = [newMasterKey(), newMasterKey()];
    const box = new SecretBox([next, former]);
    const old = [new SecretBox([former]).seal('secret', 'ep_1')];
    old.push(sealedWithoutName(former, { text: 'secret', ownerId: 'ep_1' }));
    old.push(sealedWithoutName(next, { text: 'secret', ownerId: 'ep_1' }));
    for (const sealed of old) {
      const again = box.reseal(sealed, 'ep_1') ?? Buffer.alloc(0);
      expect(new SecretBox([next]).open(again, 'ep_1')).toBe('secret');
      expect(box.reseal(again, 'ep_1')).toBeNull();
    }
    expect(() => box.reseal(newSecretBox().seal('secret', 'ep_1'), 'ep_1')).toThrow();
    expect(() => box.reseal(box.seal('secret', 'ep_1'), 'ep_2')).toThrow();
  });

  it('names keys without telling anything of them', () => {
    const key = newMasterKey();
    const [id] = new SecretBox([key]).keyIds;
    expect(id).toMatch(/^[0-9a-f]{16}$/);
    expect(new SecretBox([key]).keyIds).toEqual([id]);
    expect(inspect([new SecretBox([key]), key], { depth: 9 })).not.toContain(
      key.export().toString('hex').slice(0, 6),
    );
    expect(() => new SecretBox([])).toThrow('no master key');
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

function canOpen(box: SecretBox, sealed: Buffer): boolean {
  try {
    return box.open(sealed, 'ep_1') === 'secret';
  } catch {
    return false;
  }
}
