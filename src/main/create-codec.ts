import type { Config } from '../config.ts';
import { EncryptingCodec } from '../temporal/payload-codec.ts';

/** What encrypts and decrypts the payloads that Temporal stores; null where no key is configured. */
export function createCodec({ temporalCodec, temporal }: Config): EncryptingCodec | null {
  return temporalCodec === null
    ? null
    : new EncryptingCodec({ ...temporalCodec, namespace: temporal.namespace });
}
