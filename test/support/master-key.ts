import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { SecretBox } from '../../src/storage/secret-box.ts';

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
