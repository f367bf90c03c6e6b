import { describe, expect, it } from '@jest/globals';
import { attemptClassOf, errorLabelOf } from '../../src/domain/attempt-class.ts';
import { type ErrorCode, TRANSPORT_ERROR_ADVICE } from '../../src/domain/error-code.ts';

describe('attemptClassOf', () => {
  it.each([
    [null, '2xx'],
    ['redirect_not_followed', '3xx'],
    ['http_404', '4xx'],
    ['http_503', '5xx'],
    ['timeout', 'timeout'],
    ['connection_timeout', 'timeout'],
    ['dns_failed', 'dns'],
    ['connection_refused', 'connect'],
    ['network_unreachable', 'connect'],
    ['proxy_failed', 'connect'],
    ['tls_certificate_expired', 'tls'],
    ['destination_not_allowed', 'refused'],
    ['response_malformed', 'other'],
  ] as const)('puts %s into %s', (errorCode, name) => {
    expect(attemptClassOf({ errorCode })).toBe(name);
  });
});

describe('errorLabelOf', () => {
  it('keeps codes of our own, and folds statuses that receivers may choose at will', () => {
    const all = Array.from({ length: 200 }, (_, index): ErrorCode => `http_${400 + index}`);
    const labels = new Set([...Object.keys(TRANSPORT_ERROR_ADVICE), ...all].map(errorLabelOf));
    expect(labels).toContain('http_4xx');
    expect(labels).toContain('http_5xx');
    expect(labels.size).toBeLessThan(50);
    expect(errorLabelOf('tls_handshake_failed')).toBe('tls_handshake_failed');
    expect(errorLabelOf('http_503')).toBe('http_503');
    expect(errorLabelOf('http_418')).toBe('http_4xx');
  });
});
