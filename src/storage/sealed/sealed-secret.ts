import { publicKeyOf } from '../../signature/schemes/signing-key.ts';
import type { SecretBox } from './secret-box.ts';

/** A signing secret and the private key, `whsk_…`, that lives and ends with it. In clear: never log it. */
export interface SigningPair {
  readonly secret: string;
  readonly signingKey: string;
}

/** A pair as it is stored: both sealed in one, and the public key, which anybody may know. */
export interface SealedPair {
  readonly ciphertext: Buffer;
  readonly publicKey: string;
}

/** Seals a secret with its key. */
export function sealPair(
  { secret, signingKey }: SigningPair,
  { secretBox, endpointId }: { readonly secretBox: SecretBox; readonly endpointId: string },
): SealedPair {
  const ciphertext = secretBox.seal(secret + SEPARATOR + signingKey, endpointId);
  return { ciphertext, publicKey: publicKeyOf(signingKey) };
}

/** The inverse of `sealPair`. @param ciphertext in base64 @throws Error where the master key is another */
export function openPair(
  ciphertext: string,
  { secretBox, endpointId }: { readonly secretBox: SecretBox; readonly endpointId: string },
): SigningPair {
  const text = secretBox.openText(ciphertext, endpointId);
  const end = text.lastIndexOf(SEPARATOR);
  return { secret: text.slice(0, end), signingKey: text.slice(end + 1) };
}

/** No secret has control characters. */
const SEPARATOR = '\n';
