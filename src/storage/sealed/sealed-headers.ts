import type { CustomHeader } from '../../domain/endpoint.ts';
import type { SecretBox } from './secret-box.ts';

/** A header as stored: of a sensitive one `value` is base64 of its ciphertext. */
export type StoredHeader = CustomHeader;

interface HeaderOwner {
  readonly secretBox: SecretBox;
  readonly endpointId: string;
}

/** Headers as they are stored: sensitive values sealed. */
export function sealHeaders(headers: readonly CustomHeader[], owner: HeaderOwner): readonly StoredHeader[] {
  return headers.map((header) =>
    header.sensitive
      ? {
          ...header,
          value: owner.secretBox
            .seal(header.value, headerOwner(owner.endpointId, header.name))
            .toString('base64'),
        }
      : header,
  );
}

/** Headers as they are sent; the inverse of `sealHeaders`. */
export function openHeaders(headers: readonly StoredHeader[], owner: HeaderOwner): readonly CustomHeader[] {
  return headers.map((header) =>
    header.sensitive
      ? {
          ...header,
          value: owner.secretBox.open(
            Buffer.from(header.value, 'base64'),
            headerOwner(owner.endpointId, header.name),
          ),
        }
      : header,
  );
}

/** Whose the sealed value of a header is. */
export function headerOwner(endpointId: string, name: string): string {
  return `${endpointId}/${name.toLowerCase()}`;
}
