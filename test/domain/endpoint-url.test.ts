import { describe, expect, it } from '@jest/globals';
import { checkUrlSyntax } from '../../src/domain/endpoint-url.ts';

function codeOf(raw: string): string {
  const check = checkUrlSyntax(raw);
  return check.ok ? 'ok' : check.code;
}

describe('checkUrlSyntax', () => {
  it.each([
    'https://example.com',
    'https://example.com/hooks/1?token=a%20b',
    'HTTPS://Example.COM/x',
    'https://example.com:8443/x',
    'http://127.0.0.1:3400/v1/echo/hello',
    'https://[2606:4700::1]/x',
    'https://münchen.example/x',
    'https://a_b.example.com/x',
    'https://example.com./x',
  ])('accepts %s', (raw) => {
    expect(codeOf(raw)).toBe('ok');
  });

  const refused: readonly [raw: string, code: string][] = [
    ['', 'url_empty'],
    [`https://example.com/${'a'.repeat(9_000)}`, 'url_too_long'],
    ['ftp://x', 'url_scheme'],
    ['javascript:alert(1)', 'url_scheme'],
    ['https:example.com', 'url_scheme'],
    ['https:///x', 'url_scheme'],
    ['//example.com', 'url_scheme'],
    ['example.com', 'url_scheme'],
    ['https://user:pw@example.com', 'url_user_info'],
    ['https://user@example.com', 'url_user_info'],
    ['https://@example.com', 'url_user_info'],
    ['https://example.com@127.0.0.1/', 'url_user_info'],
    ['https://example.com\\@127.0.0.1/', 'url_forbidden_character'],
    ['https://example.com/a b', 'url_forbidden_character'],
    [' https://example.com', 'url_forbidden_character'],
    ['https://exam\nple.com', 'url_forbidden_character'],
    ['https://example.com/\r\nHost: x', 'url_forbidden_character'],
    ['https://example.com/\tx', 'url_forbidden_character'],
    ['https://example.com/\0', 'url_forbidden_character'],
    ['https://example.com/%0d%0aX-Evil: 1', 'url_forbidden_character'],
    ['https://example.com/%0d%0ax', 'url_forbidden_character'],
    ['https://example.com/%00', 'url_forbidden_character'],
    ['https://example.com/#top', 'url_fragment'],
    ['https://example.com/#', 'url_fragment'],
    ['https://example.com:0/', 'url_port'],
    ['https://example.com:65536/', 'url_invalid'],
    ['https://a..b/', 'url_host'],
    [`https://${'a'.repeat(64)}.example/`, 'url_host'],
    ['https://-a.example/', 'url_host'],
    ['https://256.1.1.1/', 'url_invalid'],
    ['https://[::1', 'url_invalid'],
    ['https://[fe80::1%25eth0]/', 'url_invalid'],
  ];
  it.each(refused)('refuses %j as %s', (raw, code) => {
    expect(codeOf(raw)).toBe(code);
  });

  it.each(['example.com', '[::1', '256.1.1.1', 'a..b', 'example.com:65536', 'exam ple.com', '@x@'])(
    'repeats no password of a URL with the host %s',
    (host) => {
      for (const userInfo of ['user:topsecret', 'topsecret', ':topsecret', 'a@topsecret'])
        expect(JSON.stringify(checkUrlSyntax(`https://${userInfo}@${host}/`))).not.toContain('topsecret');
    },
  );
});
