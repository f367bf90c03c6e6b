import { isHeaderName, isHeaderValue } from '../../domain/custom-header.ts';

/** Up to this size head and body travel as one piece; copying more costs more than a second write. */
const ONE_PIECE_BYTES = 64 * 1024;

export interface RequestParts {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | string;
}

/**
 * The bytes of a POST over a connection that is to be kept, in one or two pieces. @throws Error for a header that would
 * break the framing
 */
export function requestBytes({ url, headers, body }: RequestParts): readonly Buffer[] {
  const content = typeof body === 'string' ? Buffer.from(body) : body;
  const lines = Object.entries(headers).map(lineOf).join('');
  const target = url.pathname + url.search;
  const head =
    `POST ${target} HTTP/1.1\r\nhost: ${url.host}\r\n` +
    `connection: keep-alive\r\n${lines}content-length: ${content.length}\r\n\r\n`;
  const bytes = Buffer.from(head, 'latin1');
  if (content.length > ONE_PIECE_BYTES) return [bytes, content];
  return [Buffer.concat([bytes, content], bytes.length + content.length)];
}

function lineOf([name, value]: readonly [string, string]): string {
  if (!isHeaderName(name) || !isHeaderValue(value))
    throw new Error(`The header ${JSON.stringify(name)} cannot be sent`);
  return `${name}: ${value}\r\n`;
}
