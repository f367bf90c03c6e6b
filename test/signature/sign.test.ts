import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { rebuildBody } from '../../src/signature/body-text.ts';
import { generateSecret } from '../../src/signature/secret.ts';
import { signDelivery } from '../../src/signature/sign.ts';
import { golden } from '../support/receivers/golden.ts';

const primary = { primary: golden.secret, additional: [] };

describe('signDelivery', () => {
  it('yields the golden vector byte for byte', () => {
    const signed = signDelivery({ ...golden.parts, secrets: primary });
    expect(signed.body.equals(golden.body)).toBe(true);
    expect(signed.body).toHaveLength(654);
    expect(signed.bodySignature).toBe(golden.bodySignature);
    expect(signed.headers).toEqual(golden.headers);
  });

  it('leaves 583 bytes once the golden signature is blanked', () => {
    const { body, bodySignature } = signDelivery({ ...golden.parts, secrets: primary });
    expect(Buffer.byteLength(body.toString().replace(bodySignature, ''))).toBe(583);
  });

  it('drops fractions of a second', () => {
    const timestamp = new Date(golden.parts.timestamp.getTime() + 999);
    expect(signDelivery({ ...golden.parts, timestamp, secrets: primary }).headers).toEqual(golden.headers);
  });

  it('adds one entry to webhook-signature for each further live secret and changes nothing else', () => {
    const successor = generateSecret();
    const secrets = { primary: golden.secret, additional: [successor] };
    const rotating = signDelivery({ ...golden.parts, secrets });
    const alone = signDelivery({ ...golden.parts, secrets: primary });
    const [first, second, ...others] = rotating.headers['webhook-signature'].split(' ');
    expect(first).toBe(golden.headers['webhook-signature']);
    expect(second).toMatch(/^v1,[A-Za-z0-9+/]{43}=$/);
    expect(others).toEqual([]);
    expect(rotating.body.equals(alone.body)).toBe(true);
    expect(rotating.headers['X-Webhook-Signature']).toBe(alone.headers['X-Webhook-Signature']);
  });

  it('inserts the data verbatim, whatever JSON it is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (data) => {
        const dataText = JSON.stringify(data);
        const { body } = signDelivery({ ...golden.parts, dataText, secrets: primary });
        expect(body.toString()).toContain(`"data":${dataText}}`);
        expect(Object.keys(JSON.parse(body.toString()))).toEqual([
          'event',
          'timestamp',
          'signature',
          'delivery_id',
          'attempt',
          'data',
        ]);
      }),
    );
  });
});

describe('rebuildBody', () => {
  it('gives back the golden body from what is stored of the attempt', () => {
    expect(rebuildBody({ ...golden.parts, signature: golden.bodySignature })).toBe(golden.text);
  });

  it('gives back the bytes that were signed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(), (note, seconds) => {
        const parts = {
          ...golden.parts,
          dataText: JSON.stringify({ note }),
          timestamp: new Date(seconds * 1000),
        };
        const { body, bodySignature } = signDelivery({ ...parts, secrets: primary });
        expect(rebuildBody({ ...parts, signature: bodySignature })).toBe(body.toString());
      }),
    );
  });
});
