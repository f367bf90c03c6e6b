import { clip } from './quote.ts';

/** Longer names are cut, or one request could be answered by megabytes of its own keys. */
const MAX_PART_CHARACTERS = 128;

/** A JSON pointer (RFC 6901) from its unescaped parts, for people to find the place by: long parts are cut. */
export function toPointer(parts: readonly PropertyKey[]): string {
  return parts.map((part) => `/${escapePart(clip(String(part), MAX_PART_CHARACTERS))}`).join('');
}

function escapePart(part: string): string {
  return part.replaceAll('~', '~0').replaceAll('/', '~1');
}
