/** What follows the prefix in the names of Posthorn's headers that inform and sign nothing. */
export const INFORMATION_HEADERS = ['Event', 'Event-Id', 'Delivery', 'Attempt'] as const;

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const VALUE = /^[\t\x20-\x7e]*$/;

/** Names that HTTP framing, connection handling or Posthorn's own contract with receivers own. */
const OWNED_NAMES = new Set([
  'host',
  'content-length',
  'content-type',
  'content-encoding',
  'content-range',
  'transfer-encoding',
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'http2-settings',
  'te',
  'trailer',
  'upgrade',
  'expect',
  'user-agent',
  'accept-encoding',
  'date',
  'via',
]);
const OWNED_PREFIXES = /^(webhook-|:)/;

/** Whether a text is an HTTP field name (RFC 9110, 5.1: a token). */
export function isHeaderName(name: string): boolean {
  return TOKEN.test(name);
}

/** Whether a text can be sent as a field value: visible ASCII, blank and tab (RFC 9110, 5.5, without obs-text). */
export function isHeaderValue(value: string): boolean {
  return VALUE.test(value);
}

/** Whether a name begins as those of Posthorn's own headers do, read as receivers may. */
export function isBelowPrefix(name: string, headerPrefix: string): boolean {
  return name.toLowerCase().replaceAll('_', '-').startsWith(headerPrefix.toLowerCase());
}

/**
 * Whether a custom header of this name would replace one that Posthorn or HTTP framing sends, or pass for it: receivers
 * behind CGI or WSGI read `_` as `-` (RFC 3875, 4.1.18).
 */
export function isOwnedHeaderName(name: string): boolean {
  const read = name.toLowerCase().replaceAll('_', '-');
  return OWNED_NAMES.has(read) || OWNED_PREFIXES.test(read);
}
