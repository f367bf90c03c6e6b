/**
 * Every stable code a failed attempt can carry beside the `http_<status>` family, with one sentence on what to do.
 * The same text is shown by the API, the dashboard and the command line.
 */
export const TRANSPORT_ERROR_ADVICE = {
  timeout:
    'The endpoint did not finish answering in time: answer 2xx at once ' +
    'and do the work afterwards, or raise timeout_ms.',
  dns_not_found: 'The host name does not exist: check the spelling of the URL and the DNS record.',
  dns_failed: 'The host name could not be resolved: check that the name servers of the domain answer.',
  connection_refused:
    'Nothing accepts connections at this address and port: check that the receiver runs and its firewall admits us.',
  connection_reset:
    'The receiver closed the connection before answering: check its logs, its proxy and its keep-alive settings.',
  connection_timeout:
    'No connection could be made in time: check the firewall and routing in front of the receiver.',
  network_unreachable: 'There is no route to this address: check the address and the network between us.',
  tls_certificate_invalid:
    'The TLS certificate is not trusted: install one from a public authority together with its whole chain.',
  tls_certificate_expired: 'The TLS certificate is expired or not yet valid: renew it.',
  tls_certificate_name_mismatch:
    'The TLS certificate does not cover this host name: install one that names it.',
  tls_client_certificate_required:
    'The receiver asks for a client certificate it trusts: set ' +
    'tls.client_certificate and tls.client_key of the endpoint.',
  tls_version_unsupported: 'The receiver does not speak TLS 1.3: enable it.',
  tls_handshake_failed:
    'The TLS handshake failed: check that the port speaks TLS and which ciphers it offers.',
  proxy_failed:
    'The forward proxy refused or could not connect: ask the operator of the sender to check it, then the receiver.',
  response_malformed: 'The answer is not valid HTTP: check what listens at this port.',
  response_incomplete:
    'The answer broke off before its end: check the receiver for crashes and wrong content-length headers.',
  redirect_not_followed:
    'The endpoint redirects, and redirects are never followed: set the URL to the final address.',
  destination_not_allowed:
    'The URL leads to an address that deliveries may not reach: use a publicly reachable address.',
  listener_away: 'Nobody listens: run posthorn listen again, and what is held meanwhile comes.',
  challenge_not_echoed:
    'The answer is 2xx, but does not carry the challenge: answer with ' +
    'data.challenge, as {"challenge":"…"} or as plain text.',
  challenge_expired:
    'The challenge was answered too late, twice, or for a URL that was changed meanwhile: ask for another by verify.',
  outcome_unknown:
    'The sender stopped before it saw the answer: the receiver may have had ' +
    'this attempt, which is why it deduplicates by delivery_id.',
  internal_error: 'The sender itself failed: see its log, and report it.',
} as const;

export type TransportErrorCode = keyof typeof TRANSPORT_ERROR_ADVICE;

/** A transport code, or `http_` and the status of an answer that was no success. */
export type ErrorCode = TransportErrorCode | `http_${number}`;

const HTTP_ADVICE: Readonly<Record<number, string>> = {
  400: 'The endpoint calls the request malformed: check that it parses our body and expects our headers.',
  401: 'The endpoint asks for credentials: exempt it from login, verify the signature instead, or add a custom header.',
  403: 'The endpoint or a firewall before it refuses us: admit our requests.',
  404: 'Nothing is served at this path: check the URL.',
  405: 'The endpoint does not accept POST: check the URL and its routes.',
  408: 'The endpoint gave up waiting for the request: check its load and timeouts.',
  410: 'The endpoint says it is gone for good, so it was disabled: enable it again if that was a mistake.',
  413: 'The endpoint refuses bodies of this size: raise its limit.',
  429: 'The endpoint is overwhelmed: raise its limit, or answer Retry-After so that retries come later.',
  500: 'The endpoint failed inside: look into its log at the time of this attempt.',
  502: 'The proxy before the endpoint got no valid answer: check the service behind it.',
  503: 'The endpoint is unavailable at the moment: check that it runs and has capacity.',
  504: 'The proxy before the endpoint waited in vain: answer faster, or do the work after answering.',
};

/** The code of an answer whose status is not 2xx; a redirect has a code of its own. */
export function errorCodeOfStatus(statusCode: number): ErrorCode {
  return statusCode >= 300 && statusCode < 400 ? 'redirect_not_followed' : `http_${statusCode}`;
}

/** One sentence on what to do about an error code; defined for every code, also for ones stored by other versions. */
export function adviceFor(code: string): string {
  if (Object.hasOwn(TRANSPORT_ERROR_ADVICE, code)) return TRANSPORT_ERROR_ADVICE[code as TransportErrorCode];
  const status = Number(/^http_(\d{3})$/.exec(code)?.[1]);
  const known = HTTP_ADVICE[status];
  if (known !== undefined) return known;
  return status >= 500
    ? 'The endpoint failed inside: look into its log at the time of this attempt.'
    : 'The endpoint refused the request: look into its log at the time of this attempt.';
}
