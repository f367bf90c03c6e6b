import { describe, expect, it } from '@jest/globals';
import {
  isBelowPrefix,
  isHeaderName,
  isHeaderValue,
  isOwnedHeaderName,
} from '../../src/domain/custom-header.ts';

describe('isHeaderName', () => {
  it.each(['X-Team', 'a', "!#$%&'*+-.^_`|~09"])('accepts %s', (name) =>
    expect(isHeaderName(name)).toBe(true),
  );
  it.each(['', 'bad name', 'x:y', ':authority', 'é', 'a\n', 'a\r\nb', 'a\0', '"a"'])('refuses %j', (name) =>
    expect(isHeaderName(name)).toBe(false),
  );
});

describe('isHeaderValue', () => {
  it.each(['', 'plain', 'with blank', 'tab\there', '~!@#'])('accepts %j', (value) =>
    expect(isHeaderValue(value)).toBe(true),
  );
  it.each(['a\r\nb', 'a\nb', 'a\0', 'héllo', '\x7f', '\u2028', 'a\n'])('refuses %j', (value) =>
    expect(isHeaderValue(value)).toBe(false),
  );
});

describe('isOwnedHeaderName', () => {
  it.each([
    'Host',
    'content-LENGTH',
    'Transfer-Encoding',
    'Connection',
    'Expect',
    'Content-Type',
    'User-Agent',
    'webhook-signature',
    'TE',
    'Upgrade',
    'Proxy-Authorization',
    'HTTP2-Settings',
    'content_length',
    'WEBHOOK_ID',
    'Transfer_Encoding',
  ])('owns %s', (name) => expect(isOwnedHeaderName(name)).toBe(true));
  it.each(['X-Team', 'Authorization', 'Cookie', 'X-Hook', 'X_Team', 'webhooks_seen'])('leaves %s', (name) =>
    expect(isOwnedHeaderName(name)).toBe(false),
  );
});

describe('isBelowPrefix', () => {
  it.each(['X-Webhook-Signature', 'X-Webhook-Anything', 'x_webhook_signature', 'X-Webhook_Signature'])(
    'finds %s',
    (name) => expect(isBelowPrefix(name, 'X-Webhook-')).toBe(true),
  );
  it.each(['X-Webhooks', 'Webhook-Id', 'X-Team'])('leaves %s', (name) =>
    expect(isBelowPrefix(name, 'X-Webhook-')).toBe(false),
  );
});
