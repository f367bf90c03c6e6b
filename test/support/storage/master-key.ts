import { createCipheriv, createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { SecretBox } from '../../../src/storage/sealed/secret-box.ts';

/** A random master key. */
export function newMasterKey(): KeyObject {
  return createSecretKey(randomBytes(32));
}

/** A box with one random master key. */
export function newSecretBox(): SecretBox {
  return new SecretBox([newMasterKey()]);
}

/** Master keys as `POSTHORN_MASTER_KEY` lists them. */
export function masterKeyText(...keys: readonly KeyObject[]): string {
  return keys.map((key) => key.export().toString('base64')).join(',');
}

/** As the first version sealed: nonce, tag, text. */
export function sealedWithoutName(
  key: KeyObject,
  { text, ownerId }: { readonly text: string; readonly ownerId: string },
): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(ownerId));
  const sealed = Buffer.concat([cipher.update(text), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
}
