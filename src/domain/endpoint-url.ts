import { ENDPOINT_LIMITS } from './endpoint.ts';
import type { ProblemCode } from './problems/problem-code.ts';

/**
 * Why a text cannot be an endpoint's URL, or the parsed URL. Addresses are judged elsewhere, where names can be
 * resolved.
 */
export type UrlCheck =
  | { readonly ok: true; readonly url: URL }
  | { readonly ok: false; readonly code: ProblemCode; readonly message: string };

const MAX_LABEL_LENGTH = 63;
const MAX_HOST_LENGTH = 253;
const USER_INFO = 'The URL carries a user name or password; use a custom header for credentials.';

/**
 * Checks the raw text, then parses it once (WHATWG URL): scheme, host syntax, user info, fragment, port.
 * Plain `http` and odd ports pass here and need an explicitly allowed address later.
 */
export function checkUrlSyntax(raw: string): UrlCheck {
  if (raw === '') return refuse('url_empty', 'The URL is empty.');
  if (raw.length > ENDPOINT_LIMITS.urlLength.max) {
    return refuse(
      'url_too_long',
      `The URL has ${raw.length} characters; at most ${ENDPOINT_LIMITS.urlLength.max} are allowed.`,
    );
  }
  if (hasForbiddenCharacter(raw)) {
    return refuse('url_forbidden_character', 'The URL contains a control character, a blank or a backslash.');
  }
  if (/%(0[0-9a-f]|1[0-9a-f]|7f)/i.test(raw)) {
    return refuse('url_forbidden_character', 'The URL contains an encoded control character.');
  }
  if (!/^https?:\/\/[^/?#]/i.test(raw)) {
    return refuse('url_scheme', 'The URL must begin with https:// and name a host.');
  }
  // Before anything is quoted, for what is refused may be somebody's password.
  if (/^[^/]*\/\/[^/?#]*@/.test(raw)) return refuse('url_user_info', USER_INFO);
  const url = parseUrl(raw);
  if (url === null) return refuse('url_invalid', `${JSON.stringify(raw)} is not a valid URL.`);
  return checkParts(url, raw);
}

function checkParts(url: URL, raw: string): UrlCheck {
  if (url.username !== '' || url.password !== '') return refuse('url_user_info', USER_INFO);
  if (raw.includes('#'))
    return refuse('url_fragment', 'The URL has a fragment, which is never sent; remove it.');
  if (url.port === '0') return refuse('url_port', 'Port 0 cannot be connected to.');
  const host = url.hostname.replace(/\.$/, '');
  const isAddress = host.startsWith('[');
  if (!isAddress && !isHostName(host)) {
    return refuse('url_host', `${JSON.stringify(url.hostname)} is not a valid host name.`);
  }
  return { ok: true, url };
}

function isHostName(host: string): boolean {
  if (host.length === 0 || host.length > MAX_HOST_LENGTH) return false;
  return host
    .split('.')
    .every((label) => label.length <= MAX_LABEL_LENGTH && /^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?$/i.test(label));
}

function hasForbiddenCharacter(raw: string): boolean {
  return [...raw].some((character) => {
    const code = character.codePointAt(0) ?? 0;
    return code <= 0x20 || (code >= 0x7f && code <= 0xa0) || character === '\\';
  });
}

function refuse(code: ProblemCode, message: string): UrlCheck {
  return { ok: false, code, message };
}

/** Not by `URL.canParse`, which in Node 20 refuses letters such as ü once V8 has optimised its caller. */
function parseUrl(raw: string): URL | null {
  try {
    return new URL(raw);
  } catch {
    return null;
  }
}
