import { types } from 'node:util';
import type { TransportErrorCode } from '../domain/error-code.ts';
import { TransportFault } from './transport-fault.ts';

/** How far an exchange had come when it failed. */
export type FailurePhase = 'connecting' | 'awaiting_headers' | 'reading_body';

/** The code of whatever the network or TLS threw; `internal_error` for what neither of them throws. */
export function classifyFailure(error: unknown, phase: FailurePhase): TransportErrorCode {
  if (error instanceof TransportFault) return error.code;
  const code = systemCodeOf(error);
  const certain = CODES.get(code) ?? codeOfFamily(code);
  if (certain === 'connection_reset' && phase === 'reading_body') return 'response_incomplete';
  return certain ?? 'internal_error';
}

/** For people: the library's own words with its code, one short line that tells no address. */
export function describeFailure(error: unknown): string {
  if (!types.isNativeError(error)) return printable(String(error));
  if (error instanceof TransportFault) return printable(error.message);
  const code = systemCodeOf(error);
  if ('syscall' in error && 'address' in error) return printable(`${String(error.syscall)} ${code}`);
  const message = error.message === '' ? error.name : error.message;
  return printable(code === '' || message.includes(code) ? message : `${message} (${code})`);
}

const MAX_DETAIL_LENGTH = 500;

/** Names in certificates and the like come from the receiver: no control characters, no novels. */
function printable(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ').slice(0, MAX_DETAIL_LENGTH);
}

/** Happy eyeballs fails with one error for all addresses tried; the first one speaks for them. */
function systemCodeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return 'errors' in error && Array.isArray(error.errors) ? systemCodeOf(error.errors[0]) : '';
}

const CODES: ReadonlyMap<string, TransportErrorCode> = new Map([
  ['ECONNREFUSED', 'connection_refused'],
  ['ECONNRESET', 'connection_reset'],
  ['ECONNABORTED', 'connection_reset'],
  ['EPIPE', 'connection_reset'],
  ['ETIMEDOUT', 'connection_timeout'],
  ['EHOSTUNREACH', 'network_unreachable'],
  ['EHOSTDOWN', 'network_unreachable'],
  ['ENETUNREACH', 'network_unreachable'],
  ['ENETDOWN', 'network_unreachable'],
  ['EADDRNOTAVAIL', 'network_unreachable'],
  ['EACCES', 'network_unreachable'],
  ['EPERM', 'network_unreachable'],
  ['CERT_HAS_EXPIRED', 'tls_certificate_expired'],
  ['CERT_NOT_YET_VALID', 'tls_certificate_expired'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls_certificate_name_mismatch'],
  ['ERR_TLS_CERT_ALTNAME_FORMAT', 'tls_certificate_name_mismatch'],
  ['HOSTNAME_MISMATCH', 'tls_certificate_name_mismatch'],
  ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'tls_version_unsupported'],
  ['ERR_SSL_UNSUPPORTED_PROTOCOL', 'tls_version_unsupported'],
  ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'tls_client_certificate_required'],
  ['ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE', 'tls_client_certificate_required'],
  ['ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED', 'tls_client_certificate_required'],
  ['ERR_SSL_SSLV3_ALERT_CERTIFICATE_REVOKED', 'tls_client_certificate_required'],
  ['ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN', 'tls_client_certificate_required'],
  ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', 'tls_client_certificate_required'],
  ['EPROTO', 'tls_handshake_failed'],
]);

/** OpenSSL's reasons for not trusting a certificate (X509_V_ERR_*), as Node spells them. */
const DISTRUST =
  /^(UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|CERT_|CA_|CRL_|EE_KEY_|INVALID_(CA|PURPOSE)$|PATH_LENGTH_|ERROR_IN_CERT_)/;

function codeOfFamily(code: string): TransportErrorCode | null {
  if (DISTRUST.test(code)) return 'tls_certificate_invalid';
  return code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_') ? 'tls_handshake_failed' : null;
}
