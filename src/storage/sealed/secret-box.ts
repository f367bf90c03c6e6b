import { createCipheriv, createDecipheriv, createHmac, type KeyObject, randomBytes } from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';
const KEY_ID_BYTES = 8;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const MOST_OPENED = 2_000;
/** Begins every ciphertext that names its key; those of the first version begin with their nonce. */
const MAGIC = Buffer.from('PHK1', 'latin1');

/** The head names the key. A multiple of 3, so that base64 of it begins base64 of the whole. */
const HEAD_BYTES = MAGIC.length + KEY_ID_BYTES;

/** A master key with what ciphertexts call it. */
interface NamedKey {
  readonly id: string;
  readonly key: KeyObject;
}

/**
 * Encrypts small secrets at rest with AES-256-GCM. Ciphertext: `PHK1`, key id (8 bytes), nonce (12), tag (16), text;
 * those without the first two, of the first version, open too. The owner's id is the additional data, so that a
 * ciphertext moved to another row does not open.
 */
export class SecretBox {
  readonly #keys: readonly [NamedKey, ...NamedKey[]];
  /** What was opened lately, by owner and ciphertext. */
  readonly #opened = new Map<string, string>();

  /** @param masterKeys each of 32 bytes: the first seals, all open */
  constructor(masterKeys: readonly KeyObject[]) {
    const [first, ...others] = masterKeys.map((key) => ({ id: keyIdOf(key), key }));
    if (first === undefined) throw new Error('there is no master key');
    this.#keys = [first, ...others];
  }

  /** Names of the keys in hexadecimal, which tell nothing of them; the first seals. */
  get keyIds(): readonly [string, ...string[]] {
    const [first, ...others] = this.#keys;
    return [first.id, ...others.map(({ id }) => id)];
  }

  /** Encrypts with the first key; opens for the same owner only. */
  seal(plaintext: string, ownerId: string): Buffer {
    const [{ id, key }] = this.#keys;
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(Buffer.from(ownerId));
    const text = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()]);
    return Buffer.concat([headOf(id), nonce, cipher.getAuthTag(), text]);
  }

  /** @throws Error where no key, the owner or the bytes are those it was sealed with */
  open(ciphertext: Buffer, ownerId: string): string {
    const id = sealedBy(ciphertext);
    const named = this.#keys.find((one) => one.id === id);
    const body = ciphertext.subarray(HEAD_BYTES);
    const opened = named === undefined ? null : decrypt(body, { key: named.key, ownerId });
    // Without a head, and where its nonce happens to look like one, any key may have sealed it.
    const text = opened ?? this.#openHeadless(ciphertext, ownerId);
    if (text !== null) return text;
    throw new Error(
      id === null || named !== undefined
        ? 'no master key opens it'
        : `it was sealed with the master key ${id}, which is not among POSTHORN_MASTER_KEY (${this.keyIds.join(', ')})`,
    );
  }

  /**
   * The same for a ciphertext in base64. It is remembered for a while: every attempt at an endpoint opens the same
   * ones, and one that was sealed anew is another.
   */
  openText(ciphertext: string, ownerId: string): string {
    const name = `${ownerId} ${ciphertext}`;
    const known = this.#opened.get(name);
    if (known !== undefined) return known;
    const text = this.open(Buffer.from(ciphertext, 'base64'), ownerId);
    if (this.#opened.size >= MOST_OPENED) this.#opened.clear();
    this.#opened.set(name, text);
    return text;
  }

  /** The same sealed with the first key; null where it is so already. @throws Error where it does not open */
  reseal(ciphertext: Buffer, ownerId: string): Buffer | null {
    const text = this.open(ciphertext, ownerId);
    return sealedBy(ciphertext) === this.#keys[0].id ? null : this.seal(text, ownerId);
  }

  #openHeadless(ciphertext: Buffer, ownerId: string): string | null {
    for (const { key } of this.#keys) {
      const text = decrypt(ciphertext, { key, ownerId });
      if (text !== null) return text;
    }
    return null;
  }
}

/** Names the key that a ciphertext says it was sealed with; null for those of the first version, which do not say. */
export function sealedBy(ciphertext: Buffer): string | null {
  if (!ciphertext.subarray(0, MAGIC.length).equals(MAGIC)) return null;
  return ciphertext.subarray(MAGIC.length, HEAD_BYTES).toString('hex');
}

/** How every ciphertext begins that was sealed with the key of this name. */
function headOf(keyId: string): Buffer {
  return Buffer.concat([MAGIC, Buffer.from(keyId, 'hex')]);
}

/** A pseudo-random function of the key: it identifies the key and helps nobody to find it. */
function keyIdOf(key: KeyObject): string {
  const digest = createHmac('sha256', key).update('posthorn master key id 1').digest();
  return digest.subarray(0, KEY_ID_BYTES).toString('hex');
}

/** What nonce, tag and text hold; null where they are not of this key and owner. */
function decrypt(
  sealed: Buffer,
  { key, ownerId }: { readonly key: KeyObject; readonly ownerId: string },
): string | null {
  try {
    const nonce = sealed.subarray(0, NONCE_BYTES);
    const decipher = createDecipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(ownerId));
    decipher.setAuthTag(sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
    const text = decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES));
    return Buffer.concat([text, decipher.final()]).toString('utf8');
  } catch {
    return null;
  }
}
