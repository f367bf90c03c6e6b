import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import type { Payload, PayloadCodec } from '@temporalio/common';
import proto from '@temporalio/proto';

const { Payload: PayloadMessage } = proto.temporal.api.common.v1;

/** With what a codec encrypts and decrypts. */
export interface EncryptingCodecOptions {
  /** Each of 32 bytes: the first encrypts, all decrypt. At least one. */
  readonly keys: readonly Buffer[];
  /** Payloads of another namespace do not open. */
  readonly namespace: string;
  /** Whether it encrypts at all, or only decrypts what was encrypted before; yes where absent. */
  readonly encrypts?: boolean;
}

/** A payload that cannot be decrypted: its key is not among ours, or it is not what was encrypted. */
export class PayloadCodecError extends Error {
  override readonly name = 'PayloadCodecError';
}

/** What Temporal's own tools and samples call encrypted payloads. */
const ENCODING = 'binary/encrypted';
const CIPHER = 'AES-256-GCM';
const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Enough to tell keys apart; of a random key its hash tells nothing. */
const KEY_ID_DIGITS = 16;

/**
 * Encrypts what Temporal stores with AES-256-GCM. An encrypted payload says so by its metadata (`encoding`,
 * `encryption-cipher`, `encryption-key-id`); its data are nonce (12 bytes), tag (16) and the whole original payload.
 * Key id and namespace are the additional data. What is not encrypted passes through `decode` unchanged, so that the
 * codec can be turned on at any time; one that does not encrypt lets it be turned off.
 */
export class EncryptingCodec implements PayloadCodec {
  readonly #keys: ReadonlyMap<string, Buffer>;
  readonly #namespace: string;
  readonly encrypts: boolean;

  constructor({ keys, namespace, encrypts = true }: EncryptingCodecOptions) {
    this.encrypts = encrypts;
    this.#keys = new Map(keys.map((key) => [keyIdOf(key), key]));
    this.#namespace = namespace;
  }

  /** Encrypts with the first key; passes them on where it only decrypts. */
  async encode(payloads: Payload[]): Promise<Payload[]> {
    return this.encrypts ? payloads.map((payload) => this.#encrypt(payload)) : payloads;
  }

  /** @throws PayloadCodecError for a payload of an unknown key, of another namespace, or that was tampered with */
  async decode(payloads: Payload[]): Promise<Payload[]> {
    return payloads.map((payload) => (isEncrypted(payload) ? this.#decrypt(payload) : payload));
  }

  #encrypt(payload: Payload): Payload {
    const [first] = this.#keys;
    if (first === undefined) throw new Error('a codec needs a key');
    const [keyId, key] = first;
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(this.#boundTo(keyId));
    const text = Buffer.concat([cipher.update(PayloadMessage.encode(payload).finish()), cipher.final()]);
    return {
      metadata: {
        encoding: Buffer.from(ENCODING),
        'encryption-cipher': Buffer.from(CIPHER),
        'encryption-key-id': Buffer.from(keyId),
      },
      data: Buffer.concat([nonce, cipher.getAuthTag(), text]),
    };
  }

  #decrypt({ metadata, data }: Payload): Payload {
    const keyId = textOf(metadata?.['encryption-key-id']);
    const key = this.#keys.get(keyId);
    if (key === undefined) {
      const known = [...this.#keys.keys()].join(', ');
      throw new PayloadCodecError(
        `cannot decrypt a payload of the key ${JSON.stringify(keyId)}: POSTHORN_TEMPORAL_CODEC_KEY has ${known}`,
      );
    }
    try {
      return PayloadMessage.decode(this.#open(Buffer.from(data ?? []), { keyId, key }));
    } catch (cause) {
      const reason = 'it was changed, or belongs to another namespace';
      throw new PayloadCodecError(`cannot decrypt a payload of the key ${keyId}: ${reason}`, { cause });
    }
  }

  #open(sealed: Buffer, { keyId, key }: { readonly keyId: string; readonly key: Buffer }): Buffer {
    const nonce = sealed.subarray(0, NONCE_BYTES);
    const decipher = createDecipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(this.#boundTo(keyId));
    decipher.setAuthTag(sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
    const text = decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES));
    return Buffer.concat([text, decipher.final()]);
  }

  #boundTo(keyId: string): Buffer {
    return Buffer.from(`${keyId}\0${this.#namespace}`);
  }
}

/** The id of a key: the beginning of its SHA-256 in hex. */
function keyIdOf(key: Buffer): string {
  return createHash('sha256').update(key).digest('hex').slice(0, KEY_ID_DIGITS);
}

function isEncrypted({ metadata }: Payload): boolean {
  return textOf(metadata?.encoding) === ENCODING;
}

function textOf(bytes: Uint8Array | null | undefined): string {
  return Buffer.from(bytes ?? []).toString();
}
