import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** The version of the only master key there is so far; stored beside every ciphertext so that keys can be replaced. */
export const MASTER_KEY_VERSION = 1;

/**
 * Encrypts small secrets at rest with AES-256-GCM. Ciphertext: nonce (12 bytes), tag (16), text. The owner's id is the
 * additional data, so that a ciphertext moved to another row does not open.
 */
export class SecretBox {
  readonly #key: Buffer;

  /** @param masterKey 32 bytes */
  constructor(masterKey: Buffer) {
    this.#key = masterKey;
  }

  seal(plaintext: string, ownerId: string): Buffer {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.#key, nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(Buffer.from(ownerId));
    const text = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), text]);
  }

  /** @throws Error where the key, the owner or the bytes are not those it was sealed with */
  open(ciphertext: Buffer, ownerId: string): string {
    const nonce = ciphertext.subarray(0, NONCE_BYTES);
    const decipher = createDecipheriv(ALGORITHM, this.#key, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(ownerId));
    decipher.setAuthTag(ciphertext.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
    const text = decipher.update(ciphertext.subarray(NONCE_BYTES + TAG_BYTES));
    return Buffer.concat([text, decipher.final()]).toString('utf8');
  }
}
