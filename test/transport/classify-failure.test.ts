import { describe, expect, it } from '@jest/globals';
import { classifyFailure, describeFailure, type FailurePhase } from '../../src/transport/classify-failure.ts';
import { TransportFault } from '../../src/transport/transport-fault.ts';

function failure(code: string, message = 'went wrong', more: object = {}): Error {
  return Object.assign(new Error(message), { code, ...more });
}

describe('classifyFailure', () => {
  it.each<[string, FailurePhase, string]>([
    ['ECONNREFUSED', 'connecting', 'connection_refused'],
    ['ECONNRESET', 'connecting', 'connection_reset'],
    ['ECONNRESET', 'awaiting_headers', 'connection_reset'],
    ['ECONNRESET', 'reading_body', 'response_incomplete'],
    ['EPIPE', 'awaiting_headers', 'connection_reset'],
    ['ETIMEDOUT', 'connecting', 'connection_timeout'],
    ['EHOSTUNREACH', 'connecting', 'network_unreachable'],
    ['ENETUNREACH', 'connecting', 'network_unreachable'],
    ['CERT_HAS_EXPIRED', 'connecting', 'tls_certificate_expired'],
    ['CERT_REVOKED', 'connecting', 'tls_certificate_invalid'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'connecting', 'tls_certificate_invalid'],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'connecting', 'tls_certificate_invalid'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'connecting', 'tls_certificate_invalid'],
    ['INVALID_CA', 'connecting', 'tls_certificate_invalid'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'connecting', 'tls_certificate_name_mismatch'],
    ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'connecting', 'tls_version_unsupported'],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'awaiting_headers', 'tls_client_certificate_required'],
    ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', 'connecting', 'tls_client_certificate_required'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'connecting', 'tls_handshake_failed'],
    ['ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', 'connecting', 'tls_handshake_failed'],
    ['EPROTO', 'connecting', 'tls_handshake_failed'],
    ['ERR_INVALID_ARG_TYPE', 'connecting', 'internal_error'],
    ['INVALID_SOMETHING', 'connecting', 'internal_error'],
  ])('takes %s while %s for %s', (code, phase, expected) => {
    expect(classifyFailure(failure(code), phase)).toBe(expected);
  });

  it('lets the first address speak for several that failed', () => {
    const error = new AggregateError([failure('ECONNREFUSED'), failure('ENETUNREACH')], '');

    expect(classifyFailure(error, 'connecting')).toBe('connection_refused');
  });

  it('believes a fault and finds no words for what is no error', () => {
    expect(classifyFailure(new TransportFault('dns_failed', 'x'), 'connecting')).toBe('dns_failed');
    expect(classifyFailure('odd', 'connecting')).toBe('internal_error');
    expect(classifyFailure(null, 'connecting')).toBe('internal_error');
  });
});

describe('describeFailure', () => {
  it.each([
    ['its words with the code', failure('ABC'), 'went wrong (ABC)'],
    ['its words alone where they have the code', failure('ABC', 'read ABC'), 'read ABC'],
    [
      'no address',
      failure('ECONNREFUSED', 'connect ECONNREFUSED 10.0.0.1:80', {
        syscall: 'connect',
        address: '10.0.0.1',
      }),
      'connect ECONNREFUSED',
    ],
    ['only printable text', new TransportFault('dns_failed', 'a\0b\r\nc'), 'a b c'],
    ['no novels', new TransportFault('dns_failed', 'x'.repeat(9_000)), 'x'.repeat(500)],
    ['its name where it has no words', new TypeError(''), 'TypeError'],
    ['whatever was thrown', 'odd', 'odd'],
  ])('tells of an error %s', (_, error, expected) => {
    expect(describeFailure(error)).toBe(expected);
  });
});
