import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { createCanary, findLeaks, type Place } from './canaries.ts';

const canary = createCanary('header', { text: 'a "secret" of +/= many & characters' });
const key = randomBytes(32);
const signingSecret = createCanary('signing secret', { text: `whsec_${key.toString('base64')}` });

describe('findLeaks', () => {
  it.each([
    ['as it is', canary.text],
    ['within more', `x${canary.text}y`],
    ['in JSON', JSON.stringify({ a: canary.text })],
    ['in a URL', `https://x/?a=${encodeURIComponent(canary.text)}`],
    ['in hex', Buffer.from(canary.text).toString('hex')],
    ['in capital hex', Buffer.from(canary.text).toString('hex').toUpperCase()],
    ['in base64', Buffer.from(canary.text).toString('base64')],
    ['in base64 behind a byte', Buffer.from(`:${canary.text}.`).toString('base64')],
    ['in base64 behind two', Buffer.from(`x:${canary.text}.`).toString('base64')],
    ['in base64url', Buffer.from(`user:${canary.text}`).toString('base64url')],
  ])('finds a canary %s', (_how, content) => {
    expect(findLeaks([canary], { place: 'log', content })).toEqual(['header']);
  });

  it.each([
    ['as a text', signingSecret.text],
    ['by its bytes', key],
    ['by its bytes in hex', key.toString('hex')],
    ['without its prefix', key.toString('base64')],
  ])('finds a key %s', (_how, content) => {
    expect(findLeaks([signingSecret], { place: 'table', content })).toEqual(['signing secret']);
  });

  it('finds the key of a PEM file within one line', () => {
    const der = randomBytes(138).toString('base64');
    const lines = der.match(/.{1,64}/g) ?? [];
    const pem = createCanary('client key', {
      text: `-----BEGIN PRIVATE KEY-----\n${lines.join('\n')}\n-----END PRIVATE KEY-----\n`,
    });
    const place: Place = 'answer';
    expect(findLeaks([pem], { place, content: JSON.stringify(pem.text) })).toEqual(['client key']);
    expect(findLeaks([pem], { place, content: Buffer.from(der, 'base64') })).toEqual(['client key']);
  });

  it('finds nothing where there is nothing, nor what is allowed there', () => {
    const digest = createHash('sha256').update(canary.text).digest();
    expect(findLeaks([canary, signingSecret], { place: 'table', content: digest })).toEqual([]);
    const shown = { ...canary, mayBeIn: ['table' as const] };
    expect(findLeaks([shown], { place: 'table', content: canary.text })).toEqual([]);
    expect(findLeaks([shown], { place: 'log', content: canary.text })).toEqual(['header']);
  });
});
