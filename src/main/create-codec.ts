import type { Config } from '../config.ts';
import { EncryptingCodec } from '../temporal/payload-codec.ts';

/** What encrypts the payloads that Temporal stores; null where no key is configured. */
export function createCodec({ temporalCodecKeys: keys, temporalNamespace }: Config): EncryptingCodec | null {
  return keys.length === 0 ? null : new EncryptingCodec({ keys, namespace: temporalNamespace });
}
