import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type DiagnosisRequest,
  type DiagnosticCheck,
  diagnose,
} from '../../../src/signature/diagnosis/diagnose.ts';
import { decodeSecret, generateSecret } from '../../../src/signature/secret.ts';
import { signDelivery } from '../../../src/signature/sign.ts';
import { golden } from '../../support/receivers/golden.ts';
import { forgedBodies } from '../forgeries.ts';

const now = golden.parts.timestamp;
const { headers, secret } = golden;
const rawBody: DiagnosisRequest['rawBody'] = golden.body;
const intact: DiagnosisRequest = { rawBody, headers, secret, now };
const bareSecret = secret.slice('whsec_'.length);
const headerSignature = headers['X-Webhook-Signature'];

type Rule = DiagnosticCheck['rule'];

function codesOf(changed: Partial<DiagnosisRequest>): Partial<Record<Rule, string>> {
  const { checks } = diagnose({ ...intact, ...changed });
  return Object.fromEntries(checks.map(({ rule, code }) => [rule, code]));
}

function hexOf(key: string | Buffer, text: string): string {
  return `sha256=${createHmac('sha256', key).update(text).digest('hex')}`;
}

describe('diagnose', () => {
  it('passes every rule of the golden request', () => {
    const { verified, checks } = diagnose(intact);
    expect(verified).toBe(true);
    expect(checks.map(({ rule, passed, code }) => [rule, passed, code])).toEqual([
      ['secret', true, 'ok'],
      ['body', true, 'ok'],
      ['body_signature', true, 'ok'],
      ['header_signature', true, 'ok'],
      ['standard_webhooks', true, 'ok'],
      ['timestamp', true, 'ok'],
    ]);
  });

  it('looks at headers only where they are given', () => {
    const { verified, checks } = diagnose({ ...intact, headers: undefined });
    expect(verified).toBe(true);
    expect(checks.map(({ rule }) => rule)).toEqual(['secret', 'body', 'body_signature', 'timestamp']);
  });

  it('says which headers did not arrive', () => {
    const codes = codesOf({ headers: { host: 'example.com' } });
    expect(codes).toMatchObject({
      header_signature: 'signature_missing',
      standard_webhooks: 'signature_missing',
    });
  });

  const cases: readonly (readonly [what: string, code: string, form: string, body: string])[] = [
    ['separators as Python writes them', 'body_reserialised', 'blanks behind', pythonLike(golden.text)],
    ['escapes as Python writes them', 'body_reserialised', '\\u escapes', pythonLike(asciiOnly(golden.text))],
    ['indentation', 'body_reserialised', 'indentation', JSON.stringify(JSON.parse(golden.text), null, 4)],
    ['ASCII escapes alone', 'body_reserialised', '\\u escapes', asciiOnly(golden.text)],
    ['escaped slashes', 'body_reserialised', '\\/', golden.text.replaceAll('/', '\\/')],
    ['sorted members', 'body_reserialised', 'another order', sortedTopLevel()],
    ['numbers written anew', 'body_reserialised', 'numbers', golden.text.replace('45678', '4.5678e4')],
    ['a newline at the end', 'body_blanks_around', 'newline', `${golden.text}\n`],
    ['a byte order mark', 'body_bom', 'byte order mark', `\ufeff${golden.text}`],
    ['Latin-1', 'body_miscoded', 'Latin-1', golden.body.toString('latin1')],
  ];

  it.each(cases)('recognises a body changed by %s', (_what, code, form, body) => {
    const { verified, checks } = diagnose({ ...intact, rawBody: body });
    expect(verified).toBe(false);
    for (const rule of ['body_signature', 'header_signature', 'standard_webhooks']) {
      const check = checks.find((candidate) => candidate.rule === rule);
      expect(check).toMatchObject({ passed: false, code, message: expect.stringContaining(form) });
      expect(check?.message).toContain('The secret is right');
    }
  });

  // Each of them took minutes where a search began anew at every place.
  it.each([
    ['newlines', '\n'.repeat(1_000_000)],
    ['indented nothing', '\n  '.repeat(300_000)],
    ['a string that never ends', `"${'\\"'.repeat(500_000)}`],
    ['a string that ends in the middle of an escape', `"${'\\"'.repeat(500_000)}\\`],
  ])('takes a body of %s for what it is', (_what, rawBody) => {
    const { verified, checks } = diagnose({ ...intact, rawBody });
    expect(verified).toBe(false);
    expect(checks).toContainEqual(expect.objectContaining({ rule: 'header_signature', passed: false }));
  });

  it('suspects a serialiser where the order inside data is lost', () => {
    const shuffled = JSON.parse(golden.text);
    const body = JSON.stringify({
      data: Object.fromEntries(Object.entries(shuffled.data).reverse()),
      ...shuffled,
    });
    const { checks } = diagnose({ ...intact, rawBody: body.replace('"job_id"', '"job_ids"') });
    const check = checks.find(({ rule }) => rule === 'body_signature');
    expect(check).toMatchObject({ code: 'body_reserialised', message: expect.stringContaining('probably') });
  });

  it('takes escapes that the producer wrote for what was sent', () => {
    const dataText = '{"s":"\\u00e9\\/\\u0026","f":1.0}';
    const { body } = signDelivery({
      ...golden.parts,
      dataText,
      secrets: { primary: secret, additional: [] },
    });
    const codes = codesOf({ rawBody: body, headers: undefined, secret: generateSecret() });
    expect(codes.body_signature).toBe('signature_mismatch');
  });

  it('tells a wrong secret or a changed value from an altered form', () => {
    for (const changed of [
      { secret: generateSecret() },
      { rawBody: golden.text.replace('45678', '45679') },
    ]) {
      const mismatch = 'signature_mismatch';
      const expected = { body_signature: mismatch, header_signature: mismatch, standard_webhooks: mismatch };
      expect(codesOf(changed)).toMatchObject(expected);
    }
  });

  it.each<[string, string, string]>([
    ['signature_of_other_rule', 'the body signature in the header', golden.bodySignature],
    ['signature_of_other_rule', 'the Standard Webhooks digest', base64ToHex(headers['webhook-signature'])],
    ['secret_read_wrongly', 'the decoded secret as key', hexOf(decodeSecret(secret), golden.text)],
    ['secret_read_wrongly', 'the secret without prefix as key', hexOf(bareSecret, golden.text)],
    ['signature_upper_case', 'upper case', headerSignature.toUpperCase()],
    ['signature_upper_case', 'upper-case digits', `sha256=${headerSignature.slice(7).toUpperCase()}`],
    ['signature_prefix_missing', 'a missing prefix', headerSignature.slice(7)],
    ['signature_blanks_around', 'a newline', `${headerSignature}\n`],
    ['signature_encoding', 'base64', Buffer.from(headerSignature.slice(7), 'hex').toString('base64')],
    ['signature_malformed', '63 digits', headerSignature.slice(0, -1)],
    ['signature_malformed', 'SHA-1', `sha1=${createHmac('sha1', secret).update(golden.text).digest('hex')}`],
    ['signature_malformed', 'nothing', ''],
    ['signature_malformed', 'no hex', 'sha256=hello'],
    ['signature_malformed', '10 MB', 'a'.repeat(10_000_000)],
  ])('says %s of an X-Webhook-Signature with %s', (code, _what, signature) => {
    expect(codesOf({ headers: { 'x-webhook-signature': signature } }).header_signature).toBe(code);
  });

  it.each<[string, string, string]>([
    ['signature_encoding', 'hex', hexOf(decodeSecret(secret), standardContent())],
    ['secret_read_wrongly', 'the whole secret as key', standardKeyedWith(secret)],
    ['signature_of_other_rule', 'the header signature', headerSignature],
    ['signature_prefix_missing', 'a missing version', headers['webhook-signature'].slice(3)],
    ['ok', 'another entry in front', `v1,${'A'.repeat(43)}= ${headers['webhook-signature']}`],
  ])('says %s of a webhook-signature with %s', (code, _what, signature) => {
    expect(codesOf({ headers: { ...headers, 'webhook-signature': signature } }).standard_webhooks).toBe(code);
  });

  it('says that headers came twice', () => {
    const doubled = { 'x-webhook-signature': [headerSignature, headerSignature] };
    expect(codesOf({ headers: doubled }).header_signature).toBe('signature_malformed');
  });

  it.each<[string, string, string]>([
    ['ok', 'the body signature', golden.bodySignature],
    ['ok', 'the header signature', headerSignature],
    ['ok', 'an entry of webhook-signature', headers['webhook-signature']],
    ['signature_mismatch', 'a stranger', `sha256=${'0'.repeat(64)}`],
    ['signature_mismatch', 'a strange entry', `v1,${'A'.repeat(43)}=`],
    ['secret_read_wrongly', 'a digest with the decoded secret', hexOf(decodeSecret(secret), golden.text)],
  ])('says %s of a signature given on its own: %s', (code, _what, signature) => {
    const { verified, checks } = diagnose({ rawBody, secret, now, signature });
    expect(checks.at(-1)).toMatchObject({ rule: 'signature', code, passed: code === 'ok' });
    expect(verified).toBe(code === 'ok');
  });

  it('tells people what a right signature has to be compared with', () => {
    const { checks } = diagnose({ rawBody, secret, now, signature: golden.bodySignature });
    expect(checks.at(-1)?.message).toContain('made over the body with its "signature" emptied');
  });

  it("tells an emptied signature of the body from one that is not Posthorn's", () => {
    const blanked = golden.text.replace(golden.bodySignature, '');
    const stranger = hexOf(secret, blanked.replace('"signature":"",', ''));
    expect(codesOf({ rawBody: blanked }).body_signature).toBe('signature_missing');
    expect(codesOf({ rawBody: blanked.replace('""', `"${stranger}"`) }).body_signature).toBe(
      'signature_mismatch',
    );
  });

  it.each<[string, string]>([
    ['secret_prefix_missing', bareSecret],
    ['secret_prefix_missing', ` ${secret}`],
    ['secret_prefix_missing', `"${secret}"`],
    ['secret_not_base64', `${secret}\n`],
    ['secret_not_base64', secret.replace('=', '')],
  ])('says %s and goes on with the secret that was meant: case %#', (code, misspelt) => {
    expect(codesOf({ secret: misspelt })).toMatchObject({ secret: code, body_signature: 'ok' });
    expect(diagnose({ ...intact, secret: misspelt }).verified).toBe(false);
  });

  it('has nothing against a secret that is weak: others may sign with it', () => {
    expect(codesOf({ secret: `whsec_${'A'.repeat(40)}` }).secret).toBe('ok');
  });

  it('says what is wrong with a secret that nothing can repair', () => {
    expect(codesOf({ secret: 'my secret' }).secret).toBe('secret_prefix_missing');
    expect(codesOf({ secret: `whsec_${'A'.repeat(4)}` }).secret).toBe('secret_too_short');
    expect(codesOf({ secret: 'x'.repeat(1000) }).secret).toBe('secret_prefix_missing');
  });

  it.each<[string, Partial<DiagnosisRequest>]>([
    ['ok', { now: new Date(now.getTime() + 300_000) }],
    ['timestamp_too_old', { now: new Date(now.getTime() + 301_000) }],
    ['timestamp_too_new', { now: new Date(now.getTime() - 301_000) }],
    ['timestamp_in_milliseconds', { headers: { ...headers, 'webhook-timestamp': '1727344935000' } }],
    ['timestamp_malformed', { headers: { ...headers, 'webhook-timestamp': '1727344935 s' } }],
    ['timestamp_differs', { headers: { ...headers, 'webhook-timestamp': '1727344936' } }],
    ['timestamp_missing', { headers: undefined, rawBody: '{}' }],
    ['timestamp_malformed', { headers: undefined, rawBody: '{"timestamp":{"toString":1}}' }],
    ['timestamp_malformed', { headers: undefined, rawBody: '{"timestamp":"yesterday"}' }],
    ['timestamp_in_milliseconds', { headers: undefined, rawBody: '{"timestamp":1727344935000}' }],
  ])('says %s of the timestamp: case %#', (code, changed) => {
    expect(codesOf(changed).timestamp).toBe(code);
  });

  it('says what the body lacks', () => {
    expect(codesOf({ rawBody: '{"event":"job.completed","delivery_id":{"toString":1}}' })).toMatchObject({
      body: 'body_member_missing',
      body_signature: 'signature_missing',
    });
    expect(codesOf({ rawBody: 'event=job.completed' }).body).toBe('body_malformed');
  });

  it.each(forgedBodies)('fails on %s, and explains it', (_what, body) => {
    const { verified, checks } = diagnose({ ...intact, rawBody: body });
    expect(verified).toBe(false);
    for (const check of checks) expect(check.passed).toBe(check.code === 'ok');
  });

  it('shows neither the secret nor a true signature', () => {
    const other = generateSecret();
    const told = JSON.stringify(diagnose({ ...intact, secret: other, signature: 'sha256=0' }));
    const { headers: true_ } = signDelivery({ ...golden.parts, secrets: { primary: other, additional: [] } });
    for (const hidden of [other.slice(6), true_['X-Webhook-Signature'], true_['webhook-signature']]) {
      expect(told).not.toContain(hidden);
    }
  });

  it('explains any texts whatever', () => {
    const texts = { rawBody: fc.oneof(fc.string(), fc.json()), secret: fc.string(), signature: fc.string() };
    const strangeHeaders = fc.dictionary(fc.constantFrom(...Object.keys(headers)), fc.string());
    fc.assert(
      fc.property(fc.record(texts), strangeHeaders, (given, received) => {
        expect(diagnose({ ...given, headers: received, now }).verified).toBe(false);
      }),
    );
  });
});

function pythonLike(text: string): string {
  return text.replaceAll('":', '": ').replaceAll(',"', ', "');
}

function asciiOnly(text: string): string {
  const escaped = (letter: string): string => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return text.replace(/[\u0080-\uffff]/g, escaped);
}

function sortedTopLevel(): string {
  const members = Object.entries(JSON.parse(golden.text)).sort(([left], [right]) => (left < right ? -1 : 1));
  return JSON.stringify(Object.fromEntries(members));
}

function standardContent(): string {
  return `${headers['webhook-id']}.${headers['webhook-timestamp']}.${golden.text}`;
}

function standardKeyedWith(key: string): string {
  return `v1,${createHmac('sha256', key).update(standardContent()).digest('base64')}`;
}

function base64ToHex(entry: string): string {
  return `sha256=${Buffer.from(entry.slice(3), 'base64').toString('hex')}`;
}
